package dev.podbond.cli.machine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podbond.bonding.facts.HostUse;
import dev.podbond.bonding.facts.LinkFacts;
import dev.podbond.bonding.facts.LinkTuning;
import dev.podbond.bonding.facts.MemberFacts;
import dev.podbond.bonding.net.LinkRef;
import dev.podbond.value.IpPrefix;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

final class UseInWordsTest {
  private static final HostUse ROUTED = use(List.of("0.0.0.0/0", "10.2.0.0/16"), List.of());
  private static final HostUse UNDER = use(List.of("10.2.0.0/16"), List.of("vlan5", "mac0"));

  @Test
  void aLinkWithNothingOnItIsFree() {
    assertThat(of(HostUse.NONE, "fe80::1/64")).isEmpty();
  }

  @Test
  void aLinkWithAnAddressIsInUse() {
    assertThat(of(UNDER, "fe80::1/64", "10.0.0.1/24")).contains("it has the address 10.0.0.1/24");
    assertThat(of(HostUse.NONE, "fd00::1/64")).contains("it has the address fd00::1/64");
    assertThat(of(HostUse.NONE, "169.254.1.1/16"))
        .as("an IPv4 one is somebody's choice")
        .contains("it has the address 169.254.1.1/16");
  }

  @Test
  void aMemberIsInUse() {
    MemberFacts member =
        new MemberFacts(
            "br0",
            "bridge",
            true,
            true,
            Optional.empty(),
            0,
            OptionalInt.empty(),
            OptionalInt.empty());
    HostUse use = use(List.of(), List.of("br0"));

    assertThat(UseInWords.of(link(Optional.of(member)), use)).contains("it is a member of br0");
  }

  @Test
  void aLinkUnderAnotherIsInUse() {
    assertThat(of(UNDER)).contains("vlan5 is on top of it");
  }

  @Test
  void aLinkWithARouteIsInUse() {
    assertThat(of(ROUTED, "fe80::1/64")).contains("the route to 0.0.0.0/0 goes through it");
  }

  private static HostUse use(List<String> routes, List<String> uppers) {
    return new HostUse(
        routes.stream().map(text -> IpPrefix.parse(text).orElseThrow()).toList(), uppers, 0);
  }

  private static Optional<String> of(HostUse use, String... addresses) {
    return UseInWords.of(link(Optional.empty(), addresses), use);
  }

  private static LinkFacts link(Optional<MemberFacts> member, String... addresses) {
    return new LinkFacts(
        LinkRef.host("ens1v0"),
        7,
        Set.of(),
        "",
        LinkFacts.Type.ETHERNET,
        Optional.empty(),
        1500,
        true,
        true,
        member,
        Optional.empty(),
        Optional.empty(),
        Stream.of(addresses).map(text -> IpPrefix.parse(text).orElseThrow()).toList(),
        LinkTuning.UNKNOWN);
  }
}
