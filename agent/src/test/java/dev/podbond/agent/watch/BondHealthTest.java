package dev.podbond.agent.watch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podbond.bonding.option.BondMode;
import dev.podbond.json.JsonArray;
import dev.podbond.json.JsonBoolean;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// What `podbond status` calls a problem.
final class BondHealthTest {
  private static final InetAddress ADDRESS = InetAddress.ofLiteral("fd00::7");

  private static BondHealth bond(InetAddress... duplicates) {
    return new BondHealth(
        "bond0",
        BondMode.ACTIVE_BACKUP,
        Optional.of("net1"),
        true,
        List.of(new BondHealth.Member("net1", true, 0), new BondHealth.Member("net2", true, 0)),
        Optional.empty(),
        List.of(duplicates));
  }

  @Test
  void anAddressThatAnotherHostHasIsAProblemOfABondWhoseLinksAreAllWell() {
    assertThat(bond().problems(2)).isEmpty();
    assertThat(bond(ADDRESS).problems(2)).containsExactly("another host has its address fd00::7");
    assertThat(bond(ADDRESS).toJson(2).get("healthy")).contains(JsonBoolean.FALSE);
    assertThat(bond(ADDRESS).toJson(2).get("problems"))
        .contains(JsonArray.ofStrings(bond(ADDRESS).problems(2)));
  }

  @Test
  void thatAnotherHostHasAnAddressIsLoggedWhenItIsFoundAndWhenItIsOver() {
    assertThat(bond(ADDRESS).since(bond())).containsExactly("another host has fd00::7");
    assertThat(bond(ADDRESS).since(bond(ADDRESS))).isEmpty();
    assertThat(bond().since(bond(ADDRESS))).containsExactly("no other host has fd00::7 any more");
  }
}
