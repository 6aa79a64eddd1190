"""What is not known is nowhere shown as if it were well."""

import itertools
import xml.etree.ElementTree as xml

import scene
from case import TOOLS, BondCase

# All print the same, as test_golden.py shows: here each is asked in its turn.
IN_TURN = itertools.cycle(TOOLS)
SVG = "{http://www.w3.org/2000/svg}"


class UnknownTest(BondCase):
    def well(self):
        """A pod of which everything is known, and well."""
        self.heal()
        self.server.objects.insert(0, scene.pod("web-0", "n2", "storage"))
        self.status = self.report("n2")["status"]

    def says(self, code, line, *arguments):
        tools = next(IN_TURN)
        result = self.bond(*arguments, tools=tools)
        with self.subTest(arguments, tools=tools, out=result.out, err=result.err):
            self.assertEqual(code, result.code)
            self.assertIn(line, result.out + result.err)
        return result

    def test_a_carrier_of_which_the_agent_says_nothing(self):
        self.well()
        self.status["pfs"] = [scene.pf("ens1f0", carrier=None, members=3), scene.pf("ens2f0", members=2)]
        self.says(0, "  net1   up      0000:3b:02.0   iavf     ens1f0   0000:3b:00.0   unknown   -\n", "describe", "web-0")
        self.says(0, "  net2   up      0000:5e:02.0   iavf     ens2f0   0000:5e:00.0   yes       -\n", "describe", "web-0")
        self.says(0, "PF ens1f0 (0000:3b:00.0)  carrier unknown\n", "tree", "n2")
        self.says(0, "PF ens2f0 (0000:5e:00.0)  carrier\n", "tree", "n2")
        said = "unknown  whether PF ens1f0 (0000:3b:00.0) has a carrier is not known: its agent does not say\n"
        result = self.says(3, said, "diagnose", "web-0")
        self.assertNotIn("ok       PF ens1f0", result.out)
        self.assertIn("\n0 failed, 1 unknown\n", result.out)
        self.status["pfs"].clear()
        self.says(3, said, "diagnose", "web-0")

    def test_no_pf_is_red_of_which_nothing_is_known_and_its_tooltip_says_so(self):
        self.well()
        self.status["pfs"] = [scene.pf("ens1f0", carrier=None, members=3), scene.pf("ens2f0", members=2)]
        for tools in TOOLS:
            page = xml.fromstring(self.bond("map", tools=tools).out.replace("<!DOCTYPE html>", "", 1))
            titles = [one.text for one in page.iter(SVG + "title")]
            self.assertIn("PF ens1f0 (0000:3b:00.0): 3 of 3 members up, carrier unknown", titles)
            self.assertIn("PF ens2f0 (0000:5e:00.0): 2 of 2 members up, carrier", titles)
            self.assertEqual([], [one for one in page.iter() if "lost" in one.get("class", "")])

    def test_pfs_of_a_node_in_the_list_of_status(self):
        self.well()
        self.status["bonds"][1]["health"] = "Degraded"
        for pfs, shown in (
            ([scene.pf("ens1f0"), scene.pf("ens2f0")], "-"),
            ([scene.pf("ens1f0"), scene.pf("ens2f0", carrier=None)], "unknown"),
            ([scene.pf("ens1f0", carrier=False), scene.pf("ens2f0", carrier=None)], "ens1f0"),
        ):
            self.status["pfs"] = pfs
            for tools in TOOLS:
                row = self.bond("status", tools=tools).out.splitlines()[-1].split()
                self.assertEqual(["n2", shown, "-", "ready"], [row[0], *row[5:]])

    def test_events_that_may_not_be_read(self):
        self.well()
        self.says(0, "\n0 failed, 0 unknown\n", "diagnose", "web-0")
        self.server.forbidden = {"events"}
        self.says(3, "unknown  the events of the pod could not be read\n", "diagnose", "web-0")

    def test_a_bond_network_at_which_the_operator_has_not_looked(self):
        self.well()
        self.assertEqual("BondNetwork", self.server.objects[-1]["kind"])
        self.server.objects[-1] = scene.bond_network("storage")
        self.says(3, "unknown  BondNetwork demo/storage has no condition: ", "diagnose", "web-0")
        del self.server.objects[-1]["status"]
        self.says(3, "unknown  BondNetwork demo/storage has no condition: ", "diagnose", "web-0")
        self.server.objects[-1] = scene.bond_network("storage", scene.condition("Degraded", "Unknown", "Some", "who knows"))
        self.says(3, "unknown  BondNetwork demo/storage: whether it is Degraded is not known: who knows\n", "diagnose", "web-0")

    def test_a_report_that_says_nothing_yet(self):
        self.well()
        new = scene.report("n3", [], [])
        del new["status"]
        self.server.objects += [scene.agent("n3"), new, scene.pod("new-0", "n3", "storage")]
        self.status["bonds"].pop()
        said = "the reports of 1 node(s) are empty: nobody knows of their bonds\n"
        self.says(3, said, "impact", "--pf", "ens1f0")
        self.says(0, said, "get", "-A")
        self.says(0, "n3  no report yet\n", "tree")
        self.says(0, "n3  no report yet\n", "tree", "-n", "demo")
        self.says(0, said, "map")
        self.says(0, "The report is empty.", "map", "-n", "demo")
        self.says(3, "unknown  the report of node n3 is empty\n", "diagnose", "new-0")
        del self.server.objects[-2]
        self.says(0, "no report of 1 node(s) that have an agent\n", "tree")
        self.says(0, "no report of 1 node(s) that have an agent\n", "map")

    def test_a_bond_for_which_a_report_has_no_room(self):
        self.well()
        self.status["bonds"].pop(1)
        self.says(1, "failed   the report of node n2 has no bond of this pod\n", "diagnose", "web-0")
        self.status["omitted"] = 40
        self.says(
            3, "unknown  the report of node n2 has no bond of this pod, but it has no room for 40 bonds\n", "diagnose", "web-0"
        )

    def test_a_member_in_a_state_that_is_none(self):
        self.well()
        self.status["bonds"][1]["members"][0]["state"] = "fine"
        result = self.says(3, "unknown  how member net1 (0000:3b:02.0) is, is not known\n", "diagnose", "web-0")
        self.assertIn("\n0 failed, 1 unknown\n", result.out)

    def test_what_the_loss_of_a_pf_does_to_a_bond_of_which_not_all_is_known(self):
        self.well()
        both = [scene.member("net1", "ens1f0"), scene.member("net2", "ens2f0")]
        total = "1 bond(s) have a member there: 0 would go down, 0 would fail over, 0 would lose capacity, 0 would only lose redundancy, 1 unknown"
        self.status["bonds"] = [scene.bond("web-0", both, "Fine", active="net1")]
        self.says(3, total, "impact", "--pf", "n2/ens1f0")
        # A ninth member may be anywhere.
        self.status["bonds"] = [scene.bond("web-0", both, active="net1", configured=9)]
        self.says(3, total, "impact", "--pf", "n2/ens1f0", "--pf", "n2/ens2f0")
        self.says(
            3, "1 bond(s) have members for which reports have no room, maybe there\n", "impact", "--pf", "n2/ens3f0"
        )

    def test_reports_that_may_not_be_read_have_no_sums(self):
        self.well()
        self.server.forbidden = {"bondnodestates"}
        result = self.says(3, "the reports of the nodes (BondNodeState) could not be read\n", "status")
        self.assertEqual("", result.out)
