"""Runs all checks whose names contain one of the arguments, or all; ends with one line that counts them."""

import faulthandler
import os
import sys
import unittest

# A check that hangs says where.
faulthandler.dump_traceback_later(1800, exit=True)
here = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, here)
loader = unittest.TestLoader()
loader.testNamePatterns = [f"*{pattern}*" for pattern in sys.argv[1:]] or None
result = unittest.TextTestRunner(stream=sys.stdout).run(loader.discover(here))
failed = len({str(getattr(test, "test_case", test)) for test, _ in result.failures + result.errors})
passed = result.testsRun - len(result.skipped) - failed
print(f"kubectl bond: {passed} passed, {failed} failed")
sys.exit(0 if passed and not failed else 1)
