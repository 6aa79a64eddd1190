"""What reports, pods and events say is chosen by others: it reaches neither a terminal nor a shell as anything but text."""

import json
import os
import subprocess
import threading

import scene
from case import KUBECTL, TOOLS, BondCase

# Orders to a terminal, forged rows, right-to-left marks, what shells and awk evaluate.
TEXTS = [
    "\x1b[2J\x1b]0;owned\x07",
    "a\nN\t\"forged\"\nB\t\"x\"\nE\n",
    "\nX\treports\t0\n",
    "\t\"\t\\",
    "\u202egnp.exe\u2066\u00a0\u200b\ufeff",
    "\x00\x7f\x80\x9b31m",
    "$(touch pwned) `touch pwned` ; touch pwned | system(\"touch pwned\")",
    "\\x1b[31m \\\" %s%n %q",
    "{{printf \"%q\" .}}",
    "\U000e0041\U0001f600",
    "x" * 20000,
    "",
]


class HostileTest(BondCase):
    def everywhere(self, text):
        """The text in every field that a report, an event or a condition has."""
        one = scene.bond(
            text, [dict.fromkeys(("name", "pciAddress", "pf", "pfPciAddress", "driver", "state"), text)], text
        )
        one = {key: text if isinstance(value, str) else value for key, value in one.items()}
        one.update(active=text, cause=text, lacpPartner=text, vfLag=text, problems=[text, text])
        mine = scene.bond("web-1", one["members"], "Degraded", cause=text, problems=[text], bond=text, active=text)
        report = scene.report("n1", [{"name": text, "pciAddress": text, "carrier": False, "members": 1}], [one, mine])
        self.server.objects = [
            scene.agent("n1"),
            report,
            scene.pod("web-1", "n1", text, conditions=[scene.condition("podbond.dev/" + text, text, text, text)]),
            scene.event("web-1", text, text, text),
        ]

    def test_no_text_is_an_order_to_the_terminal_or_a_row(self):
        for text in TEXTS:
            self.everywhere(text)
            for command in (
                "get -A", "get -A -o wide", "get -A -o name", "get -A -o yaml", "get -A -o json", "describe web-1", "tree",
                "status", "impact --pf n1/ens1f0", "diagnose web-1",
            ):
                with self.subTest(command, text=text[:40]):
                    result = self.bond(*command.split())
                    printed = result.out + result.err
                    self.assertIn(result.code, (0, 1, 2, 3))
                    for character in printed:
                        self.assertTrue(character == "\n" or character.isprintable(), repr(character))
                    self.assertNotIn("syntax", result.err)
        self.assertFalse(os.path.exists("pwned"))

    def test_a_pod_of_another_namespace_is_no_agent(self):
        """Whoever may make a pod may give it the label, and a status that says it is ready."""
        self.server.objects.append(scene.agent("n7", namespace="demo"))
        for tools in TOOLS:
            silent = self.bond("get", "--node", "n7", "--no-headers", tools=tools).out
            self.assertIn("agent silent", silent)
        taken = self.bond("get", "--node", "n7", "--no-headers", "--agent-namespace", "demo").out
        self.assertIn("Healthy", taken)

    def test_agents_in_another_namespace_are_found_where_they_are_said_to_be(self):
        self.heal()
        self.server.objects = [
            scene.agent("n2", namespace="bonds") if one["metadata"]["name"] == "podbond-agent-n2" else one
            for one in self.server.objects
        ]
        away = self.bond("status")
        self.assertEqual(3, away.code)
        self.assertIn("no pod of an agent is in namespace podbond; --agent-namespace names another", away.err)
        there = self.bond("status", "--agent-namespace=bonds")
        self.assertEqual((0, ""), (there.code, there.err))

    def test_who_asks_for_one_node_is_told_too_that_its_agent_may_be_elsewhere(self):
        self.heal()
        self.server.objects = [
            scene.agent("n2", namespace="bonds") if one["metadata"]["name"] == "podbond-agent-n2" else one
            for one in self.server.objects
        ]
        self.server.objects.append(scene.pod("web-0", "n2", "storage"))
        hint = "no pod of an agent of node n2 is in namespace podbond; --agent-namespace names another\n"
        for command in ("get web-0", "describe web-0", "tree n2", "map n2", "status --node n2", "impact --pf n2/ens1f0"):
            for tools in TOOLS:
                with self.subTest(command):
                    self.assertIn(hint, self.bond(*command.split(), tools=tools).err)
                    there = self.bond(*command.split(), "--agent-namespace", "bonds", tools=tools)
                    self.assertNotIn("names another", there.err)

    def test_each_bond_is_one_line_and_each_column_one_word(self):
        for text in TEXTS:
            self.everywhere(text)
            for tools in TOOLS:
                rows = self.bond("get", "-A", "--no-headers", tools=tools).out.splitlines()
                self.assertEqual([10, 10], [len(row.split()) for row in rows], text[:40])

    def test_what_has_no_shape_is_shown_as_its_number(self):
        self.everywhere("a\x1b[2J\u202e\U000e0041\n b")
        for tools in TOOLS:
            rows = self.bond("get", "-A", "--no-headers", tools=tools).out.splitlines()
            self.assertEqual("a<001b>[2J<202e><e0041><000a><0020>b", rows[0].split()[1])

    def test_json_gives_every_text_back(self):
        for text in TEXTS:
            self.everywhere(text)
            for tools in TOOLS:
                bonds = json.loads(self.bond("get", "-A", "-o", "json", tools=tools).out)["bonds"]
                self.assertEqual(text, bonds[0].get("cause", ""))
                self.assertEqual([text, text], bonds[0]["problems"])
                self.assertEqual(text, bonds[0]["members"][0]["pf"])
                self.assertEqual("Unknown", bonds[0]["health"])

    def test_a_word_that_is_no_health_is_unknown(self):
        self.report("n1")["status"]["bonds"] = [scene.bond("web-1", [], "Fine")]
        self.assertEqual("Unknown", self.bond("get", "--node=n1", "--no-headers").out.split()[4])
        self.assertEqual(3, self.bond("status", "--node=n1").code)

    def test_networks_of_a_pod_are_names_or_nothing(self):
        self.server.objects = [
            scene.agent("n1"),
            scene.pod("web-1", "n1", "--all, -A, ../x, $(touch pwned), a b, demo/ok@net1, x/y/z"),
            scene.attachment("ok"),
        ]
        result = self.bond("diagnose", "web-1", kubectl=KUBECTL)
        self.assertIn("network attachment demo/ok is there", result.out)
        self.assertEqual(6, result.out.count("cannot be the name of an object"))
        self.assertEqual(
            ["bondnetworks/ok", "network-attachment-definitions/ok"],
            sorted(one for one in self.server.requests if "networks" in one or "attachment" in one),
        )

    def test_rows_are_printed_while_more_come(self):
        """The writer of the rows goes on only when the first have been printed, so nobody can have kept all."""
        for tools in TOOLS:
            with self.subTest(tools):
                gate = os.path.join(self.directory, "gate")
                os.path.exists(gate) or os.mkfifo(gate)
                endless = self.program(
                    os.path.join(self.directory, "endless"),
                    f"""#!/bin/sh
case "$*" in
  *"get pods"*) printf 'A\\t"n1"\\t"True"\\n' ;;
  *)
    printf 'N\\t"n1"\\t"true"\\t""\\n'
    /usr/bin/env -i /usr/bin/awk 'BEGIN {{
      for (i = 0; i < 20000; i++) {{
        printf "B\\t\\"demo\\"\\t\\"web-%d\\"\\t\\"\\"\\t\\"\\"\\t\\"bond0\\"\\t\\"n\\"\\t\\"m\\"\\t\\"Healthy\\"\\t\\"\\"\\n", i
        print "E"
      }}
    }}'
    read -r line < {gate}
    printf 'B\\t"demo"\\t"last"\\t""\\t""\\t"bond0"\\t"n"\\t"m"\\t"Healthy"\\t""\\nE\\n'
    ;;
esac
""",
                )
                process = subprocess.Popen(
                    self.command(tools, "get", "-A", "--no-headers"),
                    env=self.environment(self.path(tools, endless)),
                    stdout=subprocess.PIPE,
                )
                # Beside the reading, since the writer may wait for this to read on. Whatever fails, it does not for ever.
                release = threading.Timer(300, self.write, [gate])
                release.start()
                first = [process.stdout.readline() for _ in range(10000)]
                in_time = release.is_alive()
                release.cancel()
                if in_time:
                    threading.Thread(target=self.write, args=[gate]).start()
                rest = process.stdout.read().splitlines()
                process.stdout.close()
                self.assertEqual(0, process.wait(300))
                self.assertTrue(in_time, "no row was printed before the last had come")
                self.assertIn(b"web-9999 ", first[-1])
                self.assertEqual(10001, len(rest))
                self.assertIn(b"last", rest[-1])

    @staticmethod
    def write(gate):
        with open(gate, "w") as file:
            file.write("go on\n")
