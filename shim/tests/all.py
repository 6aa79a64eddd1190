"""Runs all checks and writes the numbers of passed and failed checks to the file in the first argument."""

import os
import sys
import unittest

here = os.path.dirname(os.path.abspath(__file__))
counts, *patterns = sys.argv[1:]
sys.path.insert(0, here)
loader = unittest.TestLoader()
loader.testNamePatterns = [f"*{pattern}*" for pattern in patterns] or None
result = unittest.TextTestRunner(stream=sys.stdout).run(loader.discover(here))
bad = {str(getattr(test, "test_case", test)) for test, _ in result.failures + result.errors}
with open(counts, "w") as file:
    file.write(f"{result.testsRun - len(result.skipped) - len(bad)} {len(bad)}\n")
