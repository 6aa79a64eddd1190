"""Kubelet's probe: does the agent answer?"""

import subprocess
import time
import unittest

from case import SHIM, ShimCase
from fake_agent import ANSWER, FakeAgent, answer, frame

QUERY, SUBJECT = 6, 25


class ProbeTest(ShimCase):
    def probe(self, *arguments):
        environment = self.environment("", CNI_COMMAND=None, PODBOND_WAIT_MILLIS=None)
        return subprocess.run([SHIM, *(arguments or ["probe"])], env=environment,
                              capture_output=True, timeout=60)

    def asked(self, serve):
        questions = []

        def serve_question(connection):
            questions.append(connection.receive())
            serve(connection)

        with FakeAgent(self.socket, serve_question):
            result = self.probe()
        (question,) = questions
        self.assertEqual((QUERY, b"alive"), (question.kind, question[SUBJECT]))
        return result

    def test_an_agent_that_answers(self):
        result = self.asked(lambda connection: connection.send(answer(0, b"{}")))
        self.assertEqual((0, b"", b""), (result.returncode, result.stdout, result.stderr))

    def test_an_agent_that_answers_otherwise(self):
        for reply in (answer(1), frame(ANSWER), frame(5), b"\xff" * 9, b""):
            with self.subTest(reply):
                result = self.asked(lambda connection: connection.send(reply))
                self.assertEqual(1, result.returncode)
                self.assertIn(self.socket.encode(), result.stderr)

    def test_no_agent_is_not_waited_for(self):
        begun = time.monotonic()
        result = self.probe()
        self.assertEqual(1, result.returncode)
        self.assertIn(b"No such file or directory", result.stderr)
        self.assertLess(time.monotonic() - begun, 4)

    def test_an_agent_that_is_silent_is_given_up(self):
        result = self.asked(lambda connection: connection.is_closed())
        self.assertEqual(1, result.returncode)
        self.assertEqual([], self.pending())

    def test_other_arguments_introduce_as_ever(self):
        self.assertIn(b"Podbond CNI plugin", self.probe("--version").stderr)


if __name__ == "__main__":
    unittest.main()
