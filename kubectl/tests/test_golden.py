"""What each command prints of one scene, byte for byte, with every shell and every awk."""

import datetime
import json
import os
import subprocess

import scene
from case import HERE, HOME, KUBECTL, TOOLS, BondCase

COMMANDS = {
    "get": "get",
    "get-all": "get -A",
    "get-wide": "get -A -o wide",
    "get-unhealthy": "get -A --unhealthy",
    "get-network": "get -A --network backup --no-headers",
    "get-node": "-n demo get --node=n1",
    "get-pod": "get web-1",
    "get-name": "get -A --unhealthy -o name",
    "get-json": "get web-1 -o json",
    "get-yaml": "get demo/web-1 -o yaml",
    "get-other-namespace": "get -n nowhere",
    "describe": "describe web-1",
    "describe-silent": "describe db-0",
    "describe-unknown": "describe nobody",
    "tree": "tree",
    "tree-node": "tree n1 --unhealthy",
    "status": "status",
    "impact": "impact --pf n2/ens1f0",
    "impact-everywhere": "impact --pf ens2f0",
    "impact-pci": "impact --pf n1/0000:5e:00.0 --pf n2/0000:5e:00.0 --pf n2/0000:86:00.0",
    "impact-none": "impact --pf n1/ens1f0",
    "diagnose": "diagnose web-1",
    "uplink-get": "get -o wide",
    "uplink-describe": "describe web-3",
    "uplink-tree": "tree",
    "uplink-status": "status",
    "uplink-impact": "impact --pf ens2f0 --pf ens3f0",
    "uplink-diagnose": "diagnose lacp-3",
    "uplink-diagnose-held": "diagnose web-3",
    "wrong-command": "look",
    "wrong-option": "describe web-1 --unhealthy",
}


class GoldenTest(BondCase):
    maxDiff = None

    def transcript(self, command, tools):
        result = self.bond(*command.split(), tools=tools)
        return f"$ kubectl podbond {command}\n{result.out}" + "".join(
            f"! {line}\n" for line in result.err.splitlines()
        ) + f"exit code {result.code}\n"

    def test_all_tools_print_the_same(self):
        self.assertGreaterEqual(len(TOOLS), 2)
        for name, command in COMMANDS.items():
            path = os.path.join(HERE, "golden", name)
            self.server.objects = scene.bad_uplink() if name.startswith("uplink-") else scene.cluster()
            for tools in TOOLS:
                with self.subTest(command, tools=tools):
                    printed = self.transcript(command, tools)
                    if os.environ.get("UPDATE"):
                        with open(path, "w") as file:
                            file.write(printed)
                    with open(path) as file:
                        self.assertEqual(file.read(), printed)

    def test_every_golden_file_has_its_command(self):
        self.assertEqual(sorted(COMMANDS), sorted(os.listdir(os.path.join(HERE, "golden"))))

    def test_the_page_shows_what_is_printed(self):
        with open(os.path.join(HOME, "..", "docs", "kubectl.md")) as file:
            page = file.read()
        for name in "get-all", "impact":
            with open(os.path.join(HERE, "golden", name)) as file:
                lines = file.read().replace("podbond", "bond", 1).splitlines()[:-1]
            self.assertIn("".join(f"    {line}\n" if line else "\n" for line in lines), page)

    def test_json_is_what_the_reports_say(self):
        printed = json.loads(self.bond("get", "-A", "-o", "json").out)["bonds"]
        reported = []
        for one in self.server.objects:
            if one["kind"] == "BondNodeState":
                for bond in one["status"]["bonds"]:
                    reported.append({"problems": [], "node": one["metadata"]["name"], **bond})
        reported[-1].update(health="Unknown", lastReported="Healthy")
        self.assertEqual(reported, printed)

    def test_without_bonds_json_and_yaml_are_empty_lists(self):
        self.assertEqual({"bonds": []}, json.loads(self.bond("get", "-n", "nowhere", "-o", "json").out))
        self.assertEqual("bonds: []\n", self.bond("get", "-n", "nowhere", "-o", "yaml").out)

    def test_kubectl_finds_it_under_both_names(self):
        for name in "bond", "podbond":
            process = subprocess.run(
                [KUBECTL, name, "get", "-A", "--no-headers"],
                env=self.environment(f"{os.path.dirname(KUBECTL)}:{HOME}:/usr/bin:/bin"),
                capture_output=True,
                timeout=300,
            )
            self.assertEqual(6, len(process.stdout.splitlines()), process.stderr)

    def test_ages_are_those_of_kubectl(self):
        expected = {
            0: "0s", 119: "119s", 120: "2m", 252: "4m12s", 599: "9m59s", 600: "10m", 10799: "179m", 10800: "3h",
            11100: "3h5m", 28800: "8h", 172799: "47h", 172800: "2d", 183600: "2d3h", 691200: "8d",
            63072000: "2y", 66528000: "2y40d", 252288000: "8y",
        }
        moments = list(expected)
        self.report("n2")["status"]["bonds"] = [
            scene.bond(f"web-{ago}", [], since=self.stamp(scene.NOW - ago)) for ago in moments
        ]
        rows = self.bond("get", "--node", "n2", "--no-headers").out.splitlines()
        self.assertEqual([f"web-{ago} {expected[ago]}" for ago in moments], [f"{row.split()[1]} {row.split()[-1]}" for row in rows])

    @staticmethod
    def stamp(seconds):
        return datetime.datetime.fromtimestamp(seconds, datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")

