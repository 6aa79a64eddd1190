package dev.podbond.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The agent as in the chart's DaemonSet, from its image, with the paths of a real node.
class AgentPodKernelTest extends VfTest {
  private static final Path PLUGINS = Path.of("/opt/cni/bin");
  private static final Path RUN = Path.of("/run/podbond");
  private static final Path RECORDS = Path.of("/var/lib/cni/podbond");
  private static final Path IMAGE = Path.of("dist/podbond-image.tar");

  private static AgentPod agent;

  private List<Optional<List<String>>> before;

  /// One for all: its start takes longer than most tests here. Whoever stops it starts it again.
  @BeforeAll
  static void startPod(@TempDir Path scratch) throws Exception {
    agent = AgentPod.of(unpackImage(scratch), scratch);
    agent.start();
    // As on a node: the IPAM plugins are beside the others.
    Files.copy(Path.of("/usr/lib/cni/host-local"), PLUGINS.resolve("host-local"));
  }

  /// @return what is read-only for everything that runs in it
  private static Path unpackImage(Path scratch) throws Exception {
    Path layout = Files.createDirectories(scratch.resolve("layout"));
    Shell.run(List.of("tar", "-xf", IMAGE.toString(), "-C", layout.toString()));
    Path rootfs = Files.createDirectories(scratch.resolve("rootfs"));
    Shell.run(List.of("tar", "-xzf", layer(layout).toString(), "-C", rootfs.toString()));
    return rootfs;
  }

  @BeforeEach
  void find() throws Exception {
    before = identities();
  }

  @AfterAll
  static void endPod() throws Exception {
    agent.close();
    for (Path made : List.of(RUN, PLUGINS)) {
      try (Stream<Path> files = Files.walk(made)) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      }
    }
  }

  /// The largest blob.
  private static Path layer(Path layout) throws IOException {
    try (Stream<Path> blobs = Files.list(layout.resolve("blobs/sha256"))) {
      return blobs.max(Comparator.comparingLong(blob -> blob.toFile().length())).orElseThrow();
    }
  }

  private static List<Optional<List<String>>> identities() throws Exception {
    List<SeenLink> links = Iproute2.ofHost().links();
    return firstVfs().stream().map(vf -> vf.identityAmong(links)).toList();
  }

  /// With an IPv6 address, for which sysctls of the pod have to be set.
  private PluginCall bondOfVfs() throws Exception {
    List<Vf> vfs = firstVfs();
    return bond(
        """
        'failOverMac': 1, 'mtu': 1400,
        'ipam': {'type': 'host-local', 'ranges': [[{'subnet': '10.7.7.0/24'}], [{'subnet': 'fd07::/64'}]],
                 'dataDir': '/var/lib/cni/networks'},
        'links': [{'deviceID': '%s', 'name': 'net1'}, {'deviceID': '%s', 'name': 'net2'}]
        """
            .formatted(vfs.get(0).pci(), vfs.get(1).pci()));
  }

  private static Outcome run(String verb, PluginCall call) throws Exception {
    Map<String, String> environment = call.withPath(PLUGINS).environment(verb);
    return Dist.start(
            List.of(PLUGINS.resolve("podbond").toString()), environment, call.config().toString())
        .outcome();
  }

  private static List<Path> records() throws IOException {
    try (Stream<Path> files = Files.list(RECORDS)) {
      return files.filter(file -> file.toString().endsWith(".json")).toList();
    }
  }

  @Test
  void makesAndRemovesABond() throws Exception {
    Outcome added = run("ADD", bondOfVfs()).ok();

    assertThat(pod.ip().link("net1").master()).isEqualTo("bond0");
    assertThat(pod.exec("cat", "/proc/sys/net/ipv6/conf/bond0/ndisc_notify").strip())
        .isEqualTo("1");
    run("CHECK", bondOfVfs().with("'prevResult': " + added.json())).ok();
    run("DEL", bondOfVfs()).ok();
    assertThat(identities()).as(agent.log()).isEqualTo(before);
    assertThat(records()).isEmpty();
  }

  /// The chart's settings for every node; each node's own file counts as well.
  @Test
  void givesNoLinkOfTheHostToAPod() throws Exception {
    try (HostLinks host = HostLinks.dummies("hnet1", "hnet2")) {
      run("ADD", bond("'linksInContainer': false, 'links': [{'name': 'hnet1'}, {'name': 'hnet2'}]"))
          .failed(100, "hnet1", "allowHostLinks is false");
      host.requireAsMade();
    }
  }

  @Test
  void givesBackWhatAVanishedPodHad() throws Exception {
    run("ADD", bondOfVfs()).ok();

    pod.destroy();

    Eventually.is("the VFs are as before", () -> identities().equals(before));
    Eventually.is("nothing is on record", () -> records().isEmpty());
    AgentLog.awaitRemoval(pod.name(), agent::log);
  }

  @Test
  void isReadyAndAliveWhileItAnswers() throws Exception {
    assertThat(agent.probe("readinessProbe")).isTrue();
    assertThat(agent.probe("livenessProbe")).isTrue();

    agent.stop();

    assertThat(agent.probe("readinessProbe")).isFalse();
    assertThat(agent.probe("livenessProbe")).isFalse();
    agent.start();
  }

  /// No API server reports that the DaemonSet is gone, and a pod has a bond: two reasons to stay.
  @Test
  void leavesThePluginWhenItStops() throws Exception {
    run("ADD", bondOfVfs()).ok();

    agent.stop();

    assertThat(agent.log()).contains("the shim stays");
    assertThat(PLUGINS.resolve("podbond")).exists();
    // A runtime can still delete the pod; the next agent gives the VFs back.
    run("DEL", bondOfVfs()).ok();
    agent.start();
    Eventually.is("nothing is on record", () -> records().isEmpty());
    assertThat(identities()).isEqualTo(before);
  }
}
