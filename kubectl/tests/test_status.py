"""Exit codes and words of status: 0 only where everything is known and healthy."""

import os
import subprocess

import scene
from case import KUBECTL, TOOLS, BondCase


class StatusTest(BondCase):
    def status(self, *arguments):
        result = self.bond("status", *arguments)
        return result.code, result

    def test_healthy_bonds_of_agents_that_are_ready(self):
        self.heal()
        code, result = self.status()
        self.assertEqual(0, code, result.out)
        self.assertIn("3 bond(s): 3 healthy, 0 degraded, 0 down, 0 unknown\n", result.out)
        self.assertNotIn("NODE ", result.out)

    def test_one_degraded_bond(self):
        self.heal()
        self.server.objects += [scene.agent("n1"), scene.report("n1", [], [scene.bond("web-1", [], "Degraded")])]
        self.assertEqual(1, self.status()[0])

    def test_a_silent_agent_is_unknown_and_degraded_is_graver(self):
        self.heal()
        self.server.objects += [scene.agent("n7", ready=False), scene.n7()]
        self.assertEqual(3, self.status()[0])
        self.server.objects += [scene.agent("n1"), scene.n1()]
        self.assertEqual(1, self.status()[0])

    def test_a_report_without_any_agent_is_unknown(self):
        self.heal()
        self.server.objects.append(scene.n7())
        code, result = self.status()
        self.assertEqual(3, code)
        self.assertIn("3 healthy, 0 degraded, 0 down, 1 unknown", result.out)

    def test_an_agent_that_ends_beside_one_that_is_ready_counts_for_nothing(self):
        self.heal()
        self.server.objects.append(scene.agent("n2", ready=False))
        self.assertEqual(0, self.status()[0])

    def test_an_agent_without_a_report_is_unknown(self):
        self.heal()
        self.server.objects.append(scene.agent("n9"))
        code, result = self.status()
        self.assertEqual(3, code)
        self.assertIn("2 node(s): 1 report, 0 silent, 1 without a report", result.out)

    def test_a_report_without_a_status_is_unknown(self):
        self.heal()
        new = scene.report("n3", [], [])
        del new["status"]
        self.server.objects += [scene.agent("n3"), new]
        code, result = self.status()
        self.assertEqual(3, code)
        self.assertIn("no report yet", result.out)

    def test_nobody_reports(self):
        self.server.objects = []
        code, result = self.status()
        self.assertEqual(3, code)
        self.assertIn("no node reports", result.err)

    def test_the_kind_is_not_there(self):
        server = self.serve(without=["podbond.dev/v1alpha1"])
        server.objects = [scene.agent("n1")]
        old = self.config("old", server.url)
        result = self.bond("status", "--kubeconfig", old)
        self.assertEqual(3, result.code)
        self.assertIn("the reports of the nodes (BondNodeState) could not be read", result.err)
        self.assertEqual(1, self.bond("get", "-A", "--kubeconfig", old).code)

    def test_whoever_may_not_see_the_agents_is_not_told_that_all_is_well(self):
        self.heal()
        self.server.forbidden = {"pods"}
        code, result = self.status()
        self.assertEqual(3, code)
        self.assertIn("nobody knows which reports are old", result.err)

    def test_bonds_for_which_a_report_has_no_room_count_by_its_sums(self):
        self.heal()
        self.report("n2")["status"].update(omitted=40, summary={"bonds": 43, "healthy": 43})
        code, result = self.status()
        self.assertEqual(0, code)
        self.assertIn("43 bond(s): 43 healthy, 0 degraded, 0 down, 0 unknown", result.out)
        self.report("n2")["status"]["summary"] = {"bonds": 43, "healthy": 42, "degraded": 1}
        self.assertEqual(1, self.status()[0])
        self.assertEqual(3, self.status("--network", "storage")[0], "whose they are is not known")

    def only_bad(self, **status):
        """One node with a healthy bond that has a member with a bad uplink."""
        one = scene.n3()
        one["status"]["bonds"] = one["status"]["bonds"][1:2]
        one["status"].update(summary={"bonds": 1, "healthy": 1}, **status)
        self.server.objects = [scene.agent("n3"), one]

    def test_a_healthy_bond_with_a_bad_uplink_is_not_what_one_waits_for(self):
        self.only_bad()
        for tools in TOOLS:
            for arguments in [], ["--network", "storage"], ["-n", "demo"], ["--wait=0s"]:
                result = self.bond("status", *arguments, tools=tools)
                self.assertEqual(1, result.code, arguments)
                self.assertIn(
                    "1 bond(s): 1 healthy, 0 degraded, 0 down, 0 unknown; 1 of the healthy has a bad uplink\n", result.out
                )
                self.assertRegex(result.out, r"\nn3 +1 +0 +0 +0 +- +ens1f0 +ready\n")
        for changes in {"upstream": "good"}, {"upstream": None}:
            self.report("n3")["status"]["pfs"][0].update(changes)
            self.assertEqual(0, self.status()[0])

    def test_an_uplink_that_was_bad_when_the_agent_was_last_heard_is_unknown(self):
        self.only_bad()
        self.server.objects[0] = scene.agent("n3", ready=False)
        code, result = self.status()
        self.assertEqual(3, code)
        self.assertNotIn("bad uplink", result.out)

    def test_a_bad_uplink_of_no_bond_is_shown(self):
        self.heal()
        self.report("n2")["status"]["pfs"].append(scene.pf("ens3f0", members=0, upstream="bad"))
        self.report("n2")["status"]["pfs"][-1]["pciAddress"] = "0000:86:00.1"
        code, result = self.status()
        self.assertEqual(0, code)
        self.assertRegex(result.out, r"\nn2 +3 +0 +0 +0 +unknown +ens3f0 +ready\n")

    def test_bonds_for_which_a_report_has_no_room_may_have_a_bad_uplink(self):
        self.only_bad(omitted=40)
        self.report("n3")["status"]["summary"] = {"bonds": 41, "healthy": 41}
        self.report("n3")["status"]["bonds"][0]["members"].pop(0)
        code, result = self.status()
        self.assertEqual(3, code)
        self.assertIn("\n40 more bond(s) may have a bad uplink: reports have no room for them\n", result.out)

    def test_a_storm_is_told(self):
        self.only_bad(uplinkStorm="2 of 2 uplinks turned bad within 10 s")
        told = "kubectl podbond: so many uplinks of 1 node(s) look bad that no bond leaves one\n"
        for tools in TOOLS:
            self.assertEqual(told, self.bond("status", tools=tools).err)
            self.assertEqual(told, self.bond("impact", "--pf", "ens3f0", tools=tools).err)
        self.server.objects[0] = scene.agent("n3", ready=False)
        self.assertNotIn("so many", self.status()[1].err)

    def test_ports_that_the_nic_joins(self):
        self.heal()
        members = [scene.member("net1", "ens1f0"), scene.member("net2", "ens2f0")]
        self.server.objects += [
            scene.agent("n1"),
            scene.report("n1", [], [scene.bond("web-1", members, vfLag="bond7")]),
        ]
        self.assertIn(
            "\nVF-LAG: the NIC itself joins the PFs of all members, in bond bond7 of the host,",
            self.bond("describe", "web-1").out,
        )
        self.assertIn('"vfLag": "bond7"', self.bond("get", "-o", "json").out)
        self.assertNotIn("VF-LAG", self.bond("describe", "web-0").out)

    def test_filters(self):
        self.assertEqual(0, self.status("--node", "n2")[0])
        self.assertEqual(1, self.status("--node=n1")[0])
        self.assertEqual(3, self.status("--node=n9")[0])
        self.assertEqual(1, self.status("-n", "jobs")[0])

    def test_a_namespace_or_a_network_without_bonds_is_unknown(self):
        self.heal()
        for arguments, said in (
            (["-n", "typo"], 'no bond in namespace "typo"\n'),
            (["--network", "typo"], 'no bond of network "typo"\n'),
            (["--network", "storage", "-n", "jobs"], 'no bond of network "storage" in namespace "jobs"\n'),
            (["-n", "typo", "--node", "n2"], 'no bond in namespace "typo" on node "n2"\n'),
            (["-n", "typo", "--node", "n9"], 'no report of node "n9"\n'),
            (["-n", "typo", "--wait=0s"], 'no bond in namespace "typo"\n'),
        ):
            for tools in TOOLS:
                result = self.bond("status", *arguments, tools=tools)
                self.assertEqual(3, result.code, arguments)
                self.assertIn("kubectl podbond: " + said, result.err)
        self.assertEqual(0, self.status("-n", "demo")[0])
        self.server.forbidden = {"bondnodestates"}
        self.assertNotIn("no bond", self.status("-n", "typo")[1].err, "nobody knows")

    def test_waiting_ends_with_the_last_bond(self):
        process = subprocess.Popen(
            # Its clock stands still: by time alone this has no end.
            self.command("dash and mawk", "status", "--wait=1h"),
            env=self.environment(self.path("dash and mawk", KUBECTL)),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self.assertEqual(
            "kubectl podbond: waiting: 6 bond(s): 3 healthy, 1 degraded, 1 down, 1 unknown\n", process.stderr.readline()
        )
        self.heal()
        out, err = process.communicate(timeout=300)
        self.assertEqual((0, ""), (process.returncode, err))
        self.assertEqual(1, out.count("bond(s): "), "only the last state is printed")

    def test_waiting_ends_with_the_time(self):
        self.assertEqual(1, self.status("--wait=0s")[0])
        self.server.objects = [scene.agent("n7", ready=False), scene.n7()]
        self.assertEqual(3, self.status("--wait=0")[0])

    def test_times(self):
        for wrong in "soon", "5x", "-1", "5m3", "1\n5m", "5m\n", "0x10", "1e3", " 5", "5m5h":
            result = self.bond("status", f"--wait={wrong}")
            self.assertEqual(2, result.code)
            self.assertIn(f'is "{wrong}"', result.err)
        self.heal()
        for right in "90", "90s", "5m", "1h30m", "2h":
            for tools in TOOLS:
                self.assertEqual(0, self.bond("status", "--wait=" + right, tools=tools).code)
        self.assertEqual(0, self.bond("status", "--wait").code)

    def test_a_time_of_more_than_a_year_is_none(self):
        for tools in TOOLS:
            for wrong in "1000000h", "8761h", "31536001", "8760h1s", "9" * 20, "9" * 400, "9" * 20 + "h":
                result = self.bond("status", f"--wait={wrong}", tools=tools)
                self.assertEqual((2, ""), (result.code, result.out), wrong)
                self.assertIn(f'error: --wait must be at most a year, 8760h, and is "{wrong}"\n', result.err)
        self.assertEqual([], self.server.requests)

    def looks(self, wait, times, tools):
        """After how many seconds it looks again, while its clock shows these times after the start."""
        clock = os.path.join(self.directory, "clock")
        log = os.path.join(self.directory, "sleeps")
        open(log, "w").close()
        with open(clock, "w") as file:
            file.write(str(scene.NOW))
        steps = "".join(f"    {i}) echo {scene.NOW + at} > {clock} ;;\n" for i, at in enumerate(times, 1))
        sleep = self.program(
            os.path.join(self.directory, "sleep"),
            f"#!/bin/sh\nPATH=/usr/bin:/bin\necho $1 >> {log}\ncase $(grep -c . {log}) in\n{steps}esac\n",
        )
        command = self.command(tools, "status", f"--wait={wait}")
        command[command.index("-c") + 1] = f'date() {{ cat {clock}; }}; sleep() {{ {sleep} "$@"; }}; . "$0"'
        process = subprocess.run(
            command,
            env=self.environment(self.path(tools, self.remembering)),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=300,
        )
        with open(log) as file:
            return process, file.read().split()

    def test_zeros_before_a_number_are_nothing(self):
        for tools in TOOLS:
            for wait in "08", "0000000000000000000000008s", "0h0m08s":
                process, slept = self.looks(wait, [7, 8], tools)
                self.assertEqual((1, ["5", "1"]), (process.returncode, slept), wait + process.stderr)
            # Not eight, as in a number that is octal.
            process, slept = self.looks("010", [9, 10], tools)
            self.assertEqual((1, ["5", "1"]), (process.returncode, slept), process.stderr)

    def test_waiting_for_what_may_not_be_read_ends_at_once(self):
        for kind, said in (
            ("bondnodestates", "the reports of the nodes (BondNodeState) could not be read"),
            ("pods", "the pods of the agents could not be read, so nobody knows which reports are old"),
        ):
            self.server.forbidden = {kind}
            for tools in TOOLS:
                process, slept = self.looks("1h", [3600], tools)
                self.assertEqual((3 if kind == "bondnodestates" else 1, []), (process.returncode, slept))
                self.assertEqual(1, process.stderr.count("(Forbidden)"))
                self.assertTrue(process.stderr.endswith(f"kubectl podbond: {said}\n"), process.stderr)
                self.assertNotIn("waiting", process.stderr)
                self.assertEqual("" if kind == "bondnodestates" else "6 bond(s)", process.stdout[:9])

    def test_what_cannot_be_read_while_it_waits_is_said_once_and_not_among_the_sums(self):
        self.server.objects = []
        for tools in TOOLS:
            process, slept = self.looks("20", [5, 10, 20], tools)
            self.assertEqual((3, ["5", "5", "5"]), (process.returncode, slept))
            self.assertEqual(
                "kubectl podbond: no node reports\nkubectl podbond: waiting: 0 bond(s): 0 healthy, 0 degraded, 0 down, 0 unknown\n",
                process.stderr,
            )
            self.assertEqual("0 bond(s): 0 healthy, 0 degraded, 0 down, 0 unknown\n0 node(s): 0 report, 0 silent, 0 without a report\n", process.stdout)


class ImpactTest(BondCase):
    def test_exit_codes(self):
        self.heal()
        self.report("n2")["status"]["bonds"].pop()
        self.assertEqual(0, self.bond("impact", "--pf", "n2/ens1f0").code)
        self.assertEqual(2, self.bond("impact", "--pf", "n2/ens9f0").code)
        self.assertEqual(2, self.bond("impact").code)
        both = self.bond("impact", "--pf", "n2/ens1f0", "--pf", "n2/ens2f0")
        self.assertEqual(1, both.code)
        self.assertIn(
            "2 bond(s) have a member there: 1 would go down, 0 would fail over, 1 would lose capacity, 0 would only lose", both.out
        )
        self.server.objects += [scene.agent("n7", ready=False), scene.n7()]
        self.assertEqual(3, self.bond("impact", "--pf", "ens1f0").code)

    def test_who_mistypes_the_namespace_is_told(self):
        self.heal()
        for tools in TOOLS:
            result = self.bond("impact", "--pf", "ens1f0", "-n", "typo", tools=tools)
            self.assertEqual((3, 'kubectl podbond: no bond in namespace "typo"\n'), (result.code, result.err))
            # On one node a namespace may well have none.
            result = self.bond("impact", "--pf", "n2/ens1f0", "-n", "jobs", tools=tools)
            self.assertEqual((0, 'kubectl podbond: no bond in namespace "jobs" on node "n2"\n'), (result.code, result.err))
        self.assertEqual("", self.bond("impact", "--pf", "ens3f0", "-n", "demo").err)
        self.assertIn('no bonds found in namespace "typo"', self.bond("tree", "-n", "typo").err)
        self.assertIn('no bonds found in namespace "typo"', self.bond("map", "-n", "typo").err)

    def test_a_pf_without_members_is_there(self):
        self.heal()
        self.report("n2")["status"]["bonds"] = []
        result = self.bond("impact", "--pf", "n2/ens3f0")
        self.assertEqual(0, result.code)
        self.assertTrue(result.out.startswith("0 bond(s) have a member there"), result.out)

    def test_neither_a_member_that_is_held_nor_one_with_a_bad_uplink_keeps_a_bond_up(self):
        good, bad = scene.member("net2", "ens2f0"), scene.member("net1", "ens1f0")
        third, held = scene.member("net3", "ens3f0"), scene.member("net1", "ens1f0", "held")
        expected = [
            # Members, the active one, PFs without a carrier, what becomes of it, and what is left.
            ([bad, good], "net1", "goes down", "net1!"),
            ([held, good], "net2", "goes down", "net1!"),
            ([bad, good, third], "net2", "fails over", "net3,net1!"),
            ([bad, good, third], "net1", "loses redundancy", "net3,net1!"),
            ([held, good, third], "net2", "fails over", "net3,net1!"),
        ]
        for tools in TOOLS:
            for carrier in True, False, None:
                one = scene.report(
                    "n3",
                    [scene.pf("ens1f0", carrier=carrier, upstream="bad"), scene.pf("ens2f0"), scene.pf("ens3f0")],
                    [scene.bond(f"web-{i}", row[0], active=row[1]) for i, row in enumerate(expected)],
                )
                self.server.objects = [scene.agent("n3"), one]
                result = self.bond("impact", "--pf", "ens2f0", "--no-headers", tools=tools)
                for (_, _, outcome, left), row in zip(expected, result.out.splitlines()):
                    self.assertRegex(row, rf" n3 +{outcome} +net2 +{left}$")
                self.assertIn("\nOf those that would go down, 2 would keep only members with a bad uplink (!)\n", result.out)
                self.assertEqual(1, result.code)
        # Another may be on a good one, and has no room.
        one["status"]["bonds"] = [scene.bond("web-0", [bad, good], active="net2", configured=3)]
        result = self.bond("impact", "--pf", "ens2f0", "--no-headers")
        self.assertRegex(result.out, r" n3 +unknown +net2 +net1!\n")
        self.assertEqual(3, result.code)

    def test_what_is_held_back_on_a_pf_is_not_lost_with_it(self):
        self.server.objects = scene.bad_uplink()
        result = self.bond("impact", "--pf", "ens1f0", "--no-headers")
        outcomes = "stays as it is", "loses capacity", "goes down"
        for outcome, row in zip(outcomes, result.out.splitlines()):
            self.assertRegex(row, rf" n3 +{outcome}  ")

    def test_what_is_down_already_changes_nothing(self):
        result = self.bond("impact", "--pf", "n1/ens1f0", "--no-headers")
        rows = [row.split("   ") for row in result.out.splitlines()[:2]]
        self.assertEqual(["is down already", "stays as it is"], [row[5].strip() for row in rows])

    def test_what_a_mode_makes_of_it(self):
        self.heal()
        expected = {
            ("active-backup", "net1"): "fails over",
            ("active-backup", "net2"): "loses redundancy",
            ("balance-alb", "net1"): "fails over",
            ("balance-tlb", "net2"): "loses capacity",
            ("802.3ad", None): "loses capacity",
            ("balance-xor", None): "loses capacity",
            ("broadcast", None): "loses redundancy",
        }
        pair = [scene.member("net1", "ens1f0"), scene.member("net2", "ens2f0")]
        self.report("n2")["status"]["bonds"] = [
            scene.bond(f"web-{i}", pair, mode=mode, **({"active": active} if active else {}))
            for i, (mode, active) in enumerate(expected)
        ]
        for tools in TOOLS:
            result = self.bond("impact", "--pf", "n2/ens1f0", "--no-headers", tools=tools)
            self.assertEqual(0, result.code)
            for (mode, _), outcome, row in zip(expected, expected.values(), result.out.splitlines()):
                self.assertRegex(row, rf" {mode} +n2 +{outcome} +net1   net2$")
