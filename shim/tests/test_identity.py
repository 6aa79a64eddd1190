"""What the shim says about itself, when it hands the call to the one-shot plugin, and its cost."""

import os
import shutil
import struct
import time
import unittest

from case import DEFAULT_AGENT_DIRECTORY, DEFAULT_HOME, SHIM, ShimCase
from fake_agent import FakeAgent, answer

VERSIONS = (b'{"cniVersion":"1.1.0","supportedVersions":'
            b'["0.1.0","0.2.0","0.3.0","0.3.1","0.4.0","1.0.0","1.1.0"]}\n')


class IntroductionTest(ShimCase):
    def test_version_needs_neither_agent_nor_input(self):
        process = self.start("VERSION", PODBOND_WAIT_MILLIS=None)
        self.assertEqual(0, process.wait(10))
        self.assertEqual((VERSIONS, b""), (process.stdout.read(), process.stderr.read()))

    def test_version_to_a_full_disk_fails(self):
        with open("/dev/full", "w") as full:
            self.assertEqual(1, self.call("VERSION", stdio={"stdout": full}).code)

    def test_no_verb(self):
        for verb in None, "":
            result = self.call(verb, CNI_COMMAND=verb, name="/opt/cni/bin/sriov")
            self.assertEqual((0, b""), (result.code, result.stdout))
            self.assertEqual(b"Podbond CNI plugin sriov\nCNI protocol versions supported: "
                             b"0.1.0, 0.2.0, 0.3.0, 0.3.1, 0.4.0, 1.0.0, 1.1.0\n", result.stderr)


class OneShotTest(ShimCase):
    def setUp(self):
        super().setUp()
        self.shim = self.path("cni", "bin", "bond")
        os.makedirs(os.path.dirname(self.shim))
        shutil.copy(SHIM, self.shim)

    def install(self, home):
        self.file(os.path.join(home, "bin", "java"), "")
        self.file(os.path.join(home, "bin", "cni-plugin"),
                  '#!/bin/sh\necho "$0|$#|$1|$CNI_COMMAND|$PODBOND_STATE"; cat; exit 9\n')

    def call_unconfigured(self, verb="ADD", **options):
        options = {"shim": self.shim, "PODBOND_SOCKET": None, "PODBOND_WAIT_MILLIS": "0"} | options
        return self.call(verb, stdin=b"the input", **options)

    def assert_one_shot(self, result, home, name="bond"):
        expected = f"{home}/bin/cni-plugin|1|{name}|ADD|{self.state}\nthe input".encode()
        self.assertEqual((9, expected, b""), (result.code, result.stdout, result.stderr))

    def make_directory(self, path):
        os.mkdir(path)
        self.addCleanup(shutil.rmtree, path)

    def test_home_beside_the_plugins(self):
        self.install(self.path("podbond"))
        beside = self.path("cni", "bin") + "/../../podbond"
        self.assert_one_shot(self.call_unconfigured(), beside)
        self.assert_one_shot(self.call_unconfigured(name="/x/sriov"), beside, "sriov")
        self.assert_one_shot(self.call_unconfigured(PODBOND_SOCKET=""), beside)

    def test_home_beside_what_a_link_leads_to(self):
        self.install(self.path("podbond"))
        os.mkdir(self.path("elsewhere"))
        os.symlink(self.shim, self.path("elsewhere", "sriov"))
        result = self.call_unconfigured(name="sriov", shim=self.path("elsewhere", "sriov"))
        self.assert_one_shot(result, self.path("cni", "bin") + "/../../podbond", "sriov")

    def test_default_home(self):
        self.make_directory(DEFAULT_HOME)
        self.install(DEFAULT_HOME)
        self.assert_one_shot(self.call_unconfigured(), DEFAULT_HOME)
        self.install(self.path("podbond"))
        beside = self.path("cni", "bin") + "/../../podbond"
        self.assert_one_shot(self.call_unconfigured(), beside)

    def test_agent_that_is_named_goes_before_the_home(self):
        self.install(self.path("podbond"))
        self.assert_try_again(self.call_unconfigured(PODBOND_SOCKET=self.socket), self.socket)

    def test_directory_of_the_agent_goes_before_the_home(self):
        self.install(self.path("podbond"))
        self.make_directory(DEFAULT_AGENT_DIRECTORY)
        default = f"{DEFAULT_AGENT_DIRECTORY}/agent.sock"
        self.assert_try_again(self.call_unconfigured(), default)

        def serve(connection):
            connection.receive()
            connection.send(answer(6))

        with FakeAgent(default, serve):
            self.assertEqual(6, self.call_unconfigured().code)

    def test_neither_agent_nor_home(self):
        self.assert_try_again(self.call_unconfigured(), f"{DEFAULT_AGENT_DIRECTORY}/agent.sock")
        self.assert_queued(self.call_unconfigured("DEL"))

    def test_home_without_an_executable_runtime_is_none(self):
        self.install(self.path("podbond"))
        os.chmod(self.path("podbond", "bin", "java"), 0o644)
        self.assert_try_again(self.call_unconfigured(), DEFAULT_AGENT_DIRECTORY)

    def test_home_without_its_plugin_is_an_error(self):
        self.install(self.path("podbond"))
        os.unlink(self.path("podbond", "bin", "cni-plugin"))
        result = self.call_unconfigured()
        self.assertEqual((1, 5), (result.code, result.error()["code"]))
        self.assertIn("podbond/bin/cni-plugin cannot be started: No such file",
                      result.error()["msg"])

    def test_version_is_answered_by_the_shim_all_the_same(self):
        self.install(self.path("podbond"))
        self.assertEqual(VERSIONS, self.call_unconfigured("VERSION").stdout)


@unittest.skipUnless(os.environ["BUILD"] == "musl", "sanitizers cost what they cost")
class CostTest(ShimCase):
    def program_header_types(self):
        with open(SHIM, "rb") as file:
            image = file.read()
        self.assertEqual(b"\x7fELF\x02\x01", image[:6])
        (offset,) = struct.unpack_from("<Q", image, 32)
        size, count = struct.unpack_from("<HH", image, 54)
        return [struct.unpack_from("<I", image, offset + i * size)[0] for i in range(count)]

    def test_binary_is_small(self):
        self.assertLessEqual(os.path.getsize(SHIM), 100 * 1024)

    def test_binary_is_static(self):
        dynamic, interpreter = 2, 3
        self.assertTrue({dynamic, interpreter}.isdisjoint(self.program_header_types()))

    def test_memory_of_an_ordinary_call(self):
        """Measures the shim while its last write blocks on a full pipe."""
        reader, writer = os.pipe()
        os.set_blocking(writer, False)
        try:
            while True:
                os.write(writer, bytes(4096))
        except BlockingIOError:
            os.set_blocking(writer, True)
        self.plugin("ipam", "cat")
        kilobytes = []

        def serve(connection):
            connection.receive()
            connection.ran(b"ipam", b"CNI_COMMAND=ADD", stdin=bytes(4000))
            connection.send(answer(0, bytes(4000)))
            time.sleep(0.5)
            kilobytes.append(self.resident(connection.pid()))

        with FakeAgent(self.socket, serve):
            process = self.start("ADD", stdio={"stdout": writer})
            os.close(writer)
            process.stdin.write(bytes(4000))
            process.stdin.close()
            process.stdin = None
            with open(reader, "rb") as file:
                while not kilobytes:
                    time.sleep(0.05)
                file.read()
            self.assertEqual(0, process.wait(10))
        print(f"shim/test: {kilobytes[0]} KiB resident at the end of a call with a run", flush=True)
        self.assertLessEqual(kilobytes[0], 1024)

    def resident(self, pid):
        """smaps_rollup is exact; the high-water mark is the value that wait4 would report."""
        with open(f"/proc/{pid}/smaps_rollup") as rollup, open(f"/proc/{pid}/status") as status:
            fields = dict(line.split()[:2] for line in [*rollup, *status] if " kB" in line)
        return max(int(fields["Rss:"]), int(fields["VmHWM:"]))


if __name__ == "__main__":
    unittest.main()
