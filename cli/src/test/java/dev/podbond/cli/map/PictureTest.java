package dev.podbond.cli.map;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podbond.cli.bond.KnownBond;
import dev.podbond.cli.bond.NodeBonds;
import dev.podbond.cli.bond.SomeBonds;
import dev.podbond.cluster.observed.Health;
import dev.podbond.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.w3c.dom.Element;

/// Pictures as a browser gets them.
final class PictureTest {
  private static final Path EXPECTED = Path.of("src/test/resources/dev/podbond/cli/map");
  private static final String TITLE = "Bonds of this node, 2026-01-02T03:04:05Z";

  /// With -Dpodbond.write it writes what it then expects.
  private static void expect(String file, String picture) throws Exception {
    if (Boolean.getBoolean("podbond.write")) {
      Files.createDirectories(EXPECTED);
      Files.writeString(EXPECTED.resolve(file), picture);
    }
    assertThat(picture).isEqualTo(Files.readString(EXPECTED.resolve(file)));
  }

  @Test
  void threeBondsAreDrawnAsTheyWere() throws Exception {
    expect("three.svg", SvgPicture.file(SomePictures.three(), TITLE));
  }

  @Test
  void bondsThatAreNotWellAreDrawnAsTheyWere() throws Exception {
    expect("degraded.html", HtmlPage.of(SomePictures.degraded(), TITLE));
  }

  @Test
  void aLargeNodeIsDrawnWithinTwoMebibytes() throws Exception {
    String page = HtmlPage.of(SomePictures.large(), TITLE);
    assertThat(page.length()).isLessThan(2 * 1024 * 1024);
    assertThat(Drawn.read(page).ofClass("g", "bond")).hasSize(200);
  }

  /// Of whatever number of bonds.
  @Test
  void eachBondIsDrawnOnceAndNoBoxLiesOnAnother() throws Exception {
    long seed = Long.getLong("podbond.seed", 7L);
    Random random = new Random(seed);
    for (int count : new int[] {0, 1, 2, 3, 5, 8, 13, 21, 34, 55, 89, 200}) {
      List<KnownBond> bonds = SomePictures.any(random, count);
      int half = count / 2;
      Topology topology =
          Topology.of(
              List.of(
                  new NodeBonds("node-1", bonds.subList(0, half)),
                  new NodeBonds("node-2", bonds.subList(half, count))));
      for (String picture :
          List.of(SvgPicture.file(topology, TITLE), HtmlPage.of(topology, TITLE))) {
        Drawn drawn = Drawn.read(picture);
        assertThat(drawn.ofClass("g", "bond")).as("seed %d", seed).hasSize(count);
        assertThat(drawn.ofClass("g", "member"))
            .as("seed %d", seed)
            .hasSize(bonds.stream().mapToInt(bond -> bond.members().size()).sum());
        noneOverlap(drawn, "seed %d, %d bonds".formatted(seed, count));
      }
    }
  }

  private static void noneOverlap(Drawn drawn, String which) {
    List<Drawn.Rect> boxes = drawn.boxes();
    for (int i = 0; i < boxes.size(); i++) {
      Drawn.Rect box = boxes.get(i);
      assertThat(
              box.x() >= 0
                  && box.y() >= 0
                  && box.x() + box.width() <= drawn.width()
                  && box.y() + box.height() <= drawn.height())
          .as("%s: %s is in the picture", which, box)
          .isTrue();
      for (int k = 0; k < i; k++) {
        assertThat(box.overlaps(boxes.get(k)))
            .as("%s: %s on %s", which, box, boxes.get(k))
            .isFalse();
      }
    }
  }

  /// In a font whose characters are six tenths as wide as they are high.
  @Test
  void everyTextEndsInItsBox() throws Exception {
    List<KnownBond> bonds = new ArrayList<>(SomePictures.any(new Random(3), 60));
    bonds.add(
        SomePictures.partnered(
            SomeBonds.said("d".repeat(400), "m".repeat(90), "", Health.DEGRADED, longMembers()),
            "02:00:00:00:00:fe"));
    bonds.add(
        SomePictures.partnered(
            SomeBonds.said("demo/db", "802.3ad", "", Health.HEALTHY, "net1 up", "net2 up"),
            "02:00:00:00:00:fe"));
    for (List<KnownBond> some : List.of(bonds, bonds.subList(58, 62))) {
      Drawn drawn = Drawn.read(SvgPicture.file(SomePictures.of(some), TITLE));
      double font = Drawn.number(drawn.elements("svg").getFirst(), "font-size");
      int texts = 0;
      for (Element box : drawn.ofClass("rect", "box")) {
        for (Element text : textsBeside(box)) {
          texts++;
          double end = Drawn.number(text, "x") + text.getTextContent().length() * font * 0.6;
          assertThat(end)
              .as(text.getTextContent())
              .isLessThanOrEqualTo(Drawn.number(box, "x") + Drawn.number(box, "width"));
          assertThat(Drawn.number(text, "y"))
              .isBetween(
                  Drawn.number(box, "y"), Drawn.number(box, "y") + Drawn.number(box, "height"));
        }
      }
      assertThat(texts).isGreaterThan(10);
    }
  }

  private static List<Element> textsBeside(Element box) {
    List<Element> texts = new ArrayList<>();
    for (var at = box.getNextSibling(); at != null; at = at.getNextSibling()) {
      if (at instanceof Element element && element.getLocalName().equals("text")) {
        texts.add(element);
      }
    }
    return texts;
  }

  private static String[] longMembers() {
    return Stream.iterate(0, i -> i + 1)
        .limit(3000)
        .map(i ->
            "a-very-long-name-of-a-member%d missing %s 0000:3b:00.0".formatted(i, "pf".repeat(40)))
        .toArray(String[]::new);
  }

  @ParameterizedTest
  @FieldSource("dev.podbond.cli.map.SomePictures#HOSTILE")
  void noNameIsMarkup(String name) throws Exception {
    KnownBond bond = SomePictures.hostile(name);
    Topology topology = Topology.of(List.of(new NodeBonds(name, List.of(bond))));
    String picture = SvgPicture.file(topology, name);
    Drawn svg = Drawn.read(picture);
    assertThat(svg.elements("script")).isEmpty();
    assertThat(svg.elements("img")).isEmpty();
    assertThat(svg.attributes()).noneMatch(attribute -> attribute.startsWith("on"));
    assertThat(svg.ofClass("g", "bond")).hasSize(1);
    noneOverlap(svg, name);

    String page = HtmlPage.of(topology, name);
    Drawn html = Drawn.read(page);
    assertThat(html.elements("script")).hasSize(1);
    assertThat(html.elements("style")).hasSize(1);
    assertThat(html.attributes()).noneMatch(attribute -> attribute.startsWith("on"));
    // What a browser ends a script, a style or a comment at stands nowhere but at their ends.
    assertThat(page.split("</script", -1)).hasSize(2);
    assertThat(page.split("</style", -1)).hasSize(2);
    assertThat(page).doesNotContain("<!--", "<![CDATA[");
    assertThat(page + picture)
        .as("characters without a shape")
        .matches(text -> text.chars().noneMatch(c -> c != '\n' && Character.isISOControl(c)))
        .doesNotContain("\u202e", "\u2028", "\ufffe", "\uffff");
  }

  /// Leaves them below `target/map`, where `testing/browser` has a real browser read them.
  @Test
  void aBrowserFindsTheHostileAndTheLargePage() throws Exception {
    Path left = Files.createDirectories(Path.of("target/map"));
    List<KnownBond> hostile = SomePictures.HOSTILE.stream().map(SomePictures::hostile).toList();
    String page = HtmlPage.of(SomePictures.of(hostile), String.join(" ", SomePictures.HOSTILE));
    assertThat(Drawn.read(page).ofClass("g", "pod")).hasSize(SomePictures.HOSTILE.size());
    Files.writeString(left.resolve("hostile.html"), page);
    Files.writeString(left.resolve("large.html"), HtmlPage.of(SomePictures.large(), TITLE));
  }

  @Test
  void aMillionCharactersAreCut() throws Exception {
    String name = "x<".repeat(500_000);
    KnownBond bond =
        SomePictures.bond(name, name, "", Health.DOWN, name + "1 up " + name + " " + name);
    String page = HtmlPage.of(SomePictures.of(List.of(bond)), name);
    assertThat(page.length()).isLessThan(40_000);
    assertThat(Drawn.read(page).ofClass("g", "bond")).hasSize(1);
  }

  @Test
  void ofTooManyTheWorstAreDrawnAndTheOthersCounted() throws Exception {
    List<KnownBond> bonds =
        new ArrayList<>(
            Collections.nCopies(
                20_000, SomePictures.bond("demo/a", "802.3ad", "", Health.HEALTHY)));
    bonds.add(SomePictures.bond("demo/last", "802.3ad", "", Health.DOWN, longMembers()));
    Drawn drawn = Drawn.read(SvgPicture.file(SomePictures.of(bonds), TITLE));

    assertThat(drawn.ofClass("g", "bond")).hasSize(Topology.MOST_BONDS);
    assertThat(drawn.ofClass("g", "bond").getFirst().getAttribute("aria-label"))
        .startsWith("bond bond0 of pod demo/last: Down");
    assertThat(drawn.ofClass("g", "member")).hasSize(Layout.MOST_MEMBERS);
    String all = drawn.elements("svg").getFirst().getTextContent();
    assertThat(all)
        .contains("20001 bonds: 1 Down, 20000 Healthy; 18001 have no room here")
        .contains("2984 more members");
  }

  /// Nothing is told by colour alone.
  @Test
  void whateverIsRedHasAWord() throws Exception {
    Drawn drawn = Drawn.read(SvgPicture.file(SomePictures.degraded(), TITLE));
    List<Element> red = drawn.ofClass("rect", "lost");
    assertThat(red).hasSizeGreaterThanOrEqualTo(7);
    for (Element box : red) {
      assertThat(textsBeside(box).stream().map(Element::getTextContent).toList().toString())
          .containsAnyOf("down", "missing", "Down", "Degraded", "lost", "nothing up");
    }
    assertThat(drawn.ofClass("g", "bond"))
        .extracting(bond -> bond.getAttribute("aria-label"))
        .anySatisfy(label ->
            assertThat(label)
                .isEqualTo(
                    "bond bond0 of pod demo/web-0: Degraded, 1 of 2 up, mode active-backup, since"
                        + " 2026-01-02T03:04:05Z: something is wrong"));
  }

  @Test
  void thePageAsksNoNetworkAndItsPolicyKnowsItsOwnScriptAlone() throws Exception {
    String page = HtmlPage.of(SomePictures.degraded(), TITLE);
    Drawn drawn = Drawn.read(page);
    assertThat(drawn.attributes()).doesNotContain("src", "href", "action", "xlink:href", "style");
    assertThat(page).doesNotContain("url(", "@import", "fetch(", "XMLHttpRequest");
    String policy =
        drawn.elements("meta").stream()
            .map(meta -> meta.getAttribute("content"))
            .filter(content -> content.startsWith("default-src"))
            .findFirst()
            .orElseThrow();
    assertThat(policy)
        .isEqualTo(
            "default-src 'none'; style-src '%s'; script-src '%s'"
                .formatted(
                    hash(drawn.elements("style").getFirst().getTextContent()),
                    hash(drawn.elements("script").getFirst().getTextContent())));
    assertThat(drawn.elements("noscript")).hasSize(1);
    assertThat(drawn.elements("form").getFirst().hasAttribute("hidden")).isTrue();
  }

  private static String hash(String text) throws Exception {
    return "sha256-"
        + Base64.getEncoder()
            .encodeToString(
                MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
  }

  @Test
  void whatABondSurvivesIsBesideItWhereItIsKnown() throws Exception {
    KnownBond bond =
        SomePictures.surviving(
            "{\"failure\": \"cable\", \"answer\": \"Yes\", \"how\": \"PCIAddress\"}",
            "{\"failure\": \"card\", \"answer\": \"Probably\", \"how\": \"PCIAddress\"}");
    Element drawn =
        Drawn.read(SvgPicture.file(SomePictures.of(List.of(bond)), TITLE))
            .ofClass("g", "bond")
            .getFirst();
    assertThat(drawn.getAttribute("aria-label"))
        .contains("mode active-backup, survives cable,card?");
    assertThat(drawn.getTextContent()).contains("survives cable,card?");
  }

  @Test
  void aBondHasItsSwitchWhereLacpKnowsIt() throws Exception {
    JsonObject said =
        SomeBonds.said("demo/db", "802.3ad", "", Health.HEALTHY, "net1 up", "net2 up");
    Element drawn =
        Drawn.read(
                SvgPicture.file(
                    SomePictures.of(List.of(SomePictures.partnered(said, "02:00:00:00:00:fe"))),
                    TITLE))
            .ofClass("g", "bond")
            .getFirst();
    assertThat(drawn.getAttribute("aria-label"))
        .contains("mode 802.3ad, LACP partner 02:00:00:00:00:fe, since");
    assertThat(drawn.getTextContent()).endsWith("switch 02:00:00:00:00:fe");
    assertThat(SvgPicture.file(SomePictures.of(List.of(KnownBond.of(said))), TITLE))
        .doesNotContain("switch", "partner");
  }

  @Test
  void whatIsBehindAPfIsInItsTooltipAndRedWhereItIsBad() throws Exception {
    List<KnownBond> bonds =
        List.of(
            SomePictures.bond(
                "demo/web",
                "active-backup",
                "net1",
                Health.HEALTHY,
                "net1 up ens1f0 0000:3b:00.0",
                "net2 up ens2f0 0000:5e:00.0",
                "net3 up ens3f0 0000:5f:00.0",
                "net4 down ens4f0 0000:60:00.0"));
    Drawn drawn =
        Drawn.read(
            SvgPicture.file(
                SomePictures.upstream(
                    bonds,
                    pf("ens1f0", "0000:3b:00.0", "bad", "LACP of the host's bond up0: expired"),
                    pf("ens2f0", "0000:5e:00.0", "good", "")
                        .replaceFirst(
                            "}$",
                            ",\"neighbour\":{\"chassis\":\"00:1c:73:aa:bb:01\",\"port\":\"1\"}}"),
                    pf("ens4f0", "0000:60:00.0", "bad", "no carrier")),
                TITLE));
    assertThat(drawn.elements("title"))
        .extracting(Element::getTextContent)
        .contains(
            "PF ens1f0 (0000:3b:00.0), 1 of 1 members up, upstream bad: LACP of the host's bond"
                + " up0: expired",
            "PF ens2f0 (0000:5e:00.0), 1 of 1 members up, upstream good, neighbour"
                + " 00:1c:73:aa:bb:01, port 1",
            "PF ens3f0 (0000:5f:00.0), 1 of 1 members up",
            "PF ens4f0 (0000:60:00.0), 0 of 1 members up: lost, upstream bad: no carrier");
    List<String> red =
        drawn.ofClass("rect", "lost").stream()
            .map(box -> textsBeside(box).getLast().getTextContent())
            .toList();
    assertThat(red).contains("1 of 1 up, upstream bad", "0 of 1 members up: lost");
    assertThat(red).doesNotContain("1 of 1 members up");
  }

  private static String pf(String name, String pci, String state, String why) {
    return JsonObject.builder()
        .put("name", name)
        .put("pci", pci)
        .put("upstream", JsonObject.builder().put("state", state).put("why", why).build())
        .putIfPresent(
            "neighbour",
            Optional.of(why).filter(text -> text.length() > 100),
            text -> JsonObject.builder().put("unknown", text).build())
        .build()
        .toString();
  }

  /// Whatever an agent says of switches.
  @Test
  void noPartnerAndNoUpstreamIsMarkup() throws Exception {
    String name = "\"><script>alert(1)</script>" + "x".repeat(1000) + "\u001b\u202e";
    KnownBond bond =
        SomePictures.partnered(
            SomeBonds.said(
                "demo/db", "802.3ad", "", Health.HEALTHY, "net1 up a 0000:3b:00.0", "net2 up"),
            name);
    for (String state : List.of("bad", name)) {
      String picture =
          SvgPicture.file(
              SomePictures.upstream(List.of(bond), pf("a", "0000:3b:00.0", state, name)), TITLE);
      Drawn svg = Drawn.read(picture);
      assertThat(svg.elements("script")).isEmpty();
      assertThat(svg.attributes()).noneMatch(attribute -> attribute.startsWith("on"));
      noneOverlap(svg, state);
      assertThat(picture).hasSizeLessThan(20_000).doesNotContain("\u001b", "\u202e");
    }
  }
}
