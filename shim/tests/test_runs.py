"""RUN: how the shim starts, feeds, drains and ends plugins of all kinds."""

import errno
import os
import shutil
import signal
import threading
import time
import unittest

from case import IMPATIENT_SHIM, ShimCase
from fake_agent import (
    ENDED, KILLED_LATE, KILLED_VERBOSE, NOT_FOUND, NOT_STARTABLE, OUTCOME, PATH, STATUS, STDERR,
    STDOUT, TYPE, answer, field, frame, run,
)

MEBIBYTE = 1 << 20


class LookupTest(ShimCase):
    def assert_not_found(self, *arguments, **options):
        reply, _ = self.ran(*arguments, **options)
        self.assertEqual((NOT_FOUND, 0, b"", b"", b""),
                         (reply.number(OUTCOME), reply.number(STATUS), reply[STDOUT],
                          reply[STDERR], reply[PATH]))

    def test_missing_type(self):
        self.assert_not_found(b"absent")

    def test_empty_type(self):
        self.assert_not_found(b"")

    def test_run_without_a_type(self):
        def serve(connection):
            connection.send(frame(2))
            self.assertEqual(NOT_FOUND, connection.receive().number(OUTCOME))
            connection.send(answer())

        self.assertEqual(0, self.served(serve).code)

    def test_type_with_a_slash(self):
        self.plugin("sub/ipam", "exit 0")
        for name in b"sub/ipam", b"/bin/true", b"../plugins/sub/ipam":
            self.assert_not_found(name)

    def test_directories_are_not_found(self):
        os.mkdir(os.path.join(self.plugins, "ipam"))
        for name in b"ipam", b".", b"..":
            self.assert_not_found(name)

    def test_empty_path_and_empty_parts_of_it(self):
        self.plugin("ipam", "exit 0")
        self.assert_not_found(b"ipam", CNI_PATH="")
        self.assert_not_found(b"ipam", CNI_PATH=None)
        self.assert_not_found(b"true", CNI_PATH="::")

    def test_first_executable_on_the_path_of_the_environment(self):
        self.file(self.path("a", "ipam"), "#!/bin/sh\necho a", mode=0o644)
        os.makedirs(self.path("b", "ipam"))
        wanted = self.file(self.path("c", "ipam"), "#!/bin/sh\necho c")
        self.file(self.path("d", "ipam"), "#!/bin/sh\necho d")
        path = ":".join(["", self.path("absent"), *map(self.path, "abcd")])
        reply, _ = self.ran(b"ipam", CNI_PATH=path)
        self.assertEqual((b"c\n", wanted.encode()), (reply[STDOUT], reply[PATH]))

    def test_path_of_the_run_goes_before_that_of_the_environment(self):
        self.plugin("ipam", "echo wrong")
        self.file(self.path("other", "ipam"), "#!/bin/sh\necho right")
        reply, _ = self.ran(b"ipam", b"CNI_PATH=" + self.path("other").encode())
        self.assertEqual(b"right\n", reply[STDOUT])
        self.assert_not_found(b"ipam", b"CNI_PATH=")

    def test_what_the_kernel_cannot_start(self):
        path = self.file(os.path.join(self.plugins, "ipam"), "neither script nor program")
        reply, _ = self.ran(b"ipam")
        self.assertEqual((NOT_STARTABLE, errno.ENOEXEC, path.encode()),
                         (reply.number(OUTCOME), reply.number(STATUS), reply[PATH]))

    def test_an_executable_that_is_still_being_installed(self):
        path = self.plugin("ipam", "echo installed")
        with open(path, "a") as busy:
            timer = threading.Timer(0.5, busy.close)
            timer.start()
            reply, _ = self.ran(b"ipam")
            timer.join()
        self.assertEqual((ENDED, b"installed\n"), (reply.number(OUTCOME), reply[STDOUT]))


# The C libraries reserve 32 to 34 and let no program change them. A make that starts its children
# with posix_spawn(3) leaves these signals ignored in all its descendants.
INTERNAL_SIGNALS = 0b111 << 31


class StartTest(ShimCase):
    def test_environment_is_the_shims_without_cni_then_the_runs(self):
        # Not a script: a shell passes its variables on in its own order.
        shutil.copy(shutil.which("env"), os.path.join(self.plugins, "ipam"))
        reply, _ = self.ran(
            b"ipam", b"CNI_COMMAND=DEL", b"CNI_ARGS=a=b", b"KEPT=replaced", b"NEW=\xff", b"CNI_COMMANDS=x",
            TRACEPARENT="00-1", KEPT="original", KEPTS="other", EMPTY="", CNI_OTHER="lost")
        variables = reply[STDOUT].splitlines()
        self.assertEqual([b"CNI_COMMAND=DEL", b"CNI_ARGS=a=b", b"KEPT=replaced", b"NEW=\xff",
                          b"CNI_COMMANDS=x"], variables[-5:])
        own = set(variables[:-5])
        self.assertLessEqual({b"TRACEPARENT=00-1", b"KEPTS=other", b"EMPTY="}, own)
        self.assertEqual(set(), {name for name in own if name.startswith((b"CNI_", b"KEPT="))})

    def test_signals_are_as_if_the_runtime_had_started_it(self):
        self.plugin("ipam", "exec cat /proc/self/status")

        def ignore():
            for number in signal.SIGCHLD, signal.SIGTERM, signal.SIGPIPE, signal.SIGUSR1:
                signal.signal(number, signal.SIG_IGN)
            signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM, signal.SIGUSR2})

        reply, _ = self.ran(b"ipam", preexec=ignore)
        status = dict(line.split(":\t", 1) for line in reply[STDOUT].decode().splitlines()
                      if ":\t" in line)
        for signals in "SigIgn", "SigBlk":
            self.assertEqual(0, int(status[signals], 16) & ~INTERNAL_SIGNALS, signals)

    def test_it_leads_a_process_group_of_its_own(self):
        self.plugin("ipam", "exec cat /proc/self/stat")
        reply, _ = self.ran(b"ipam")
        numbers = reply[STDOUT].split()
        self.assertEqual(numbers[0], numbers[4])

    def test_nothing_but_the_standard_streams_is_inherited(self):
        self.plugin("ipam", "ls -l /proc/self/fd")
        reply, _ = self.ran(b"ipam")
        targets = [line.split(b" -> ")[1] for line in reply[STDOUT].splitlines() if b" -> " in line]
        self.assertEqual(4, len(targets), targets)
        self.assertEqual(3, sum(target.startswith(b"pipe:") for target in targets), targets)

    def test_closed_standard_streams_of_the_shim_do_no_harm(self):
        self.plugin("ipam", "cat; echo error >&2")
        reply, _ = self.ran_with_closed_streams(b"ipam", stdin=b"input")
        self.assertEqual((ENDED, b"input", b"error\n"),
                         (reply.number(OUTCOME), reply[STDOUT], reply[STDERR]))

    def ran_with_closed_streams(self, name, stdin):
        replies = []

        def serve(connection):
            replies.append(connection.ran(name, stdin=stdin))
            connection.send(answer(0))

        result = self.served(serve, preexec=lambda: os.closerange(0, 3))
        return replies[0], result

    def test_name_and_working_directory(self):
        path = self.plugin("ipam", 'echo "$0"; pwd -P')
        reply, _ = self.ran(b"ipam")
        self.assertEqual(f"{path}\n{os.getcwd()}\n".encode(), reply[STDOUT])


class StreamsTest(ShimCase):
    def test_everyday_plugin(self):
        path = self.plugin("ipam", "cat; echo error >&2")
        reply, result = self.ran(b"ipam", stdin=b'{"ipam":{}}')
        self.assertEqual((ENDED, 0, b'{"ipam":{}}', b"error\n", path.encode()),
                         (reply.number(OUTCOME), reply.number(STATUS), reply[STDOUT],
                          reply[STDERR], reply[PATH]))
        self.assertEqual(b"error\n", result.stderr)

    def test_input_that_is_never_read(self):
        self.plugin("ipam", "echo done")
        reply, _ = self.ran(b"ipam", stdin=bytes(MEBIBYTE))
        self.assertEqual((ENDED, 0, b"done\n"),
                         (reply.number(OUTCOME), reply.number(STATUS), reply[STDOUT]))

    def test_input_that_is_never_read_and_a_long_life(self):
        self.plugin("ipam", "exec <&-; sleep 0.3; echo done")
        reply, _ = self.ran(b"ipam", stdin=bytes(MEBIBYTE))
        self.assertEqual(b"done\n", reply[STDOUT])

    def test_a_megabyte_both_ways_at_once(self):
        self.plugin("ipam", "exec cat")
        random = os.urandom(MEBIBYTE)
        reply, _ = self.ran(b"ipam", stdin=random)
        self.assertTrue(random == reply[STDOUT], "output differs")

    def test_output_before_input(self):
        self.plugin("ipam", "head -c 1000000 /dev/zero; wc -c")
        reply, _ = self.ran(b"ipam", stdin=bytes(MEBIBYTE))
        self.assertEqual(bytes(1_000_000) + b"1048576\n", reply[STDOUT])

    def test_errors_before_output_before_input(self):
        self.plugin("ipam", "head -c 300000 /dev/zero >&2; head -c 300000 /dev/zero; wc -c")
        reply, result = self.ran(b"ipam", stdin=bytes(MEBIBYTE))
        self.assertEqual(bytes(300_000) + b"1048576\n", reply[STDOUT])
        self.assertEqual((bytes(65536), bytes(300_000)), (reply[STDERR], result.stderr))

    def test_output_closed_early(self):
        self.plugin("ipam", "echo done; exec >&- 2>&-; sleep 0.3; exit 4")
        reply, _ = self.ran(b"ipam")
        self.assertEqual((ENDED, 4, b"done\n"),
                         (reply.number(OUTCOME), reply.number(STATUS), reply[STDOUT]))

    def test_errors_are_passed_on_at_once(self):
        go = self.path("go")
        self.plugin("ipam", f"echo early >&2; while [ ! -e {go} ]; do sleep 0.02; done")

        def serve(connection):
            connection.receive()
            connection.ran(b"ipam")
            connection.send(answer())

        from fake_agent import FakeAgent
        with FakeAgent(self.socket, serve):
            process = self.start("ADD")
            process.stdin.close()
            self.assertEqual(b"early\n", process.stderr.readline())
            open(go, "w").close()
            self.assertEqual(0, process.wait(30))
            process.stdin = None

    def test_errors_that_nobody_reads_do_not_hold_up_the_limit(self):
        reader, writer = os.pipe()
        self.plugin("ipam", "head -c 1000000 /dev/zero >&2")
        reply, _ = self.ran(b"ipam", limit=500, stdio={"stderr": writer})
        self.assertEqual(KILLED_LATE, reply.number(OUTCOME))
        os.close(reader)
        os.close(writer)

    def test_errors_that_nobody_can_read_are_kept_all_the_same(self):
        reader, writer = os.pipe()
        os.close(reader)
        self.plugin("ipam", "head -c 100000 /dev/zero >&2; echo done")
        reply, _ = self.ran(b"ipam", stdio={"stderr": writer})
        os.close(writer)
        self.assertEqual((bytes(65536), b"done\n"), (reply[STDERR], reply[STDOUT]))


class EndTest(ShimCase):
    def test_exit_code(self):
        self.plugin("ipam", "echo '{\"code\":3}'; exit 3")
        reply, _ = self.ran(b"ipam")
        self.assertEqual((ENDED, 3, b'{"code":3}\n'),
                         (reply.number(OUTCOME), reply.number(STATUS), reply[STDOUT]))

    def test_killed_by_a_signal(self):
        self.plugin("ipam", "kill -SEGV $$")
        reply, _ = self.ran(b"ipam")
        self.assertEqual((ENDED, 139), (reply.number(OUTCOME), reply.number(STATUS)))

    def test_limit(self):
        pid = self.path("pid")
        self.plugin("ipam", f"echo partial; sleep 60 & echo $! >{pid}; sleep 60")
        begun = time.monotonic()
        reply, _ = self.ran(b"ipam", limit=400)
        self.assertLess(time.monotonic() - begun, 10)
        self.assertEqual((KILLED_LATE, 137, b"partial\n"),
                         (reply.number(OUTCOME), reply.number(STATUS), reply[STDOUT]))
        self.assert_dies(int(open(pid).read()))

    def test_no_limit_is_that_of_the_call(self):
        self.plugin("ipam", "sleep 0.3; echo done")

        def serve(connection):
            connection.send(frame(2, field(TYPE, b"ipam")))
            self.assertEqual(b"done\n", connection.receive()[STDOUT])
            connection.send(answer())

        self.assertEqual(0, self.served(serve).code)

    def test_output_of_exactly_16_mebibytes(self):
        self.plugin("ipam", f"exec head -c {16 * MEBIBYTE} /dev/zero")
        reply, _ = self.ran(b"ipam")
        self.assertEqual((ENDED, 0), (reply.number(OUTCOME), reply.number(STATUS)))
        self.assertEqual(16 * MEBIBYTE, len(reply[STDOUT]))

    def test_longer_output(self):
        self.plugin("ipam", "exec cat /dev/zero")
        reply, _ = self.ran(b"ipam")
        self.assertEqual((KILLED_VERBOSE, 137), (reply.number(OUTCOME), reply.number(STATUS)))
        self.assertEqual(16 * MEBIBYTE, len(reply[STDOUT]))

    def test_grandchild_that_keeps_the_pipes_open(self):
        pid = self.path("pid")
        self.plugin("ipam", f"(sleep 0.2; echo late; exec sleep 60) & echo $! >{pid}; echo done; exit 5")
        begun = time.monotonic()
        reply, _ = self.ran(b"ipam")
        seconds = time.monotonic() - begun
        self.assertTrue(0.9 < seconds < 10, seconds)
        self.assertEqual((ENDED, 5, b"done\nlate\n"),
                         (reply.number(OUTCOME), reply.number(STATUS), reply[STDOUT]))
        os.kill(int(open(pid).read()), signal.SIGKILL)

    def test_grandchild_that_writes_without_end(self):
        pid = self.path("pid")
        self.plugin("ipam", f"cat /dev/zero & echo $! >{pid}; exit 0")
        reply, _ = self.ran(b"ipam")
        self.assertEqual(KILLED_VERBOSE, reply.number(OUTCOME))
        self.assert_dies(int(open(pid).read()))

    def test_agent_that_goes_away_during_a_run(self):
        pid = self.path("pid")
        self.plugin("ipam", f"sleep 60 & echo $$ $! >{pid}.new; mv {pid}.new {pid}; wait")
        for verb in "ADD", "DEL":
            with self.subTest(verb):

                def serve(connection):
                    connection.send(run(b"ipam"))
                    while not os.path.exists(pid):
                        time.sleep(0.01)

                result = self.served(serve, verb=verb)
                self.assertLess(result.seconds, 20)
                if verb == "DEL":
                    self.assert_queued(result)
                else:
                    self.assert_try_again(result, "ended")
                for one in open(pid).read().split():
                    self.assert_dies(int(one))
                os.unlink(pid)

    def test_run_beyond_the_time_for_the_answer(self):
        self.plugin("ipam", "sleep 60")

        def serve(connection):
            connection.send(run(b"ipam", limit=60000))
            self.assertTrue(connection.is_closed())

        result = self.served(serve, shim=IMPATIENT_SHIM)
        self.assert_try_again(result, "did not answer within 2 s")

    def test_several_runs_in_one_call(self):
        self.plugin("count", 'echo "$N"; cat; exit "$N"')
        self.plugin("slow", "sleep 60")

        def serve(connection):
            for n in range(20):
                reply = connection.ran(b"count", b"N=%d" % n, stdin=bytes(n * 1000))
                self.assertEqual((ENDED, n, b"%d\n" % n + bytes(n * 1000)),
                                 (reply.number(OUTCOME), reply.number(STATUS), reply[STDOUT]))
                if n % 5 == 0:
                    self.assertEqual(KILLED_LATE, connection.ran(b"slow", limit=50).number(OUTCOME))
                    self.assertEqual(NOT_FOUND, connection.ran(b"absent").number(OUTCOME))
            connection.send(answer(6))

        self.assertEqual(6, self.served(serve).code)

    def test_frames_that_arrive_during_a_run_are_read_after_it(self):
        self.plugin("ipam", "sleep 0.2; echo done")

        def serve(connection):
            connection.send(run(b"ipam") + frame(200, b"news") + run(b"ipam") + answer(2))
            for _ in range(2):
                self.assertEqual(b"done\n", connection.receive()[STDOUT])

        self.assertEqual(2, self.served(serve).code)


if __name__ == "__main__":
    unittest.main()
