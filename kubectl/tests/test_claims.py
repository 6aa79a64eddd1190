"""What describe and diagnose say of pods whose VFs are claimed."""

import os

import scene
from case import HOME, TOOLS, BondCase


class ClaimsTest(BondCase):
    def claimed(self, *claims, made="web-0-storage-x7k2p", **further):
        """A healthy pod on n2 with a claim for its bond."""
        self.heal()
        pod = scene.pod("web-0", "n2", "storage")
        self.server.objects += [
            scene.claiming(pod, ("podbond-storage", "storage-1a2b3c4d", made), **further),
            scene.attachment("storage"),
            scene.bond_network("storage", scene.condition("Ready", "True", "BondReady", "1 node can serve the bond")),
            scene.slice_of(
                "n2",
                2,
                ("vf-3b", "0000:3b:02.0", "0000:3b:00.0", 0),
                ("vf-5e", "0000:5e:02.0", "0000:5e:00.0", 1),
                ("vf-86", "0000:86:02.0"),
            ),
            *claims,
        ]
        return pod

    def says(self, code, command, *lines, err=""):
        for tools in TOOLS:
            with self.subTest(command, tools=tools):
                result = self.bond(command, "web-0", tools=tools)
                self.assertEqual((code, err), (result.code, result.err), result.out)
                for line in lines:
                    self.assertIn(line, result.out)
        return result

    def test_each_device_with_its_pf_and_numa_node(self):
        self.claimed(scene.claim("web-0-storage-x7k2p", "vf-3b", "vf-5e"))
        self.says(
            0,
            "describe",
            "Claims:\n"
            "  CLAIM                 REQUEST    DEVICE   POOL   PCI            PF-PCI         NUMA\n"
            "  web-0-storage-x7k2p   member-1   vf-3b    n2     0000:3b:02.0   0000:3b:00.0   0\n"
            "  web-0-storage-x7k2p   member-2   vf-5e    n2     0000:5e:02.0   0000:5e:00.0   1\n",
        )
        line = (
            "ok       ResourceClaim web-0-storage-x7k2p has VF 0000:3b:02.0 of PF 0000:3b:00.0 on NUMA node 0,"
            " VF 0000:5e:02.0 of PF 0000:5e:00.0 on NUMA node 1\n"
        )
        self.says(0, "diagnose", line, "\n0 failed, 0 unknown\n")
        with open(os.path.join(HOME, "..", "docs", "kubectl.md")) as page:
            self.assertIn("\n    " + line, page.read())

    def test_what_a_driver_does_not_tell_is_not_there(self):
        self.claimed(scene.claim("web-0-storage-x7k2p", "vf-86", "vf-gone"))
        self.says(
            0,
            "describe",
            "  web-0-storage-x7k2p   member-1   vf-86     n2     0000:86:02.0   -        -\n"
            "  web-0-storage-x7k2p   member-2   vf-gone   n2     -              -        -\n",
        )
        self.says(0, "diagnose", " has VF 0000:86:02.0 of PF -, vf-gone of pool n2\n")

    def test_of_two_generations_the_newer_counts(self):
        self.claimed(scene.claim("web-0-storage-x7k2p", "vf-3b"))
        old = ("vf-3b", "0000:aa:02.0", "0000:aa:00.0", 9)
        self.server.objects.insert(0, scene.slice_of("n2", 1, old))
        self.server.objects.append(scene.slice_of("n2", 0, old))
        self.server.objects.append(scene.slice_of("n7", 3, old))
        self.says(0, "describe", "vf-3b    n2     0000:3b:02.0   0000:3b:00.0   0\n")

    def test_a_claim_that_is_not_made_or_has_nothing(self):
        self.claimed(made=None)
        self.says(
            1,
            "diagnose",
            "failed   claim podbond-storage has no ResourceClaim yet, which is made from ResourceClaimTemplate storage-1a2b3c4d\n",
        )
        self.assertNotIn("Claims:", self.says(0, "describe").out)
        self.claimed()
        self.says(1, "diagnose", "failed   ResourceClaim web-0-storage-x7k2p does not exist\n")
        self.assertNotIn("Claims:", self.says(0, "describe").out)
        self.claimed(scene.claim("web-0-storage-x7k2p"))
        self.says(1, "diagnose", "failed   ResourceClaim web-0-storage-x7k2p has no devices: the scheduler has found none for it\n")
        self.assertNotIn("Claims:", self.says(0, "describe").out)

    def test_what_the_containers_request_may_be_claimed_for_them(self):
        self.claimed(
            scene.claim("web-0-storage-x7k2p", "vf-3b"),
            scene.claim("web-0-extended-resources-abcde", "vf-5e"),
            requested="web-0-extended-resources-abcde",
        )
        self.says(0, "describe", "  web-0-storage-x7k2p              member-1", "  web-0-extended-resources-abcde   member-1")
        self.says(
            0, "diagnose", "ok       ResourceClaim web-0-extended-resources-abcde, for what its containers request, has VF 0000:5e:02.0"
        )

    def test_claims_for_something_else_are_not_looked_at(self):
        pod = self.claimed(scene.claim("web-0-gpu-abcde", "gpu-0"))
        scene.claiming(pod, ("gpu", "gpu", "web-0-gpu-abcde"))
        self.assertNotIn("gpu", self.says(0, "describe").out)
        self.assertNotIn("gpu", self.says(0, "diagnose").out)
        self.assertEqual([], [one for one in self.server.requests if one.startswith("resource")])

    def test_what_may_not_be_read_is_said(self):
        self.claimed(scene.claim("web-0-storage-x7k2p", "vf-3b"))
        self.server.forbidden = {"resourceslices"}
        line = "web-0-storage-x7k2p   member-1   vf-3b    n2     -     -        -\n"
        described = self.bond("describe", "web-0")
        self.assertIn(line, described.out)
        self.assertIn("the ResourceSlices of the node could not be read", described.err)
        self.assertIn("ok       ResourceClaim web-0-storage-x7k2p has vf-3b of pool n2\n", self.bond("diagnose", "web-0").out)
        self.server.forbidden = {"resourceclaims"}
        self.assertIn("the ResourceClaims of the pod could not be read", self.bond("describe", "web-0").err)
        diagnosed = self.bond("diagnose", "web-0")
        self.assertEqual(3, diagnosed.code)
        self.assertIn("unknown  ResourceClaim web-0-storage-x7k2p could not be read\n", diagnosed.out)

    def test_a_pod_has_no_say_in_what_is_asked_for(self):
        for name in "--all", "../pods", "a b", "$(touch pwned)", "A", "x" * 254, "":
            with self.subTest(name):
                self.claimed(made=name)
                self.server.requests.clear()
                self.bond("diagnose", "web-0")
                self.assertEqual([], [one for one in self.server.requests if one.startswith("resource")])

    def test_of_many_claims_and_devices_32_are_looked_at(self):
        pod = self.claimed()
        scene.claiming(pod, *[(f"podbond-{i}", "template", f"claim-{i}") for i in range(40)])
        self.server.objects += [scene.claim(f"claim-{i}", *[f"vf-{k}" for k in range(40)]) for i in range(40)]
        for tools in TOOLS:
            described = self.bond("describe", "web-0", tools=tools).out
            self.assertEqual(32 * 32, described.count("   member-"))
            self.assertEqual(32, self.bond("diagnose", "web-0", tools=tools).out.count("ok       ResourceClaim claim-"))
