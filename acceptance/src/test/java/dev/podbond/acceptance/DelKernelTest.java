package dev.podbond.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// DEL succeeds, whatever has happened since ADD, and removes nothing that is not ours.
class DelKernelTest extends PodTest {
  @BeforeEach
  void twoMembers() throws Exception {
    pod.withDummies("net1", "net2");
  }

  private void requireNoTrace() throws Exception {
    assertThat(pod.ip().find("bond0")).isEmpty();
    assertThat(node.state()).isEmpty();
    assertThat(node.reservations()).isEmpty();
  }

  @Test
  void everythingIsAsBefore() throws Exception {
    pod.ip().run("link set net1 up");
    pod.ip().run("link set net2 mtu 1400");
    Snapshot before = node.snapshot(pod);
    PluginCall bond = bond("'failOverMac': 0," + node.hostLocal("10.7.7.0/24"));
    bond.add().ok();
    bond.del().ok();
    assertThat(node.snapshot(pod).lines()).isEqualTo(before.lines());
  }

  @Test
  void aConfigurationThatHasBecomeWrongDoesNotMatter() throws Exception {
    PluginCall bond = bond(node.hostLocal("10.7.7.0/24"));
    bond.add().ok();
    bond.with("'mode': 'nonsense', 'links': [], 'miimon': {}").del().ok();
    requireNoTrace();
  }

  /// DEL gets the configuration of its own time, perhaps without the IPAM plugin that ADD used.
  @Test
  void theAddressIsReleasedEvenIfTheConfigurationHasForgottenIpam() throws Exception {
    PluginCall bond = bond(node.hostLocal("10.7.7.0/24"));
    bond.add().ok();
    bond.without("ipam").del().ok();
    requireNoTrace();
  }

  @Test
  void missingMembersDoNotMatter() throws Exception {
    PluginCall bond = bond("");
    bond.add().ok();
    pod.ip().run("link delete net1");
    pod.ip().run("link delete net2");
    bond.del().ok();
    requireNoTrace();
  }

  @Test
  void aBondThatIsGoneDoesNotMatter() throws Exception {
    PluginCall bond = bond(node.hostLocal("10.7.7.0/24"));
    bond.add().ok();
    pod.ip().run("link delete bond0");
    bond.del().ok();
    requireNoTrace();
    assertThat(pod.ip().find("net1")).isPresent();
  }

  @Test
  void aNamespaceThatIsGoneDoesNotMatter() throws Exception {
    PluginCall bond = bond(node.hostLocal("10.7.7.0/24"));
    bond.add().ok();
    pod.destroy();
    bond.del().ok();
    assertThat(node.state()).isEmpty();
    assertThat(node.reservations()).isEmpty();
  }

  /// The runtime leaves CNI_NETNS empty when it knows that the namespace is gone.
  @Test
  void anEmptyNetnsDoesNotMatter() throws Exception {
    PluginCall bond = bond(node.hostLocal("10.7.7.0/24"));
    bond.add().ok();
    pod.destroy();
    bond.withNetns("").del().ok();
    assertThat(node.state()).isEmpty();
    assertThat(node.reservations()).isEmpty();
  }

  /// A path below /proc belongs to the process that has the id now, and that may be one of the
  /// host's.
  @Test
  void aRecordWhosePathLeadsToTheHostByNowTakesNothingFromTheHost() throws Exception {
    Path path = Files.createSymbolicLink(node.plugins().resolve("netns"), pod.netns());
    PluginCall bond = bond(node.hostLocal("10.7.7.0/24")).withNetns(path.toString());
    bond.add().ok();
    Files.delete(path);
    Files.createSymbolicLink(path, Path.of("/proc/self/ns/net"));
    Iproute2.ofHost().run("link add bond0 type bond");
    try {
      bond.withNetns("").del().ok();
      assertThat(Iproute2.ofHost().find("bond0")).isPresent();
      assertThat(node.state()).isEmpty();
      assertThat(node.reservations()).isEmpty();
    } finally {
      Iproute2.ofHost().run("link delete bond0");
    }
  }

  /// A runtime mounts a namespace where another one was, and the kernel reuses process ids.
  @Test
  void aRecordWhosePathLeadsToAnotherPodByNowTakesNothingFromIt() throws Exception {
    Path path = Files.createSymbolicLink(node.plugins().resolve("netns"), pod.netns());
    PluginCall bond = bond(node.hostLocal("10.7.7.0/24")).withNetns(path.toString());
    Outcome added = bond.add().ok();
    try (Pod other = Pod.create().withDummies("net1", "net2")) {
      other.ip().run("link add bond0 type bond mode active-backup");
      for (String member : List.of("net1", "net2")) {
        other.ip().run("link set " + member + " master bond0");
      }
      other.ip().run("address add 10.8.8.8/24 dev bond0");
      Files.delete(path);
      Files.createSymbolicLink(path, other.netns());

      bond.check(added).failed(103, path.toString(), "is not the one in which");
      bond.del().ok();

      assertThat(other.ip().addresses("bond0")).containsExactly("10.8.8.8/24");
      for (String member : List.of("net1", "net2")) {
        assertThat(other.ip().link(member).master()).isEqualTo("bond0");
      }
      assertThat(node.state()).isEmpty();
      assertThat(node.reservations()).isEmpty();
    }
  }

  /// Unmounting a namespace leaves an ordinary file.
  @Test
  void aNetnsThatIsAPlainFileDoesNotMatter() throws Exception {
    Path file = Files.createFile(node.plugins().resolve("netns"));
    bond("").withNetns(file.toString()).del().ok();
  }

  @Test
  void delWithoutAddSucceeds() throws Exception {
    Snapshot before = node.snapshot(pod);
    bond(node.hostLocal("10.7.7.0/24")).del().ok();
    bond("'mode': 'nonsense'").del().ok();
    assertThat(node.snapshot(pod).lines()).isEqualTo(before.lines());
  }

  /// The preceding ADD was refused for the same reason, and got no address.
  @Test
  void aPluginThatIsNotThereDoesNotKeepAPodFromEnding() throws Exception {
    Snapshot before = node.snapshot(pod);
    PluginCall absent = bond("'ipam': {'type': 'nowhere'}");
    absent.add().failed(999, "nowhere");
    absent.del().ok().warned("nowhere");
    bond("'ipam': {'type': 7}").del().ok();
    assertThat(node.snapshot(pod).lines()).isEqualTo(before.lines());
  }

  @Test
  void ipamThatFailsIsReportedAfterTheRestIsDone() throws Exception {
    PluginCall bond = bond(node.hostLocal("10.7.7.0/24"));
    bond.add().ok();
    bond.withPath(node.plugins()).del().failed(104, "host-local");
    assertThat(pod.ip().find("bond0")).isEmpty();
    assertThat(pod.ip().link("net1").master()).isEmpty();
    assertThat(node.reservations()).hasSize(1);
    bond.del().ok();
    requireNoTrace();
    bond.del().ok();
  }

  @Test
  void aLinkOfAnotherKindIsLeftAlone() throws Exception {
    pod.withDummies("bond0");
    bond("").del().ok();
    assertThat(pod.ip().link("bond0").kind()).isEqualTo("dummy");
  }

  /// After our link was deleted, somebody made another link with its name.
  @Test
  void aLinkThatTookTheNameIsLeftAlone() throws Exception {
    PluginCall bond = bond("");
    bond.add().ok();
    pod.ip().run("link delete bond0");
    pod.withDummies("bond0");
    bond.del().ok();
    assertThat(pod.ip().link("bond0").kind()).isEqualTo("dummy");
    assertThat(node.state()).isEmpty();
  }

  @Test
  void aForeignBondOfTheNameIsLeftAlone() throws Exception {
    pod.withDummies("other");
    pod.ip().run("link add bond0 type bond");
    pod.ip().run("link set other master bond0");
    bond("").del().ok();
    assertThat(pod.ip().link("other").master()).isEqualTo("bond0");
  }

  @Test
  void aMemberThatMovedToAnotherBondStaysThere() throws Exception {
    PluginCall bond = bond("");
    bond.add().ok();
    pod.ip().run("link add other type bond");
    pod.ip().run("link set net2 nomaster");
    pod.ip().run("link set net2 down");
    pod.ip().run("link set net2 master other");
    bond.del().ok();
    assertThat(pod.ip().find("bond0")).isEmpty();
    assertThat(pod.ip().link("net2").master()).isEqualTo("other");
  }

  @Test
  void anExtraMemberIsLetGo() throws Exception {
    PluginCall bond = bond("");
    bond.add().ok();
    pod.withDummies("extra");
    pod.ip().run("link set extra master bond0");
    bond.del().ok();
    assertThat(pod.ip().find("bond0")).isEmpty();
    assertThat(pod.ip().link("extra").master()).isEmpty();
  }

  @Test
  void aHostLinkGetsAFreeNameIfItsOwnIsTaken() throws Exception {
    try (HostLinks host = HostLinks.dummies("hnet1", "hnet2")) {
      PluginCall bond =
          bond("'linksInContainer': false, 'links': [{'name': 'hnet1'}, {'name': 'hnet2'}]");
      bond.add().ok();
      try (HostLinks usurper = HostLinks.dummies("hnet1")) {
        bond.del().ok();
        usurper.requireAsMade();
        assertThat(Iproute2.ofHost().find("hnet1_1")).isPresent();
        assertThat(Iproute2.ofHost().find("hnet2")).isPresent();
      }
      Iproute2.ofHost().run("link set hnet1_1 name hnet1");
      host.requireAsMade();
    }
  }

  @Test
  void aBondThatHasFailedOverGivesTheMacsBack() throws Exception {
    String first = pod.ip().link("net1").mac();
    String second = pod.ip().link("net2").mac();
    PluginCall bond = bond("'failOverMac': 2");
    bond.add().ok();
    pod.ip().run("link set net1 down");
    Eventually.is(
        "net2 is active", () -> pod.ip().link("bond0").info("active_slave").equals("net2"));
    bond.del().ok();
    assertThat(List.of(pod.ip().link("net1").mac(), pod.ip().link("net2").mac()))
        .containsExactly(first, second);
  }
}
