"""The page that `map` draws: well formed whatever comes in, and with every word that a colour says."""

import re
import xml.etree.ElementTree as xml

import scene
import test_hostile
from case import TOOLS, BondCase

HTML = "{http://www.w3.org/1999/xhtml}"
SVG = "{http://www.w3.org/2000/svg}"


class MapTest(BondCase):
    def page(self, *arguments, **options):
        result = self.bond("map", *arguments, **options)
        self.assertNotIn("syntax", result.err)
        return result, xml.fromstring(result.out.replace("<!DOCTYPE html>", "", 1))

    @staticmethod
    def words(element):
        return [one.text or "" for one in element.iter(SVG + "text")]

    def section(self, page, node):
        return next(one for one in page.iter(HTML + "section") if "".join(one[0].itertext()).startswith(f"node {node}"))

    def test_each_node_has_a_part_with_its_name_and_all_tools_draw_the_same(self):
        pages = set()
        for tools in TOOLS:
            result, page = self.page(tools=tools)
            self.assertEqual((0, ""), (result.code, result.err))
            pages.add(result.out)
        self.assertEqual(1, len(pages))
        heads = ["".join(one.itertext()) for one in page.iter(HTML + "h2")]
        self.assertEqual(
            [
                "node n1 redundancy is lost",
                "node n2",
                "node n7 its agent is silent, and nobody knows whether this still holds",
            ],
            heads,
        )
        self.assertEqual("Bonds of the cluster, 2026-11-30T00:14:12Z", next(page.iter(HTML + "h1")).text)
        total = "".join(next(one for one in page.iter(HTML + "p") if one.get("class") == "sum").itertext())
        self.assertIn("6 bond(s) on 3 node(s): 3 Healthy, 1 Degraded, 1 Down, 1 Unknown.", total)

    def test_what_is_lost_is_red_and_says_so(self):
        _, page = self.page()
        lost = self.section(page, "n1")
        red = [one.text for one in lost.iter(SVG + "text") if one.get("class") == "bad"]
        self.assertEqual(
            ["no carrier", "no carrier", "down", "down", "Down, 0 of 2 up", "down", "Degraded, 1 of 2 up"], red
        )
        # A card, a PF, three members and two bonds.
        self.assertEqual(7, sum(one.get("class") == "box lost" for one in lost.iter(SVG + "rect")))
        self.assertIn("up, active", self.words(lost))
        well = self.section(page, "n2")
        self.assertEqual([], [one for one in well.iter() if "lost" in one.get("class", "") or one.get("class") == "bad"])
        self.assertIn("switch 00:1c:73:aa:bb:cc", self.words(well))
        for word in "0000:3b:00", "ens1f0", "3 of 3 members up", "0000:3b:02.1", "demo/store-0", "802.3ad":
            self.assertIn(word, self.words(well))
        silent = self.section(page, "n7")
        self.assertNotIn("up", self.words(silent))
        self.assertIn("Unknown", self.words(silent))

    def test_an_uplink_that_is_bad_behind_a_carrier_is_red_and_says_so(self):
        self.server.objects = scene.bad_uplink()
        for tools in TOOLS:
            _, page = self.page(tools=tools)
            part = self.section(page, "n3")
            red = [one.text for one in part.iter(SVG + "text") if one.get("class") == "bad"]
            self.assertEqual(["2 of 3 up, uplink bad", "held", "Degraded, 1 of 2 up"], red)
            # A PF, a member and a bond.
            self.assertEqual(3, sum(one.get("class") == "box lost" for one in part.iter(SVG + "rect")))
            titles = [one.text for one in part.iter(SVG + "title")]
            self.assertIn(
                f"PF ens1f0 (0000:3b:00.0): 2 of 3 members up, carrier, uplink bad: {scene.UPLINK}", titles
            )
            self.assertIn("PF ens2f0 (0000:5e:00.0): 1 of 1 members up, carrier, uplink good", titles)

    def test_titles_say_what_has_no_room(self):
        _, page = self.page("n1")
        titles = [one.text for one in page.iter(SVG + "title")]
        self.assertIn("member net1 of bond0: down, VF 0000:3b:02.0 (iavf) of PF ens1f0 (0000:3b:00.0)", titles)
        self.assertIn(
            "bond bond0 of demo/web-1: Degraded, 1 of 2 up, active-backup, survives cable,port,card?, "
            f"since 2026-11-30T00:10:00Z: {scene.CAUSE}; member net1 has no link",
            titles,
        )

    def test_it_takes_the_filters_of_tree(self):
        for arguments, nodes in (
            (["n2"], ["n2"]), (["node/n2"], ["n2"]), (["--node", "n7"], ["n7"]), (["-n", "jobs"], ["n1"]),
            (["--network", "backup"], ["n2"]), (["--unhealthy"], ["n1", "n7"]), (["-A"], ["n1", "n2", "n7"]),
        ):
            with self.subTest(arguments):
                _, page = self.page(*arguments)
                self.assertEqual(nodes, [one.text.split()[1] for one in page.iter(HTML + "h2")])
        self.assertEqual(1, self.bond("map", "n9").code)
        self.assertEqual(2, self.bond("map", "-o", "wide").code)

    def test_what_was_not_read_is_on_the_page(self):
        self.server.forbidden = {"bondnodestates"}
        result, page = self.page()
        self.assertEqual(1, result.code)
        self.assertIn("could not be read", "".join(page.itertext()))
        self.server.forbidden = {"pods"}
        _, page = self.page()
        self.assertIn("nobody knows which of this is old", "".join(page.itertext()))

    def test_no_text_is_markup_and_nothing_runs(self):
        for text in [*test_hostile.TEXTS, *test_hostile.MARKUP, "\u00e4" * 300]:
            test_hostile.HostileTest.everywhere(self, text)
            for tools in TOOLS:
                with self.subTest(text=text[:40], tools=tools):
                    result, page = self.page(tools=tools)
                    self.assertEqual(
                        {"html", "head", "meta", "title", "style", "body", "h1", "h2", "b", "p", "section"},
                        {one.tag[len(HTML):] for one in page.iter() if one.tag.startswith(HTML)},
                    )
                    self.assertEqual(
                        {"svg", "g", "title", "text", "rect", "path"},
                        {one.tag[len(SVG):] for one in page.iter() if one.tag.startswith(SVG)},
                    )
                    self.assertFalse(re.search(r" on\w+=|href|src=", re.sub(r">[^<]*<", "><", result.out)))
                    for one in page.iter(SVG + "text"):
                        self.assertLessEqual(len((one.text or "").encode()), 40)

    def test_many_bonds_are_drawn_one_below_the_other(self):
        self.server.objects = [scene.agent("n1"), scene.report("n1", [scene.pf("ens1f0"), scene.pf("ens2f0")], [
            scene.bond(f"web-{i}", [scene.member("net1", "ens1f0"), scene.member("net2", "ens2f0")]) for i in range(200)
        ])]
        _, page = self.page()
        svg = next(page.iter(SVG + "svg"))
        self.assertEqual("9624", svg.get("height"))
        rows = [one.get("y") for one in svg.iter(SVG + "rect") if one.get("width") == "440"]
        self.assertEqual(400, len(set(rows)))
