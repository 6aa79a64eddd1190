"""No agent, a late one, or one that dies: waiting, errors, and requests for deletion."""

import os
import socket
import stat
import subprocess
import threading
import time
import unittest

from case import IMPATIENT_SHIM, SHIM, ShimCase
from fake_agent import FakeAgent, Frame, answer, frame, run


class WaitTest(ShimCase):
    def test_absent_agent(self):
        for verb in "ADD", "CHECK", "STATUS", "GC", "FREEZE":
            with self.subTest(verb):
                result = self.call(verb, PODBOND_WAIT_MILLIS="300")
                self.assert_try_again(result, self.socket, "No such file or directory",
                                      "systemctl status podbond-agent", "pod of this node")
                self.assertTrue(0.3 <= result.seconds < 5, result.seconds)

    def test_socket_that_a_dead_agent_left(self):
        with socket.socket(socket.AF_UNIX) as dead:
            dead.bind(self.socket)
        result = self.call("ADD", PODBOND_WAIT_MILLIS="300")
        self.assert_try_again(result, "Connection refused")
        self.assertGreaterEqual(result.seconds, 0.3)

    def test_agent_that_appears_in_time(self):
        def serve(connection):
            connection.receive()
            connection.send(answer(5))

        with FakeAgent(self.socket, serve, delay=0.5):
            result = self.call("ADD", PODBOND_WAIT_MILLIS="20000")
        self.assertEqual(5, result.code)
        self.assertTrue(0.4 < result.seconds < 10, result.seconds)

    def test_agent_that_has_its_hands_full(self):
        with socket.socket(socket.AF_UNIX) as listener:
            listener.bind(self.socket)
            listener.listen(0)
            others = []
            while True:
                other = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM | socket.SOCK_NONBLOCK)
                others.append(other)
                try:
                    other.connect(self.socket)
                except BlockingIOError:
                    break

            def work():
                time.sleep(0.4)
                for _ in others[:-1]:
                    listener.accept()[0].close()
                peer, _ = listener.accept()
                peer.recv(1 << 20)
                peer.sendall(answer(5))
                peer.close()

            worker = threading.Thread(target=work, daemon=True)
            worker.start()
            result = self.call("ADD", PODBOND_WAIT_MILLIS="20000")
            worker.join(30)
            for other in others:
                other.close()
        self.assertEqual(5, result.code)

    def test_what_will_not_pass_is_not_waited_for(self):
        self.file(self.path("file"), "")
        impossible = {self.path("file", "agent.sock"): "Not a directory",
                      self.path("x" * 120): "name too long",
                      "/" + "y" * 107: "name too long"}
        for path, text in impossible.items():
            result = self.call("ADD", PODBOND_SOCKET=path, PODBOND_WAIT_MILLIS=None)
            self.assertLess(result.seconds, 10)
            self.assertIn(text, result.error()["msg"])
            self.assert_try_again(result, path)

    def test_deletion_waits_one_second_at_most(self):
        self.assert_queued(result := self.call("DEL", PODBOND_WAIT_MILLIS=None))
        self.assertTrue(1 <= result.seconds < 8, result.seconds)
        self.assert_queued(result := self.call("DEL", PODBOND_WAIT_MILLIS="0"))
        self.assertLess(result.seconds, 0.9)

    def test_wait_that_is_no_number_is_the_usual_one(self):
        for wish in "", "soon", "-1", "1s", "9" * 30:
            process = self.start("ADD", PODBOND_WAIT_MILLIS=wish)
            process.stdin.close()
            time.sleep(0.2)
            self.assertIsNone(process.poll(), wish)
            process.kill()
            process.wait()
            process.stdin = None

    def test_errors_are_json_whatever_the_environment_holds(self):
        odd = os.fsdecode(b"/tmp/\"\\\n\t\x01\x1f\x7f\xff\xc3\xa9{}")
        result = self.call("ADD", PODBOND_SOCKET=odd)
        self.assert_try_again(result, '/tmp/"\\\n\t\x01\x1f????{}')


class LossTest(ShimCase):
    def test_agent_that_ends_at_any_byte_of_its_answer(self):
        raw = answer(0, b"output", b"errors")
        for end in range(len(raw)):
            with self.subTest(end):
                result = self.served(lambda connection: connection.send(raw[:end]))
                self.assert_try_again(result, "ended", "delete", "try again")
                self.assertEqual(b"", result.stderr)

    def test_agent_that_ends_before_it_has_read_the_call(self):
        with FakeAgent(self.socket, lambda connection: None):
            self.assert_try_again(self.call("ADD", stdin=bytes(1 << 20)), "ended")

    def test_deletion_outlives_an_agent_that_ends_at_any_byte(self):
        raw = answer(0, b"output", b"errors")
        for end in range(0, len(raw), 5):
            with self.subTest(end):
                self.assert_queued(self.served(lambda connection: connection.send(raw[:end]), "DEL"))
                os.unlink(os.path.join(self.state, *self.pending()))

    def test_deletion_outlives_nonsense(self):
        self.assert_queued(self.served(lambda connection: connection.send(b"\xff" * 5), "DEL"))

    def test_deletion_that_failed_is_not_queued(self):
        result = self.served(lambda connection: connection.send(answer(1, b'{"code":7}')), "DEL")
        self.assertEqual((1, b'{"code":7}'), (result.code, result.stdout))
        self.assertEqual([], self.pending())

    def silent(self, verb, **options):
        return self.served(lambda connection: self.assertTrue(connection.is_closed()), verb,
                           shim=IMPATIENT_SHIM, **options)

    def test_agent_that_never_answers(self):
        result = self.silent("ADD")
        self.assert_try_again(result, "did not answer within 2 s")
        self.assertTrue(2 <= result.seconds < 10, result.seconds)

    def test_deletion_that_is_never_answered(self):
        result = self.silent("DEL")
        self.assert_queued(result)
        self.assertIn(b"within 1 s", result.stderr)

    def test_agent_that_never_reads(self):
        ended = threading.Event()
        with FakeAgent(self.socket, lambda connection: ended.wait(30)):
            result = self.call("ADD", stdin=bytes(4 << 20), shim=IMPATIENT_SHIM)
            ended.set()
        self.assert_try_again(result, "did not answer within 2 s")

    def test_agent_that_stops_in_the_middle(self):
        def serve(connection):
            connection.send(answer(0, b"output")[:9])
            self.assertTrue(connection.is_closed())

        self.assert_try_again(self.served(serve, shim=IMPATIENT_SHIM), "did not answer")

    def test_agent_that_talks_without_end(self):
        def serve(connection):
            try:
                while True:
                    connection.send(frame(200, bytes(1000)) * 50)
            except OSError:
                pass

        self.assert_try_again(self.served(serve, shim=IMPATIENT_SHIM), "did not answer")


class RequestTest(ShimCase):
    def only_request(self):
        (name,) = self.pending()
        return os.path.join(self.state, name)

    def test_the_file_is_the_frame_that_an_agent_would_have_got(self):
        options = {"stdin": os.urandom(100_000), "TRACEPARENT": "00-1", "CNI_ARGS": "a=b;c"}
        calls = []

        def serve(connection):
            calls.append(connection.call.raw)
            connection.send(answer())

        self.served(serve, "DEL", **options)
        self.assert_queued(self.call("DEL", **options))
        with open(self.only_request(), "rb") as file:
            self.assertTrue(calls[0] == file.read(), "the file differs")

    def test_a_second_deletion_replaces_the_first(self):
        self.assert_queued(self.call("DEL", stdin=b"first, which is longer"))
        self.assert_queued(self.call("DEL", stdin=b"second"))
        with open(self.only_request(), "rb") as file:
            self.assertEqual(b"second", Frame(file.read())[4])

    def test_each_attachment_and_plugin_has_a_file(self):
        self.call("DEL")
        self.call("DEL", CNI_IFNAME="net2")
        self.call("DEL", CNI_CONTAINERID="A.b_c-d")
        self.call("DEL", name="/opt/cni/bin/sriov")
        self.assertEqual(["pending/A.b_c-d:net1:bond", "pending/container1:net1:bond",
                          "pending/container1:net1:sriov", "pending/container1:net2:bond"],
                         self.pending())

    def test_only_root_can_read_it(self):
        self.call("DEL", preexec=lambda: os.umask(0))
        modes = [stat.S_IMODE(os.stat(path).st_mode) for path in (
            self.state, os.path.join(self.state, "pending"), self.only_request())]
        self.assertEqual([0o700, 0o700, 0o600], modes)
        self.assertEqual(0o755, stat.S_IMODE(os.stat(os.path.dirname(self.state)).st_mode))

    def test_present_directories_are_left_as_they_are(self):
        os.makedirs(os.path.join(self.state, "pending"), mode=0o750)
        self.assert_queued(self.call("DEL", preexec=lambda: os.umask(0)))
        self.assertEqual(0o750, stat.S_IMODE(os.stat(os.path.join(self.state, "pending")).st_mode))

    def test_relative_state_directory(self):
        self.call("DEL", PODBOND_STATE="state/deep/", preexec=lambda: os.chdir(self.directory))
        self.assertTrue(os.path.exists(self.path("state/deep/pending/container1:net1:bond")))

    def test_what_a_process_of_the_same_id_writes_is_left_to_it(self):
        """Each process namespace has its own ids, for example Multus' container and the node."""
        pending = os.path.join(self.state, "pending")
        os.makedirs(pending)
        victim = self.file(self.path("victim"), "untouched")

        def be_beside_another():
            for name in f".{os.getpid()}", f".new-{os.getpid()}":
                with open(os.path.join(pending, name), "w") as file:
                    file.write("half a deletion of the other's")
            os.symlink(victim, os.path.join(pending, f".new-{os.getpid()}-link"))

        result = self.call("DEL", preexec=be_beside_another)
        self.assertEqual((0, b""), (result.code, result.stdout), result.stderr)
        others = [name for name in os.listdir(pending) if name.startswith(".")]
        self.assertEqual(3, len(others), others)
        for name in others:
            text = "untouched" if name.endswith("link") else "half a deletion of the other's"
            self.assertEqual(text, open(os.path.join(pending, name)).read())
        os.unlink(os.path.join(pending, next(name for name in others if name.endswith("link"))))
        self.assertEqual(os.stat(os.path.join(pending, "container1:net1:bond")).st_nlink, 1)

    def test_many_deletions_at_once_leave_whole_files_only(self):
        """Each runs as process 1 of its own process namespace."""
        command = ["unshare", "--pid", "--fork", SHIM]
        if subprocess.run(["unshare", "--pid", "--fork", "true"], capture_output=True).returncode:
            self.skipTest("no process namespaces here")
        shims = []
        for number in range(12):
            shim = subprocess.Popen(command, stdin=subprocess.PIPE, stderr=subprocess.PIPE,
                                    env=self.environment("DEL", CNI_IFNAME=f"net{number}"))
            self.addCleanup(self._end, shim)
            shims.append(shim)
        for number, shim in enumerate(shims):
            _, errors = shim.communicate(bytes([number]) * 50_000, timeout=60)
            self.assertEqual(0, shim.returncode, errors)
        self.assertEqual(12, len(self.pending()), self.pending())
        for name in self.pending():
            with open(os.path.join(self.state, name), "rb") as file:
                call = Frame(file.read())
            number = int(name.split(":")[1][3:])
            self.assertEqual(bytes([number]) * 50_000, call[4])

    def refused(self, *texts, **options):
        result = self.call("DEL", **options)
        self.assert_try_again(result, "cannot be queued", *texts)
        self.assertEqual(b"", result.stderr)
        return result

    def test_state_directory_that_cannot_be_made(self):
        self.file(self.path("file"), "")
        self.refused(self.path("file"), "Not a directory",
                     PODBOND_STATE=self.path("file", "state"))
        self.refused(self.path("file"), "Not a directory", PODBOND_STATE=self.path("file"))

    def test_file_that_cannot_be_put_there(self):
        name = os.path.join(self.state, "pending", "container1:net1:bond")
        os.makedirs(name)
        self.refused(name, "Is a directory")
        self.assertEqual(["container1:net1:bond"], os.listdir(os.path.dirname(name)))

    def test_full_disk(self):
        def limit():
            import resource
            import signal
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))

        self.refused("container1:net1:bond", "File too large", stdin=bytes(5000), preexec=limit)
        self.assertEqual([], self.pending())

    def test_bad_container_ids(self):
        for bad in None, "", ".", "..", ".hidden", "-x", "_x", "a/b", "../../x", "a:b", "a b", "é", "a\n":
            with self.subTest(bad):
                self.refused("CNI_CONTAINERID", CNI_CONTAINERID=bad)
                self.assertEqual([], self.pending())
        self.assertEqual(["plugins"], os.listdir(self.directory))

    def test_no_interface_name(self):
        for bad in None, "":
            with self.subTest(bad):
                self.refused("CNI_IFNAME", CNI_IFNAME=bad)
        self.assertEqual(["plugins"], os.listdir(self.directory))

    def test_deletion_of_what_can_never_have_been_attached(self):
        """The agent could never carry out a request under such a name."""
        for bad in (".", "..", "a/b", "../x", "a:b", "a b", "a\t", "\n", "sixteen-letters-", "n\u00e91",
                    "\u00e9@%\"", os.fsdecode(b"\xff"), "\x7f", "\x1b[2J"):
            with self.subTest(bad):
                result = self.call("DEL", CNI_IFNAME=bad, PODBOND_WAIT_MILLIS="0")
                self.assertEqual((0, b""), (result.code, result.stdout))
                self.assertIn(b"nothing is queued", result.stderr)
        self.assertEqual(["plugins"], os.listdir(self.directory))

    def test_odd_but_good_interface_names(self):
        for good in "a", "...", "fifteen-letters", "e@%\"~":
            self.assert_queued(self.call("DEL", CNI_IFNAME=good, PODBOND_WAIT_MILLIS="0"),
                               f"container1:{good}:bond")
            os.unlink(self.only_request())

    def test_bad_plugin_names(self):
        for bad in ".bond", "bo nd", "bo:nd", "bond/", "":
            self.refused("plugin", name=bad)
        self.assertEqual(["plugins"], os.listdir(self.directory))

    def test_length_of_the_file_name(self):
        longest = "c" * (255 - len(":net1:bond"))
        self.assert_queued(self.call("DEL", CNI_CONTAINERID=longest), f"{longest}:net1:bond")
        self.refused("name too long", CNI_CONTAINERID=longest + "c")


if __name__ == "__main__":
    unittest.main()
