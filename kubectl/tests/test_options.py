"""Options: kubectl's own reach kubectl, what is wrong ends with 2, colour is for terminals."""

import contextlib
import os
import pty
import subprocess

from case import KUBECTL, TOOLS, BondCase


class OptionsTest(BondCase):
    def test_options_of_kubectl_are_passed_on(self):
        other = self.config("other", self.server.url, "jobs")
        for arguments in (
            ["--kubeconfig", other],
            ["get", "--kubeconfig=" + other],
            ["--context", "test", "get", "--kubeconfig", other, "--request-timeout=5s", "-v=0"],
        ):
            result = self.bond(*arguments, "--no-headers", KUBECONFIG="/nowhere")
            self.assertEqual(["batch-0"], [row.split()[1] for row in result.out.splitlines()], result.err)
        result = self.bond("get", "-A", "--context", "nobody")
        self.assertEqual(1, result.code)
        self.assertIn("nobody", result.err)
        self.assertEqual(1, self.bond("get", "-A", "-s", "http://127.0.0.1:1").code)

    def test_every_argument_of_kubectl_arrives_as_it_was(self):
        log = os.path.join(self.directory, "log")
        logging = self.program(
            os.path.join(self.directory, "logging"), f'#!/bin/sh\nprintf "%s\\n" "$@" >> {log}\n'
        )
        strange = "a b; echo 'x' $(touch /tmp/x) `id` * \\ \""
        self.bond("get", "-A", "--token", strange, "--as=" + strange, kubectl=logging)
        with open(log) as file:
            lines = file.read().splitlines()
        self.assertEqual(2, lines.count("--token=" + strange))
        self.assertEqual(2, lines.count("--as=" + strange))

    def test_the_namespace_without_any_is_default(self):
        bare = self.config("bare", self.server.url)
        self.assertIn('no bonds found in namespace "default"', self.bond("get", "--kubeconfig", bare).err)

    def test_what_is_wrong_ends_with_2(self):
        for arguments in (
            ["get", "a", "b"], ["get", "-o", "table"], ["get", "--pf", "n1/ens1f0"], ["get", "--wait"], ["status", "web-1"],
            ["get", "-n"], ["--nonsense"], ["tree", "-o", "json"], ["describe"], ["diagnose"], ["get", "Web_1"],
            ["get", "-n", "de mo"], ["get", "--node", "-A"], ["tree", "--node", "a,b"], ["impact", "--pf", "N 1/x"],
            ["get", "-A", "web-1"], ["get", "--agent-namespace", "a,b"], ["describe", "de$mo/web-1"], ["look"],
        ):
            result = self.bond(*arguments)
            self.assertEqual((2, ""), (result.code, result.out), arguments)
            self.assertIn("See 'kubectl podbond --help' for usage.", result.err)
        self.assertEqual([], self.server.requests, "nothing was asked for")

    def test_usage_starts_with_kubectl(self):
        for arguments in ["-h"], ["--help"], ["get", "--help"], ["impact", "-h"]:
            result = self.bond(*arguments)
            self.assertEqual(0, result.code)
            self.assertTrue(result.out.startswith("kubectl podbond "))
            self.assertIn("\nUsage:\n  kubectl podbond [get] [POD]", result.out)

    def test_a_pods_name_in_each_form(self):
        for arguments in ["web-1"], ["pod/web-1"], ["demo/web-1"], ["web-1", "-n", "demo"], ["-ndemo", "web-1"]:
            result = self.bond("get", "--no-headers", *arguments, KUBECONFIG=self.config("bare", self.server.url, "demo"))
            self.assertEqual(["web-1"], [row.split()[1] for row in result.out.splitlines()], arguments)

    def test_of_one_pod_the_report_of_its_node_alone_is_read(self):
        self.bond("get", "web-1", kubectl=KUBECTL)
        self.assertIn("bondnodestates/n1", self.server.requests)
        self.assertNotIn("bondnodestates", self.server.requests)
        self.server.requests.clear()
        self.server.forbidden = {"pods"}
        self.assertEqual(0, self.bond("get", "web-1", kubectl=KUBECTL).code)
        self.assertIn("bondnodestates", self.server.requests)

    def test_without_kubectl(self):
        result = self.bond("get", kubectl="/nowhere")
        self.assertEqual((1, "kubectl podbond: kubectl is not in PATH\n"), (result.code, result.err))

    def on_terminal(self, tools, **environment):
        main, terminal = pty.openpty()
        process = subprocess.run(
            self.command(tools, "get", "-A"),
            env=self.environment(self.path(tools, self.remembering), **environment),
            stdin=subprocess.DEVNULL,
            stdout=terminal,
            timeout=300,
        )
        os.close(terminal)
        self.assertEqual(0, process.returncode)
        text = b""
        # A terminal hands on what was written to it piece by piece, and ends with an error.
        with contextlib.suppress(OSError):
            while more := os.read(main, 100000):
                text += more
        os.close(main)
        return text.decode().replace("\r\n", "\n")

    def test_colour_is_for_terminals_and_says_no_more_than_the_word(self):
        plain = self.bond("get", "-A").out
        self.assertNotIn("\x1b", plain)
        for tools in TOOLS:
            coloured = self.on_terminal(tools)
            self.assertIn("\x1b[31mDown\x1b[0m   ", coloured)
            self.assertIn("\x1b[35mUnknown\x1b[0m", coloured)
            for code in "0", "31", "32", "33", "35":
                coloured = coloured.replace(f"\x1b[{code}m", "")
            self.assertEqual(plain, coloured)
        self.assertEqual(plain, self.on_terminal("dash and mawk", NO_COLOR="1"))
        self.assertEqual(plain, self.on_terminal("dash and mawk", TERM="dumb"))

    def test_lines_are_drawn_where_the_language_has_them(self):
        self.assertIn("└─ 0000:5e:02.0", self.bond("tree", "n1").out)
        drawn = self.bond("tree", "n1", LANG="C").out
        self.assertIn("   `- 0000:5e:02.0  net2 up", drawn)
        self.assertTrue(drawn.isascii())


class CompletionTest(BondCase):
    def complete(self, *words):
        lines = self.bond("__complete", *words).out.splitlines()
        self.assertEqual(":4", lines.pop())
        return sorted(lines)

    def test_words(self):
        self.assertEqual(["describe", "diagnose", "get", "impact", "map", "status", "tree"], self.complete(""))
        self.assertEqual(["db-0", "store-0", "web-0", "web-1", "web-2"], self.complete("get", ""))
        self.assertEqual(["batch-0"], self.complete("-n", "jobs", "describe", ""))
        self.assertEqual(["n1", "n2", "n7"], self.complete("tree", ""))
        self.assertEqual(["n1", "n2", "n7"], self.complete("map", ""))
        self.assertEqual(["n1", "n2", "n7"], self.complete("get", "--node", ""))
        self.assertEqual(["json", "name", "wide", "yaml"], self.complete("get", "-o", ""))
        self.assertIn("n2/ens3f0", self.complete("impact", "--pf", ""))
        self.assertEqual(["demo/backup", "demo/storage", "jobs/burst"], self.complete("get", "--network", ""))
        self.assertIn("--wait", self.complete("status", "--"))
        self.assertIn("demo", self.complete("get", "--agent-namespace", ""))
        self.assertEqual(["n1", "n2", "n7"], self.complete("--agent-namespace", "bonds", "tree", ""))
        self.assertIn("batch-0", self.complete("get", "--kubeconfig", self.config("other", self.server.url, "jobs"), ""))

    def test_nothing_that_a_shell_would_read_otherwise_is_offered(self):
        self.report("n1")["status"]["bonds"][1].update(pod="$(touch x)", network="a b/`id`")
        self.assertEqual(["db-0", "store-0", "web-0", "web-2"], self.complete("get", ""))
        self.assertEqual(["demo/backup", "demo/storage", "jobs/burst"], self.complete("get", "--network", ""))
