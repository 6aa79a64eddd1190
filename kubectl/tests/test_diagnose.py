"""diagnose finds what is wrong at each place between a pod's networks and the links of its members."""

import os
import re

import scene
from case import HOME, PLUGIN, TOOLS, BondCase


class DiagnoseTest(BondCase):
    def diagnose(self, pod="web-0", **options):
        return self.bond("diagnose", pod, **options)

    def healthy(self, networks="storage", **further):
        self.heal()
        self.server.objects += [
            scene.pod("web-0", "n2", networks, **further),
            scene.attachment("storage"),
            scene.bond_network("storage", scene.condition("Ready", "True", "BondReady", "2 nodes can serve the bond")),
        ]

    def replace(self, kind, *others):
        self.server.objects = [one for one in self.server.objects if one["kind"] != kind] + list(others)

    def test_nothing_is_wrong(self):
        self.healthy()
        result = self.diagnose()
        self.assertEqual(0, result.code, result.out)
        self.assertTrue(result.out.endswith("\n0 failed, 0 unknown\n"))

    def test_both_forms_of_the_annotation(self):
        for networks in (
            "storage",
            "demo/storage@net3",
            '[{"name": "storage", "namespace": "demo", "interface": "net3", "cni-args": {"name": "x", "list": ["y"]}}]',
            '[{"ips": ["10.0.0.1"], "name":"storage"}]',
            '\n  [\n    {"name": "storage"}\n  ]\n',
            "\tstorage\n",
        ):
            for tools in TOOLS:
                self.healthy(networks)
                result = self.diagnose(tools=tools)
                self.assertEqual(0, result.code, networks + "\n" + result.out)
                self.assertEqual(1, result.out.count("network attachment demo/storage is there"))
                self.assertEqual(1, result.out.count("network attachment"))

    def test_networks_of_several_namespaces(self):
        self.healthy("demo/storage, shared/backup, shared/backup@x, shared/none")
        self.server.objects.append(scene.attachment("backup", "shared"))
        result = self.diagnose()
        self.assertEqual(1, result.code)
        self.assertEqual(2, result.out.count("network attachment shared/backup is there"))
        self.assertIn("failed   network attachment shared/none does not exist\n", result.out)

    def test_the_pod_does_not_exist(self):
        result = self.diagnose("nobody")
        self.assertEqual(1, result.code)
        self.assertIn("failed   pod demo/nobody could not be read\n", result.out)

    def test_the_pod_asks_for_nothing(self):
        self.healthy(None)
        self.assertIn("failed   it asks for no network", self.diagnose().out)

    def test_the_pod_is_on_no_node(self):
        self.server.objects = [scene.pod("web-0", None, "storage", attached=False, phase="Pending"), scene.attachment("storage")]
        self.server.objects.append(scene.event("web-0", "FailedScheduling", "Insufficient openshift.io/sriov_pf0"))
        result = self.diagnose()
        self.assertEqual(1, result.code)
        self.assertIn("failed   pod demo/web-0 is on no node yet\n", result.out)
        self.assertIn("failed   event FailedScheduling: Insufficient openshift.io/sriov_pf0 (4m9s ago)\n", result.out)

    def test_the_plugin_refused(self):
        self.healthy(attached=False, phase="Pending")
        self.server.objects.append(scene.event("web-0", "FailedCreatePodSandBox", "net1: trust is off"))
        result = self.diagnose()
        self.assertIn("failed   event FailedCreatePodSandBox: net1: trust is off", result.out)
        self.assertIn("failed   its networks are not attached: docs/errors.md explains what the events say\n", result.out)

    def test_a_condition_of_the_bond_network(self):
        self.healthy()
        self.replace(
            "BondNetwork",
            scene.bond_network(
                "storage",
                scene.condition("Ready", "False", "SamePF", "both members come from ens1f0"),
                scene.condition("Degraded", "True", "SpoofCheck", "the spoof check may drop frames"),
            ),
        )
        result = self.diagnose()
        self.assertEqual(1, result.code)
        self.assertIn(
            "failed   BondNetwork demo/storage: SamePF: both members come from ens1f0 (do: one policy and one resourceName for"
            " each PF)\nwarning  BondNetwork demo/storage: SpoofCheck: the spoof check may drop frames (do: spoofChk: \"off\")\n",
            result.out,
        )

    def test_the_agent_is_not_ready_or_not_there(self):
        self.healthy()
        agent = next(one for one in self.server.objects if one["metadata"]["name"] == "podbond-agent-n2")
        agent["status"]["conditions"][0]["status"] = "False"
        result = self.diagnose()
        self.assertIn("failed   the agent of node n2 is not ready", result.out)
        self.assertIn("unknown  bond bond0 was Healthy when the agent was last heard", result.out)
        self.server.objects.remove(agent)
        self.replace("BondNodeState")
        self.assertIn("failed   the agent of node n2 does not exist", self.diagnose().out)

    def test_the_agents_may_be_in_another_namespace(self):
        self.healthy()
        agent = next(one for one in self.server.objects if one["metadata"]["name"] == "podbond-agent-n2")
        agent["metadata"]["namespace"] = "bonds"
        for tools in TOOLS:
            result = self.diagnose(tools=tools)
            self.assertEqual(3, result.code, result.out)
            self.assertIn(
                "unknown  no pod of an agent of node n2 is in namespace podbond; --agent-namespace names another\n", result.out
            )
        there = self.bond("diagnose", "web-0", "--agent-namespace", "bonds")
        self.assertEqual(0, there.code, there.out)

    def test_no_report(self):
        self.healthy()
        self.replace("BondNodeState")
        result = self.diagnose()
        self.assertEqual(3, result.code)
        self.assertIn("unknown  node n2 has no report (BondNodeState)\n", result.out)

    def test_the_report_lacks_the_bond(self):
        self.healthy()
        self.report("n2")["status"]["bonds"] = []
        result = self.diagnose()
        self.assertEqual(1, result.code)
        self.assertIn("failed   the report of node n2 has no bond of this pod\n", result.out)

    def test_what_may_not_be_read_is_unknown(self):
        self.healthy()
        self.server.forbidden = {"bondnodestates", "network-attachment-definitions"}
        result = self.diagnose()
        self.assertEqual(3, result.code, result.out)
        self.assertIn("unknown  network attachment demo/storage could not be read\n", result.out)
        self.assertIn("unknown  the report of the node (BondNodeState) could not be read\n", result.out)

    def test_a_member_that_left(self):
        self.healthy()
        bond = self.report("n2")["status"]["bonds"][1]
        bond.update(health="Degraded", up=1)
        bond["members"][0]["state"] = "missing"
        self.assertIn("failed   member net1 (0000:3b:02.0) is missing: it left the bond", self.diagnose().out)
        bond["problems"] = ["member net1 is missing"]
        result = self.diagnose().out
        self.assertIn("failed   member net1 is missing\n", result)
        self.assertNotIn("it left the bond", result)

    def test_an_uplink_that_is_bad_behind_a_carrier(self):
        for tools in TOOLS:
            self.healthy()
            pf = self.report("n2")["status"]["pfs"][0]
            pf["upstream"] = "good"
            self.assertIn("ok       PF ens1f0 (0000:3b:00.0) has a carrier and a good uplink\n", self.diagnose(tools=tools).out)
            pf.update(upstream="bad", upstreamReason=scene.UPLINK)
            result = self.diagnose(tools=tools)
            self.assertEqual(1, result.code, result.out)
            self.assertIn(
                f"failed   PF ens1f0 (0000:3b:00.0) has a carrier, but its uplink is bad: {scene.UPLINK}\n", result.out
            )
            self.assertTrue(result.out.endswith("\n1 failed, 0 unknown\n"))
            del pf["carrier"], pf["upstreamReason"]
            self.assertIn("failed   PF ens1f0 (0000:3b:00.0) has a bad uplink\n", self.diagnose(tools=tools).out)
            pf["carrier"] = False
            result = self.diagnose(tools=tools).out
            self.assertIn("failed   PF ens1f0 (0000:3b:00.0) has no carrier", result)
            self.assertNotIn("uplink", result)

    def test_a_storm_is_a_warning(self):
        for tools in TOOLS:
            self.healthy()
            status = self.report("n2")["status"]
            status["uplinkStorm"] = "2 of 2 uplinks turned bad within 10 s"
            status.pop("summary")
            result = self.diagnose(tools=tools)
            self.assertEqual(0, result.code, result.out)
            self.assertIn(
                "warning  so many uplinks of node n2 look bad that no bond leaves one: 2 of 2 uplinks turned bad within 10 s\n",
                result.out,
            )

    def test_a_member_that_is_held_back(self):
        self.healthy()
        bond = self.report("n2")["status"]["bonds"][1]
        bond.update(health="Degraded", up=1)
        bond["members"][0]["state"] = "held"
        self.assertIn("failed   member net1 (0000:3b:02.0) is held back: ", self.diagnose().out)
        bond["problems"] = ["member net1 is held back: no partner"]
        result = self.diagnose().out
        self.assertIn("failed   member net1 is held back: no partner\n", result)
        self.assertNotIn("keeps it from", result)

    def test_what_to_do_is_that_of_the_page(self):
        with open(os.path.join(HOME, "..", "docs", "kubernetes.md")) as file:
            page = file.read()
        table = page[page.index("| reason | effect | found | do |") :].split("\n\n")[0].splitlines()[2:]
        rows = [[cell.strip() for cell in re.split(r"(?<!\\)\|", row)[1:-1]] for row in table]
        expected = {row[0].strip("`"): plain(row[3]) for row in rows if row[3]}
        with open(PLUGIN) as file:
            text = file.read()
        text = text[text.index("REASONS='") + len("REASONS='") :]
        lines = text[: text.index("'\n")].splitlines()
        self.assertGreater(len(expected), 20)
        self.assertEqual(expected, dict(line.split("|") for line in lines))


def plain(cell):
    """Without what makes it a page; a script in single quotes has no apostrophe."""
    cell = re.sub(r"\[([^]]*)\]\([^)]*\)", r"\1", cell).replace("`", "")
    return {
        "leave it out, or have the chart's values changed": "leave it out, or have the values of the chart changed",
        "look at the policies' selectors": "look at the selectors of the policies",
    }.get(cell, cell)
