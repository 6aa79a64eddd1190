"""CALL and ANSWER: the bytes must arrive as they were sent."""

import os
import struct
import subprocess
import unittest

from case import ShimCase
from fake_agent import (
    ANSWER, CALL, ENV, EXIT, FOUND, KIND, PLUGIN, PROTOCOL, SEEN, STDERR, STDIN, STDOUT, UNSUPPORTED,
    answer, field, frame,
)

MEBIBYTE = 1 << 20


class CallTest(ShimCase):
    def call_frame(self, **options):
        calls = []

        def serve(connection):
            calls.append(connection.call)
            connection.send(answer())

        result = self.served(serve, **options)
        self.assertEqual((0, b"", b""), (result.code, result.stdout, result.stderr))
        return calls[0]

    def test_fields_are_in_the_order_of_the_protocol(self):
        call = self.call_frame(stdin=b'{"type":"bond"}')
        self.assertEqual(CALL, call.kind)
        seen = [SEEN] if SEEN in call.tags else []
        self.assertEqual([PROTOCOL, PLUGIN, *[ENV] * 5, *seen, STDIN], call.tags)
        self.assertEqual(b"\x01", call[PROTOCOL])
        self.assertEqual(b'{"type":"bond"}', call[STDIN])

    def test_plugin_is_the_last_part_of_the_name_it_was_started_under(self):
        for name, plugin in ("/opt/cni/bin/sriov", b"sriov"), ("./a/any", b"any"), ("bond", b"bond"):
            self.assertEqual(plugin, self.call_frame(name=name)[PLUGIN])

    def test_environment_is_exact_and_only_what_is_for_the_agent(self):
        odd = os.fsdecode(b"a=b;\xff\x01\"\\ =")
        call = self.call_frame(
            CNI_ARGS=odd, CNI_EMPTY="", CNI_="x", TRACEPARENT="00-1", TRACESTATE="s=1", BAGGAGE="b",
            TRACEPARENT_="no", TRACESTATES="no", XCNI_ARGS="no", CNIARGS="no")
        expected = {
            b"CNI_COMMAND=ADD", b"CNI_CONTAINERID=container1", b"CNI_NETNS=/run/netns/pod",
            b"CNI_IFNAME=net1", b"CNI_PATH=" + self.plugins.encode(), b"CNI_ARGS=" + os.fsencode(odd),
            b"CNI_EMPTY=", b"CNI_=x", b"TRACEPARENT=00-1", b"TRACESTATE=s=1", b"BAGGAGE=b"}
        self.assertEqual(expected, set(call.values[ENV]))
        self.assertEqual(len(expected), len(call.values[ENV]))

    def test_built_in_plugins_of_the_host_are_named(self):
        self.plugin("static", "exit 0")
        self.assertEqual([b"static"], self.call_frame().values[FOUND])
        self.plugin("host-local", "exit 0")
        self.plugin("dhcp", "exit 0")
        self.assertEqual([b"host-local", b"static"], self.call_frame().values[FOUND])
        path = "/nowhere:" + self.plugins
        self.assertEqual([b"host-local", b"static"], self.call_frame(CNI_PATH=path).values[FOUND])

    def test_a_file_that_cannot_be_executed_is_not_named(self):
        self.plugin("static", "exit 0")
        os.chmod(os.path.join(self.plugins, "static"), 0o644)
        os.mkdir(os.path.join(self.plugins, "host-local"))
        self.assertNotIn(FOUND, self.call_frame().tags)
        self.assertNotIn(FOUND, self.call_frame(CNI_PATH=None).tags)

    def test_directory_of_addresses_or_the_one_above_has_its_numbers(self):
        for place in "/var/lib/cni/networks", "/var/lib/cni":
            if os.path.isdir(place):
                status = os.stat(place)
                expected = struct.pack(">QQ", status.st_dev, status.st_ino) + place.encode()
                self.assertEqual(expected, self.call_frame()[SEEN])
                return
        self.assertNotIn(SEEN, self.call_frame().tags)

    def test_empty_input(self):
        self.assertEqual(b"", self.call_frame(stdin=b"")[STDIN])

    def test_input_of_every_byte(self):
        every_byte = bytes(range(256)) * 16
        self.assertEqual(every_byte, self.call_frame(stdin=every_byte)[STDIN])

    def test_input_of_10_megabytes(self):
        random = os.urandom(10_000_000)
        self.assertTrue(random == self.call_frame(stdin=random)[STDIN], "input differs")

    def test_input_of_exactly_16_mebibytes(self):
        random = os.urandom(16 * MEBIBYTE)
        self.assertTrue(random == self.call_frame(stdin=random)[STDIN], "input differs")

    def test_longer_input_is_refused(self):
        result = self.call("ADD", stdin=bytes(16 * MEBIBYTE + 1))
        self.assertEqual((1, 6), (result.code, result.error()["code"]))
        self.assertIn("16 MiB", result.error()["msg"])

    def test_input_that_cannot_be_read_is_an_error(self):
        directory = os.open(self.directory, os.O_RDONLY)
        self.addCleanup(os.close, directory)
        result = self.call("ADD", stdin=None, stdio={"stdin": directory})
        self.assertEqual((1, 5), (result.code, result.error()["code"]))
        self.assertIn("directory", result.error()["details"])

    def test_verbs_of_tomorrow_are_handed_over(self):
        self.assertIn(b"CNI_COMMAND=FREEZE", self.call_frame(verb="FREEZE").values[ENV])


class AnswerTest(ShimCase):
    def answered(self, *raw, **options):
        def serve(connection):
            for part in raw:
                connection.send(part)

        return self.served(serve, **options)

    def test_streams_and_exit_code_are_passed_on(self):
        result = self.answered(answer(7, b"out\0\xff", b"err\0\xfe"))
        self.assertEqual((7, b"out\0\xff", b"err\0\xfe"), (result.code, result.stdout, result.stderr))

    def test_every_verb_gets_its_answer(self):
        for verb in "ADD", "DEL", "CHECK", "STATUS", "GC", "FREEZE":
            with self.subTest(verb):
                result = self.answered(answer(3, b"out"), verb=verb)
                self.assertEqual((3, b"out"), (result.code, result.stdout))
                self.assertEqual([], self.pending())

    def test_exit_code_255(self):
        self.assertEqual(255, self.answered(answer(255)).code)

    def test_one_byte_at_a_time(self):
        raw = answer(4, b"some output", b"some errors")
        result = self.answered(*[bytes([byte]) for byte in raw])
        self.assertEqual((4, b"some output", b"some errors"),
                         (result.code, result.stdout, result.stderr))

    def test_answer_of_16_mebibytes(self):
        random = os.urandom(16 * MEBIBYTE)
        self.assertTrue(random == self.answered(answer(0, random)).stdout, "output differs")

    def test_frame_of_exactly_17_mebibytes(self):
        raw = answer(0, bytes(17 * MEBIBYTE - len(answer()) + 4))
        self.assertEqual(17 * MEBIBYTE, int.from_bytes(raw[:4], "big"))
        self.assertEqual(0, self.answered(raw).code)

    def test_answer_without_texts(self):
        result = self.answered(frame(ANSWER, field(EXIT, b"\x02")))
        self.assertEqual((2, b"", b""), (result.code, result.stdout, result.stderr))

    def test_fields_in_any_order_and_unknown_ones_between(self):
        strange = field(0, b"?"), field(25, b""), field(255, b"x" * 1000)
        raw = frame(ANSWER, strange[0], field(STDERR, b"e"), strange[1], field(STDOUT, b"o"),
                    field(EXIT, b"\x05"), strange[2])
        result = self.answered(raw)
        self.assertEqual((5, b"o", b"e"), (result.code, result.stdout, result.stderr))

    def test_output_that_nobody_reads_is_a_failure(self):
        reader, writer = os.pipe()
        os.close(reader)
        self.addCleanup(os.close, writer)
        self.assertEqual(1, self.answered(answer(0, b"out"), stdio={"stdout": writer}).code)

    def test_output_that_is_closed_is_a_failure(self):
        result = self.answered(answer(0, b"out"), preexec=lambda: os.closerange(0, 2))
        self.assertEqual(1, result.code)

    def test_output_that_is_non_blocking_and_full_is_waited_for(self):
        reader, writer = os.pipe()
        os.set_blocking(writer, False)
        # Nobody reads until the pipe is full, so the shim gets EAGAIN.
        slow = subprocess.Popen(["sh", "-c", "sleep 0.3; exec wc -c"], stdin=reader,
                                stdout=subprocess.PIPE)
        os.close(reader)
        result = self.answered(answer(0, b"x" * MEBIBYTE), stdio={"stdout": writer})
        os.close(writer)
        self.assertEqual((0, MEBIBYTE), (result.code, int(slow.communicate()[0])))


class OtherFramesTest(ShimCase):
    def test_unknown_kinds_below_128_are_answered_and_the_call_goes_on(self):
        kinds = []

        def serve(connection):
            for kind in 0, CALL, 3, 6, 127:
                connection.send(frame(kind, b"not even fields"))
                reply = connection.receive()
                kinds.append((kind, reply.kind, reply.number(KIND)))
            connection.send(answer(9))

        self.assertEqual(9, self.served(serve).code)
        self.assertEqual([(kind, UNSUPPORTED, kind) for kind in (0, CALL, 3, 6, 127)], kinds)

    def test_unknown_kinds_from_128_are_skipped(self):
        def serve(connection):
            connection.send(frame(128) + frame(200, b"x" * 100_000) + frame(255, b"y") + answer(8))
            self.assertTrue(connection.is_closed(), "the shim has said something")

        self.assertEqual(8, self.served(serve).code)

    def test_an_agent_that_does_not_understand_the_call(self):
        def serve(connection):
            connection.send(frame(UNSUPPORTED, field(KIND, bytes([CALL]))))
            self.assertTrue(connection.is_closed())

        self.assert_try_again(self.served(serve), "release")

    def test_nonsense_ends_the_call(self):
        nonsense = {
            "no kind": b"\0\0\0\0",
            "longer than 17 MiB": (17 * MEBIBYTE + 1).to_bytes(4, "big"),
            "longest length": b"\xff\xff\xff\xff",
            "half a field": frame(ANSWER, b"\x14\0\0"),
            "field over the end": frame(ANSWER, field(EXIT, b"\0"), b"\x14\0\0\0\x05abcd"),
            "longest field": frame(ANSWER, field(EXIT, b"\0"), b"\x14\xff\xff\xff\xff"),
            "unknown field over the end": frame(ANSWER, field(EXIT, b"\0"), b"\xc8\0\0\0\x01"),
            "exit of no byte": frame(ANSWER, field(EXIT, b"")),
            "exit of two bytes": frame(ANSWER, field(EXIT, b"\0\0")),
            "limit in ANSWER of one byte": frame(ANSWER, field(EXIT, b"\0"), field(17, b"\0")),
            "no exit": frame(ANSWER, field(STDOUT, b"{}")),
            "run of a broken limit": frame(2, field(16, b"true"), field(17, b"\0\0\0")),
            "run of half a field": frame(2, field(16, b"true"), b"\x04\0\0\0\x09"),
        }
        for name, raw in nonsense.items():
            with self.subTest(name):

                def serve(connection, raw=raw):
                    connection.send(raw)
                    self.assertTrue(connection.is_closed())

                self.assert_try_again(self.served(serve), "nonsense")


if __name__ == "__main__":
    unittest.main()
