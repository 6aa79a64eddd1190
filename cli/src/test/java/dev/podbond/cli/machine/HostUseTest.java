package dev.podbond.cli.machine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podbond.bonding.facts.LinkFacts;
import dev.podbond.bonding.facts.LinkTuning;
import dev.podbond.bonding.facts.MemberFacts;
import dev.podbond.bonding.net.IpPrefix;
import dev.podbond.bonding.net.LinkRef;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class HostUseTest {
  @TempDir Path root;

  @Test
  void aLinkWithNothingOnItIsFree() throws Exception {
    routes("Iface\tDestination\nens1v00\t00000000\t0101A8C0\n", "");

    assertThat(use("fe80::1/64")).isEmpty();
  }

  @Test
  void withoutRoutesToReadItsAddressesAreLookedAtAllTheSame() throws Exception {
    assertThat(use()).isEmpty();
    assertThat(use("fe80::1/64", "10.0.0.1/24")).contains("it has the address 10.0.0.1/24");
    assertThat(use("fd00::1/64")).contains("it has the address fd00:0:0:0:0:0:0:1/64");
  }

  @Test
  void aMemberIsInUse() throws Exception {
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

    assertThat(hostUse().of(link(Optional.of(member)))).contains("it is a member of br0");
  }

  @Test
  void aLinkUnderAnotherIsInUse() throws Exception {
    Files.createDirectories(root.resolve("sys/class/net/ens1v0/upper_vlan5"));

    assertThat(use()).contains("vlan5 is on top of it");
  }

  @Test
  void aLinkWithARouteIsInUse() throws Exception {
    routes("Iface\tDestination\nens1v0\t00000000\t0101A8C0\n", "");
    assertThat(use()).contains("a route goes through it");

    routes("", "fe800000 40 00000000 00 00000000 00000100 00000001 00000000 00000001   ens1v0\n");
    assertThat(use()).isEmpty();
    routes("", "20010db8 20 00000000 00 00000000 00000100 00000001 00000000 00000001   ens1v0\n");
    assertThat(use()).contains("a route goes through it");
  }

  private void routes(String ipv4, String ipv6) throws IOException {
    Files.createDirectories(root.resolve("proc"));
    Files.writeString(root.resolve("proc/route"), ipv4);
    Files.writeString(root.resolve("proc/ipv6_route"), ipv6);
  }

  private HostUse hostUse() {
    return new HostUse(root.resolve("sys"), root.resolve("proc"));
  }

  private Optional<String> use(String... addresses) throws IOException {
    return hostUse().of(link(Optional.empty(), addresses));
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
