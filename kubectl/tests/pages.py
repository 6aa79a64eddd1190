"""Writes pages of `kubectl bond map` for testing/browser: cluster.html, hostile.html and large.html.
Usage: KUBECTL=... pages.py DIRECTORY"""

import os
import sys

import scene
import test_hostile
from case import BondCase


class Pages(BondCase):
    def write(self, name, objects):
        self.server.objects = objects
        result = self.bond("map")
        if result.code or result.err:
            sys.exit(f"kubectl bond map ended with {result.code}: {result.err}")
        with open(os.path.join(sys.argv[1], name), "w") as file:
            file.write(result.out)


def hostile():
    """A node for each text, which has its name; a name that is empty is none."""
    for text in filter(None, test_hostile.TEXTS + test_hostile.MARKUP):
        yield scene.agent(text)
        yield test_hostile.report(text, text)


def large():
    """The 200 bonds of a node, of which five have lost a member."""
    yield scene.agent("n1")
    bonds = [
        scene.bond(
            f"frontend-7d9c5b6f4-{i:05}",
            [scene.member("net1", "ens1f0", "down" if i % 40 == 7 else "up"), scene.member("net2", "ens2f0")],
            "Degraded" if i % 40 == 7 else "Healthy",
            "production",
            active="net2",
        )
        for i in range(200)
    ]
    yield scene.report("n1", [scene.pf("ens1f0", members=200), scene.pf("ens2f0", members=200)], bonds)


Pages.setUpClass()
try:
    pages = Pages()
    pages.write("cluster.html", scene.cluster())
    pages.write("hostile.html", list(hostile()))
    pages.write("large.html", list(large()))
finally:
    Pages.doClassCleanups()
