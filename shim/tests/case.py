"""The base of every check: its own directory, a scripted agent, and a shim."""

import json
import os
import shutil
import signal
import subprocess
import tempfile
import time
import unittest

from fake_agent import FakeAgent, answer

SHIM = os.environ["SHIM"]
IMPATIENT_SHIM = os.environ["IMPATIENT_SHIM"]
DEFAULT_AGENT_DIRECTORY = "/run/podbond"
DEFAULT_HOME = "/opt/podbond"


class Result:
    def __init__(self, process, stdout, stderr, seconds):
        self.code = process.returncode
        self.stdout = stdout
        self.stderr = stderr
        self.seconds = seconds

    def error(self):
        return json.loads(self.stdout.decode("utf-8"))


class ShimCase(unittest.TestCase):
    def setUp(self):
        for path in DEFAULT_AGENT_DIRECTORY, DEFAULT_HOME:
            self.assertFalse(os.path.exists(path), f"these checks need a machine without {path}")
        self.directory = tempfile.mkdtemp(prefix="shim")
        self.addCleanup(shutil.rmtree, self.directory)
        self.socket = self.path("agent.sock")
        self.state = self.path("var", "state")
        self.plugins = self.path("plugins")
        os.mkdir(self.plugins)

    def path(self, *parts):
        return os.path.join(self.directory, *parts)

    def file(self, path, text, mode=0o755):
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w") as file:
            file.write(text)
        os.chmod(path, mode)
        return path

    def plugin(self, name, script):
        return self.file(os.path.join(self.plugins, name), "#!/bin/sh\n" + script)

    def environment(self, verb, **changes):
        """The variables of a call; a change to None removes a variable."""
        variables = {
            "PATH": os.environ["PATH"],
            "ASAN_OPTIONS": "detect_leaks=0:exitcode=99",
            "CNI_COMMAND": verb,
            "CNI_CONTAINERID": "container1",
            "CNI_NETNS": "/run/netns/pod",
            "CNI_IFNAME": "net1",
            "CNI_PATH": self.plugins,
            "PODBOND_SOCKET": self.socket,
            "PODBOND_STATE": self.state,
            "PODBOND_WAIT_MILLIS": "100",
        }
        variables.update(changes)
        return {name: value for name, value in variables.items() if value is not None}

    def start(self, verb, name="bond", shim=SHIM, preexec=None, stdio=None, **changes):
        streams = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
        streams.update(stdio or {})
        process = subprocess.Popen(
            [name],
            executable=shim,
            env=self.environment(verb, **changes),
            preexec_fn=preexec,
            **streams,
        )
        self.addCleanup(self._end, process)
        return process

    @staticmethod
    def _end(process):
        if process.poll() is None:
            process.send_signal(signal.SIGKILL)
        process.communicate()

    def call(self, verb, stdin=b"{}", **options):
        """The shim's result if nobody serves the socket."""
        begun = time.monotonic()
        process = self.start(verb, **options)
        stdout, stderr = process.communicate(stdin, timeout=90)
        return Result(process, stdout, stderr, time.monotonic() - begun)

    def served(self, serve, verb="ADD", **options):
        """The shim's result with an agent that has read CALL and then serves."""

        def serve_call(connection):
            connection.call = connection.receive()
            serve(connection)

        with FakeAgent(self.socket, serve_call):
            return self.call(verb, **options)

    def ran(self, *arguments, stdin=b"", limit=20000, **options):
        """The RAN that answers a RUN during an ADD, and the shim's result."""
        replies = []

        def serve(connection):
            replies.append(connection.ran(*arguments, stdin=stdin, limit=limit))
            connection.send(answer())

        result = self.served(serve, **options)
        self.assertEqual(0, result.code, result.stderr)
        return replies[0], result

    def pending(self):
        """Every file below the state directory, relative to it."""
        found = []
        for directory, _, files in os.walk(self.state):
            found += [os.path.relpath(os.path.join(directory, file), self.state) for file in files]
        return sorted(found)

    def assert_try_again(self, result, *texts):
        self.assertEqual(1, result.code, result.stderr)
        error = result.error()
        self.assertEqual(["cniVersion", "code", "msg", "details"], list(error))
        self.assertEqual("1.0.0", error["cniVersion"])
        self.assertEqual(11, error["code"], error)
        for text in texts:
            self.assertIn(text, error["msg"] + " " + error["details"])

    def assert_queued(self, result, name="container1:net1:bond"):
        self.assertEqual((0, b""), (result.code, result.stdout), result.stderr)
        self.assertEqual([f"pending/{name}"], self.pending())
        self.assertEqual(1, result.stderr.count(b"\n"), result.stderr)
        self.assertIn(f"queued in {self.state}/pending/{name}, and the agent will carry it out\n".encode(),
                      result.stderr)

    def assert_dies(self, pid):
        deadline = time.monotonic() + 10
        while self._is_running(pid):
            self.assertLess(time.monotonic(), deadline, f"process {pid} goes on")
            time.sleep(0.01)

    @staticmethod
    def _is_running(pid):
        try:
            with open(f"/proc/{pid}/stat") as file:
                return file.read().rsplit(")", 1)[1].split()[0] not in "ZX"
        except FileNotFoundError:
            return False
