package dev.podbond.cli.impact;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.podbond.cli.bond.KnownPf;
import dev.podbond.cli.impact.Outage.Scope;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class OutageTest {
  private static final KnownPf FIRST = new KnownPf("ens1f0", "0000:3b:00.0");
  private static final KnownPf SECOND = new KnownPf("ens1f1", "0000:3b:00.1");
  private static final KnownPf OTHER = new KnownPf("ens2f0", "0001:5e:00.0");
  private static final List<KnownPf> KNOWN = List.of(FIRST, SECOND, OTHER);

  private static List<KnownPf> pfs(List<String> names, List<String> cards) throws Exception {
    return Outage.of(Scope.THIS_NODE, KNOWN, names, cards).pfs();
  }

  @Test
  void aPfIsNamedByItsInterfaceOrByItsAddress() throws Exception {
    assertThat(pfs(List.of("ens1f0"), List.of())).containsExactly(FIRST);
    assertThat(pfs(List.of("0000:3B:00.1"), List.of())).containsExactly(SECOND);
    assertThat(pfs(List.of("3b:00.1"), List.of())).containsExactly(SECOND);
    assertThat(pfs(List.of("ens2f0", "ens1f0"), List.of())).containsExactly(FIRST, OTHER);
  }

  @Test
  void aCardGoesWithAllItsPfs() throws Exception {
    assertThat(pfs(List.of(), List.of("0000:3b:00"))).containsExactly(FIRST, SECOND);
    assertThat(pfs(List.of(), List.of("3b:00"))).containsExactly(FIRST, SECOND);
    assertThat(pfs(List.of("ens1f0"), List.of("0001:5e:00.0"))).containsExactly(FIRST, OTHER);
  }

  @Test
  void whatIsNotKnownIsNamedBesideWhatIs() {
    assertThatThrownBy(() -> pfs(List.of("eth9"), List.of()))
        .isInstanceOf(UnknownPfException.class)
        .hasMessage(
            "no bond of this node has a member on a PF \"eth9\"; its bonds have members on"
                + " ens1f0 (0000:3b:00.0), ens1f1 (0000:3b:00.1), ens2f0 (0001:5e:00.0)");
    assertThatThrownBy(() -> pfs(List.of(), List.of("5e:00")))
        .hasMessageEndingWith("its bonds have members on 0000:3b:00, 0001:5e:00");
    // A PF without an address is on no card, and an empty text is no name.
    assertThatThrownBy(
            () -> Outage.of(Scope.THIS_NODE, List.of(new KnownPf("a", "")), List.of(""), List.of()))
        .isInstanceOf(UnknownPfException.class);
    assertThatThrownBy(
            () -> Outage.of(Scope.THIS_NODE, List.of(new KnownPf("a", "")), List.of(), List.of("")))
        .hasMessageEndingWith("its agent knows of no card of a bond's member");
  }

  @Test
  void ofNodesInAFileItIsNotSaidThatTheyAreThisOne() {
    assertThatThrownBy(
            () -> Outage.of(Scope.REPORTED_NODES, List.of(FIRST), List.of("eth9"), List.of()))
        .hasMessage(
            "no bond of these nodes has a member on a PF \"eth9\"; their bonds have members on"
                + " ens1f0 (0000:3b:00.0)");
    assertThatThrownBy(
            () -> Outage.of(Scope.REPORTED_NODES, List.of(), List.of(), List.of("3b:00")))
        .hasMessage(
            "no bond of these nodes has a member on a card \"3b:00\"; their reports know of no"
                + " card of a bond's member");
  }

  @Test
  void ofVeryManyAFewAreNamed() {
    List<KnownPf> many =
        IntStream.range(0, 10_000).mapToObj(i -> new KnownPf("pf" + i, "")).toList();
    assertThatThrownBy(() -> Outage.of(Scope.THIS_NODE, many, List.of("x"), List.of()))
        .hasMessageEndingWith("pf19 and 9980 more");
  }
}
