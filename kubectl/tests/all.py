"""Runs all checks whose names contain one of the arguments, or all; ends with one line that counts them.

Each file has a process of its own, as many at once as there are processors: a check mostly waits for its shell.
"""

import concurrent.futures
import faulthandler
import glob
import io
import os
import sys
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))


def run(file):
    """The words, and how many passed and failed."""
    # A check that hangs says where.
    faulthandler.dump_traceback_later(1800, exit=True)
    sys.path.insert(0, HERE)
    loader = unittest.TestLoader()
    loader.testNamePatterns = [f"*{pattern}*" for pattern in sys.argv[1:]] or None
    words = io.StringIO()
    result = unittest.TextTestRunner(stream=words).run(loader.discover(HERE, os.path.basename(file)))
    failed = len({str(getattr(test, "test_case", test)) for test, _ in result.failures + result.errors})
    return words.getvalue(), result.testsRun - len(result.skipped) - failed, failed


if __name__ == "__main__":
    # The largest first, which take longest.
    files = sorted(glob.glob(os.path.join(HERE, "test_*.py")), key=os.path.getsize, reverse=True)
    passed = failed = 0
    with concurrent.futures.ProcessPoolExecutor(os.cpu_count()) as processes:
        for words, well, badly in processes.map(run, files):
            if well or badly:
                print(words, end="", flush=True)
            passed += well
            failed += badly
    print(f"kubectl bond: {passed} passed, {failed} failed")
    sys.exit(0 if passed and not failed else 1)
