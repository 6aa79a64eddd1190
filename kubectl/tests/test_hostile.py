"""What reports, pods and events say is chosen by others: it reaches neither a terminal nor a shell as anything but text."""

import itertools
import json
import os
import re
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


# What a browser would take for something of its own.
MARKUP = [
    "</title><script>window.owned=1</script>",
    "'\"><img src=x onerror=window.owned=1>&lt;",
    "</style><style>rect{display:none}</style><meta http-equiv=refresh content=0;url=/>",
    "]]></svg><!--<svg onload=window.owned=1>",
]


def report(node, text):
    """Two bonds with the text in every field that has one."""
    one = scene.bond(
        text, [dict.fromkeys(("name", "pciAddress", "pf", "pfPciAddress", "driver", "state"), text)], text
    )
    one = {key: text if isinstance(value, str) else value for key, value in one.items()}
    one.update(active=text, cause=text, lacpPartner=text, vfLag=text, problems=[text, text])
    mine = scene.bond("web-1", one["members"], "Degraded", cause=text, problems=[text], bond=text, active=text)
    pf = {"name": text, "pciAddress": text, "carrier": True, "members": 1, "upstream": "bad", "upstreamReason": text}
    return scene.report(node, [pf], [one, mine], storm=text)


class HostileTest(BondCase):
    def everywhere(self, text):
        """The text in every field that a report, an event or a condition has."""
        pod = scene.pod("web-1", "n1", text, conditions=[scene.condition("podbond.dev/" + text, text, text, text)])
        made = scene.claim("made", text, pool=text)
        made["status"]["allocation"]["devices"]["results"][0]["request"] = text
        self.server.objects = [
            scene.agent("n1"),
            report("n1", text),
            scene.claiming(pod, ("podbond-" + text, text, text), ("podbond-storage", text, "made"), requested=text),
            made,
            scene.slice_of("n1", 1, (text, text, text, text)),
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

    def calls(self, networks, tools="dash and mawk"):
        """What diagnose says of a pod with this annotation, and with which arguments and environment it called kubectl."""
        self.server.objects = [scene.agent("n1"), scene.pod("web-1", "n1", networks)]
        log = os.path.join(self.directory, "log")
        logging = self.program(
            os.path.join(self.directory, "logging"),
            f'#!/bin/sh\n{{ echo "CALL $*"; /usr/bin/env; }} >> {log}\nexec {self.remembering} "$@"\n',
        )
        result = self.bond("diagnose", "web-1", tools=tools, kubectl=logging)
        with open(log) as file:
            lines = file.read()
        os.remove(log)
        return result, [line for line in lines.splitlines() if line.startswith("CALL ")], lines

    def test_no_pod_decides_how_often_kubectl_is_called(self):
        many = [(f"space{i}", f"name{i}") for i in range(300)]
        for networks in (
            json.dumps([{"name": name, "namespace": space} for space, name in many]),
            ", ".join(f"{space}/{name}" for space, name in many)[:8192],
        ):
            for tools in TOOLS:
                with self.subTest(networks[:10], tools=tools):
                    result, calls, lines = self.calls(networks[:8192], tools)
                    # Eight for namespaces, two for the pod, and one each for the context, events, agents and reports.
                    self.assertEqual(14, len(calls))
                    self.assertEqual(8, result.out.count("network attachment space"))
                    self.assertEqual(
                        1, result.out.count("unknown  it asks for more than 64 networks, or for those of more than 8 namespaces: ")
                    )
                    self.assertNotIn("=space0/name0", lines, "it is in the environment of kubectl")
                    self.assertNotIn("\nspace0/name0", lines, "it is in the environment of kubectl")
                    self.assertEqual(1, result.code)

    def test_of_the_networks_of_one_namespace_64_are_looked_at(self):
        for networks in (
            json.dumps([{"name": f"name{i}"} for i in range(100)]),
            ",".join(f"name{i}" for i in range(100)),
        ):
            for tools in TOOLS:
                result, calls, _ = self.calls(networks, tools)
                self.assertEqual(7, len(calls))
                self.assertEqual(64, result.out.count("network attachment demo/name"))
                self.assertEqual(1, result.out.count("unknown  it asks for more than 64 networks"))
        result, _, _ = self.calls(",".join(f"name{i}" for i in range(64)))
        self.assertNotIn("more than 64", result.out)

    def test_an_annotation_that_the_operator_does_not_read_is_not_looked_at(self):
        texts = "\n" * 250000, "a" * 250000, json.dumps([{"name": "x" * 8192}]), "a," * 4097
        for networks, tools in zip(texts, itertools.cycle(TOOLS)):
            with self.subTest(networks[:10], tools=tools):
                result, calls, lines = self.calls(networks, tools)
                self.assertEqual(6, len(calls))
                self.assertIn("unknown  its annotation k8s.v1.cni.cncf.io/networks is longer than 8 KiB", result.out)
                self.assertIn("unknown  node n1 has no report", result.out)
                self.assertNotIn("asks for", result.out)
                # The advice that diagnose gives is in it.
                self.assertLess(len(lines), 60000)
        result, _, _ = self.calls("a," * 4096)
        self.assertNotIn("8 KiB", result.out)

    def test_a_name_that_no_object_can_have_is_not_asked_for(self):
        texts = "a" * 254, "b" * 64 + "/a", json.dumps([{"name": "a" * 254}]), json.dumps([{"name": "a", "namespace": "b" * 64}])
        for networks, tools in zip(texts, itertools.cycle(TOOLS)):
            result, calls, _ = self.calls(networks, tools)
            self.assertEqual(6, len(calls))
            self.assertIn("failed   it asks for a network whose name cannot be the name of an object\n", result.out)
        result, calls, _ = self.calls("b" * 63 + "/" + "a" * 253)
        self.assertEqual(7, len(calls))

    def test_a_long_text_takes_no_longer_for_each_of_its_characters(self):
        """In processor time, which other programs on the machine do not change: four times the text may not take 16 times."""
        for tools in TOOLS:
            took = []
            for size in 1000, 4000:
                self.report("n1")["status"]["bonds"][1]["cause"] = "\n\u202e\U000e0041\\\"ab" * size
                before = sum(os.times()[2:4])
                shown = self.bond("get", "web-1", "-o", "wide", "--no-headers", tools=tools).out
                took.append(sum(os.times()[2:4]) - before)
                self.assertTrue(shown.endswith("   " + "<000a><202e><e0041>\\\"ab" * size + "\n"), shown[-100:])
            self.assertLess(took[1], 8 * took[0], tools)

    def test_events_and_conditions_are_shown_up_to_a_number_and_a_length(self):
        long = "\u4e2d" * 1024
        self.server.objects = [
            scene.agent("n1"),
            scene.n1(),
            scene.pod("web-1", "n1", "storage", conditions=[scene.condition(f"podbond.dev/Some{i}", "True") for i in range(100)]),
            scene.attachment("storage"),
            scene.bond_network("storage", *[scene.condition("Ready", "True", "BondReady", long + "x") for i in range(100)]),
        ]
        for i in range(500):
            # Neither the first nor the last are the latest.
            when = f"2026-11-{1 + i % 25:02}T00:{i // 25:02}:00Z"
            self.server.objects.append(scene.event("web-1", f"Reason{i}", long if i % 2 else long + "x", when))
        # Of the last day each.
        latest = [24 + 25 * i for i in range(20)]
        for tools in TOOLS:
            described = self.bond("describe", "web-1", tools=tools).out
            self.assertEqual(latest, [int(one) for one in re.findall(r"Warning +Reason(\d+) ", described)])
            self.assertIn("\n  and 480 older\n", described)
            self.assertIn(" " + long + "\n", described)
            self.assertIn(" " + long[:1021] + "...\n", described)
            self.assertEqual(32, described.count("podbond.dev/Some"))
            self.assertIn("The last 68 conditions of the pod were not looked at.\n", described)
            looked = self.bond("diagnose", "web-1", tools=tools).out
            self.assertEqual(latest, [int(one) for one in re.findall(r"event Reason(\d+): ", looked)])
            self.assertIn("warning  480 older events of type Warning are not shown\n", looked)
            self.assertEqual(32, looked.count("BondNetwork demo/storage: BondReady: " + long[:1021] + "...\n"))
            self.assertEqual(32, looked.count("podbond.dev/Some"))
            self.assertIn("unknown  BondNetwork demo/storage has 68 conditions more, which were not looked at\n", looked)
            self.assertIn("unknown  the pod has 68 conditions more, which were not looked at\n", looked)

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
