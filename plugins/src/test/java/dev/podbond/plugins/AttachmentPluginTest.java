package dev.podbond.plugins;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.podbond.bonding.attachment.Attachment;
import dev.podbond.bonding.attachment.Origin;
import dev.podbond.bonding.config.BondNames;
import dev.podbond.bonding.config.NodeSettings;
import dev.podbond.bonding.config.RebindRule;
import dev.podbond.bonding.net.NetnsId;
import dev.podbond.cni.plugin.NetnsIdentity;
import dev.podbond.cni.plugin.PluginRunner;
import dev.podbond.cni.spec.CniErrorCode;
import dev.podbond.cni.spec.CniException;
import dev.podbond.json.Json;
import dev.podbond.json.JsonException;
import dev.podbond.json.JsonObject;
import dev.podbond.json.JsonString;
import dev.podbond.node.state.AttachmentStore;
import dev.podbond.node.state.ClaimOwner;
import dev.podbond.node.state.HeldLock;
import dev.podbond.node.state.LockName;
import dev.podbond.node.state.NodeLocks;
import dev.podbond.node.state.VfClaims;
import dev.podbond.node.wait.Polling;
import dev.podbond.node.wait.WaitClock;
import dev.podbond.plugins.node.NodeEnvironment;
import dev.podbond.plugins.recovery.Recovery;
import dev.podbond.value.AttachmentKey;
import dev.podbond.value.PciAddress;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What both plugins answer before they ask a kernel, and that they leave nothing behind then.
final class AttachmentPluginTest {
  private static final String BOND =
      """
      {"cniVersion": "1.1.0", "name": "net", "type": "bond", "mode": "active-backup",
       "links": [{"name": "net1"}, {"name": "net2"}], "ipam": {"type": "pool"}}
      """;

  @TempDir Path scratch;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream log = new ByteArrayOutputStream();
  private final List<String> ipamCalls = new ArrayList<>();
  private final List<String> ipamInputs = new ArrayList<>();
  private boolean ipamFails;

  private NodeEnvironment node() {
    return new NodeEnvironment(
        scratch.resolve("state"),
        scratch.resolve("sys"),
        scratch.resolve("podbond/node.json"),
        scratch.resolve("sriov-cni"),
        (type, env, stdin) -> {
          ipamInputs.add(stdin);
          ipamCalls.add(type + " " + env.get("CNI_COMMAND"));
          if (ipamFails) {
            throw new CniException(CniErrorCode.INTERNAL, "no pool today");
          }
          return "{}";
        },
        new PrintStream(log, true, StandardCharsets.UTF_8));
  }

  private int call(AttachmentPlugin plugin, String verb, String netns, String config) {
    return call(plugin, verb, netns, "bond0", config);
  }

  private int call(
      AttachmentPlugin plugin, String verb, String netns, String ifname, String config) {
    return new PluginRunner(plugin, NetnsIdentity.NEVER_OWN)
        .run(
            Map.of(
                "CNI_COMMAND", verb,
                "CNI_CONTAINERID", "pod",
                "CNI_NETNS", netns,
                "CNI_IFNAME", ifname,
                "CNI_PATH", "/opt/cni/bin"),
            new ByteArrayInputStream(config.getBytes(StandardCharsets.UTF_8)))
        .print(
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(log, true, StandardCharsets.UTF_8));
  }

  private String answer() {
    return out.toString(StandardCharsets.UTF_8);
  }

  private List<Path> records() throws IOException {
    try (Stream<Path> files = Files.walk(scratch)) {
      return files
          .filter(Files::isRegularFile)
          .filter(file -> !file.getFileName().toString().contains("lock"))
          .toList();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "'\"mode\": \"active-backup\"', '\"mode\": \"1+1\"', mode",
    "'{\"name\": \"net2\"}', '{\"name\": \"net1\"}', twice",
    "'\"type\": \"pool\"', '\"type\": 5', ipam"
  })
  void aWrongConfigurationLeavesNothing(String right, String wrong, String named)
      throws IOException {
    String config = BOND.replace(right, wrong);
    assertThat(config).isNotEqualTo(BOND);
    assertThat(call(AttachmentPlugin.bond(node()), "ADD", "/run/netns/none", config)).isEqualTo(1);
    assertThat(answer()).contains(named);
    assertThat(ipamCalls).isEmpty();
    assertThat(records()).isEmpty();
  }

  /// The kernel would choose another name for "net%d", and would take the sysctls of "all" for
  /// those of every interface.
  @ParameterizedTest
  @ValueSource(strings = {"all", "default", "net%d", "\u001b[2J"})
  void aNameThatIsNotOneInterfacesIsRefused(String ifname) throws IOException {
    String vf =
        "{\"cniVersion\": \"1.0.0\", \"name\": \"n\", \"type\": \"sriov\","
            + " \"deviceID\": \"0000:01:10.0\"}";
    for (AttachmentPlugin plugin :
        List.of(AttachmentPlugin.bond(node()), AttachmentPlugin.sriov(node()))) {
      out.reset();
      String config = plugin.about().endsWith("sriov") ? vf : BOND;
      assertThat(call(plugin, "ADD", "/run/netns/none", ifname, config)).isEqualTo(1);
      assertThat(answer()).contains("\"code\": 7", "CNI_IFNAME is");
    }
    assertThat(records()).isEmpty();
  }

  @Test
  void aPodThatIsNotThereIsNamed() throws IOException {
    assertThat(call(AttachmentPlugin.bond(node()), "ADD", "/run/netns/none", BOND)).isEqualTo(1);
    assertThat(answer()).contains("\"code\": 4", "CNI_NETNS=/run/netns/none");
    assertThat(records()).isEmpty();
  }

  @Test
  void theNodesOwnRulesAreNotSkippedWhenTheyCannotBeRead() throws IOException {
    for (String directory : List.of("podbond", "podbond-cluster")) {
      out.reset();
      Path rules = rules(directory, "{\"allowHostLinks\": ");
      assertThat(call(AttachmentPlugin.bond(node()), "ADD", "/run/netns/none", BOND)).isEqualTo(1);
      assertThat(answer()).contains(rules.toString());
      Files.delete(rules);
    }
  }

  @Test
  void neitherTheNodesNorTheClustersRulesLiftTheOthers() throws Exception {
    assertThat(node().settings()).isEqualTo(NodeSettings.DEFAULT);
    Path _ = rules("podbond-cluster", "{\"allowHostLinks\": false}");
    assertThat(node().settings()).isEqualTo(new NodeSettings(false, false));
    Path _ = rules("podbond", "{\"allowHostLinks\": true, \"strict\": true}");
    assertThat(node().settings()).isEqualTo(new NodeSettings(false, true));
    Path _ = rules("podbond-cluster", "{\"allowHostLinks\": true}");
    assertThat(node().settings()).isEqualTo(new NodeSettings(true, true));
  }

  @Test
  void eitherMayHaveAllVfsReboundThatComeBack() throws Exception {
    assertThat(node().settings().rebind()).isEqualTo(RebindRule.ON_SIGN);
    Path _ = rules("podbond", "{\"rebindVfs\": \"always\"}");
    assertThat(node().settings().rebind()).isEqualTo(RebindRule.ALWAYS);
    Path _ = rules("podbond-cluster", "{\"rebindVfs\": \"onSign\"}");
    assertThat(node().settings().rebind()).isEqualTo(RebindRule.ALWAYS);
    Path _ = rules("podbond", "{\"rebindVfs\": \"never\"}");
    assertThatThrownBy(() -> node().settings())
        .hasMessageContaining("rebindVfs")
        .hasMessageContaining("\"onSign\" or \"always\"");
  }

  private Path rules(String directory, String text) throws IOException {
    Path file = Files.createDirectories(scratch.resolve(directory)).resolve("node.json");
    return Files.writeString(file, text);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "/run/netns/none"})
  void delOfWhatWasNeverMadeReleasesAddressesAndSucceeds(String netns) {
    assertThat(call(AttachmentPlugin.bond(node()), "DEL", netns, BOND)).isZero();
    assertThat(ipamCalls).containsExactly("pool DEL");
    assertThat(answer()).isEmpty();
  }

  @Test
  void delByARecordlessNonsenseSucceedsWithAWarning() {
    String nonsense = BOND.replace("active-backup", "1+1");
    assertThat(call(AttachmentPlugin.bond(node()), "DEL", "", nonsense)).isZero();
    assertThat(log.toString(StandardCharsets.UTF_8)).contains("warning", "mode");
  }

  /// The plugin would wait for the attachment that is calling it, or call itself again.
  @ParameterizedTest
  @ValueSource(strings = {"bond", "sriov", "podbond", "bond-of-ours"})
  void thisPluginIsNeverItsOwnIpam(String type) throws Exception {
    isNeverRun(
        type,
        BOND.replace("\"type\": \"bond\"", "\"type\": \"" + type + "\"").replace("pool", type));
  }

  /// That plugin would take or make a link of the node, and its DEL might fail for ever.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "bridge",
        "dummy",
        "host-device",
        "ipvlan",
        "loopback",
        "macvlan",
        "ptp",
        "tap",
        "vlan",
        "bandwidth",
        "firewall",
        "portmap",
        "sbr",
        "tuning",
        "vrf",
        "multus"
      })
  void whatIsKnownToBeNoIpamPluginIsNeverRunAsOneAndKeepsNoPod(String type) throws Exception {
    ipamFails = true;
    isNeverRun(type, BOND.replace("pool", type));
    assertThat(answer()).contains("ipam.type is", type, "it must be an IPAM plugin");
  }

  private void isNeverRun(String type, String config) throws Exception {
    assertThat(call(AttachmentPlugin.bond(node()), "DEL", "", config)).isZero();
    assertThat(call(AttachmentPlugin.bond(node()), "DEL", "/run/netns/none", config)).isZero();
    assertThat(call(AttachmentPlugin.bond(node()), "GC", "", config)).isZero();
    assertThat(answer()).isEmpty();
    new AttachmentStore(scratch.resolve("state")).save(ofAVanishedPod(config));
    assertThat(call(AttachmentPlugin.bond(node()), "DEL", "", config)).isZero();
    assertThat(records()).isEmpty();
    assertThat(log.toString(StandardCharsets.UTF_8))
        .contains("warning", "no address is released", type);
    for (String verb : List.of("ADD", "STATUS")) {
      assertThat(call(AttachmentPlugin.bond(node()), verb, "/run/netns/none", config)).isEqualTo(1);
    }
    assertThat(ipamCalls).isEmpty();
  }

  @Test
  void delSaysWhatIpamCouldNotRelease() {
    ipamFails = true;
    assertThat(call(AttachmentPlugin.bond(node()), "DEL", "", BOND)).isEqualTo(1);
    assertThat(answer()).contains("\"code\": 104", "pool", "no pool today");
  }

  /// Otherwise the record would stay for ever, and the plugin could never be removed from the node.
  @Test
  void aLeaseWhoseDaemonIsGoneKeepsNoRecord() throws Exception {
    ipamFails = true;
    for (boolean hasDaemon : new boolean[] {true, false}) {
      Path socket = scratch.resolve("dhcp.sock");
      try (ServerSocketChannel daemon = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
        if (hasDaemon) {
          daemon.bind(UnixDomainSocketAddress.of(socket));
        }
        String ipam = "{\"type\": \"dhcp\", \"daemonSocketPath\": \"" + socket + "\"}";
        String config = BOND.replace("{\"type\": \"pool\"}", ipam);
        new AttachmentStore(scratch.resolve("state")).save(ofAVanishedPod(config));

        AttachmentKey key = new AttachmentKey("pod", "bond0");
        assertThat(new Recovery(node()).recover(key)).isInstanceOf(Recovery.Outcome.Begun.class);
        Recovery.Outcome outcome = new Recovery(node()).finish(key, "its pod is gone");

        if (hasDaemon) {
          assertThat(outcome).isInstanceOf(Recovery.Outcome.Unfinished.class);
          assertThat(records()).isNotEmpty();
        } else {
          assertThat(outcome).isInstanceOf(Recovery.Outcome.Removed.class);
          assertThat(log.toString(StandardCharsets.UTF_8)).contains("no dhcp daemon", "run out");
          assertThat(records()).isEmpty();
          assertThat(call(AttachmentPlugin.bond(node()), "DEL", "", config)).isZero();
        }
      }
      Files.deleteIfExists(socket);
    }
  }

  private Attachment ofAVanishedPod(String config) throws JsonException {
    return Attachment.prepared(
            new AttachmentKey("pod", "bond0"),
            "net",
            "bond",
            scratch.resolve("gone").toString(),
            Json.parseObject(config.getBytes(StandardCharsets.UTF_8)))
        .withInterfaces(Optional.of(new BondNames("bond0", Optional.empty())), Optional.empty())
        .complete(List.of(), List.of());
  }

  /// An ADD that was killed between claiming its VFs and writing its record.
  @Test
  void aClaimWithoutARecordIsGivenBack() throws Exception {
    PciAddress pci = PciAddress.parse("0000:01:10.0").orElseThrow();
    for (boolean byDel : new boolean[] {true, false}) {
      try (NodeLocks locks =
              NodeLocks.open(scratch.resolve("state"), new Polling(WaitClock.SYSTEM));
          HeldLock lock = locks.acquire(new LockName.OfPci(pci), Duration.ZERO)) {
        new VfClaims(scratch.resolve("state"), scratch, _ -> false)
            .claim(lock, pci, new ClaimOwner("pod", "bond0", "/run/netns/pod"));
      }
      assertThat(records()).hasSize(1);
      if (byDel) {
        assertThat(call(AttachmentPlugin.bond(node()), "DEL", "", BOND)).isZero();
      } else {
        new Recovery(node()).tidy();
      }
      assertThat(records()).isEmpty();
    }
  }

  @Test
  void checkWithoutARecordSaysSo() {
    String config = BOND.replace("\"name\": \"net\"", "\"name\": \"net\", \"prevResult\": {}");
    assertThat(call(AttachmentPlugin.bond(node()), "CHECK", "/run/netns/none", config))
        .isEqualTo(1);
    assertThat(answer()).contains("\"code\": 103", "no record");
  }

  /// A lease taken under the name of a VLAN interface belongs to a valid attachment.
  @Test
  void gcTellsIpamTheNameUnderWhichItWasAsked() throws Exception {
    new AttachmentStore(scratch.resolve("state"))
        .save(
            Attachment.prepared(
                    new AttachmentKey("c1", "bond0"),
                    "net",
                    "bond",
                    "/run/netns/pod",
                    JsonObject.of("name", new JsonString("net")))
                .withInterfaces(
                    Optional.of(new BondNames("bond0", Optional.empty())), Optional.of("bond0.100"))
                .from(new Origin("/opt/cni/bin", "", NetnsId.UNKNOWN, "bond0.100"))
                .complete(List.of(), List.of()));
    String valid = "[{\"containerID\": \"c1\", \"ifname\": \"bond0\"}]";
    String config =
        BOND.strip().replaceAll("}$", ", \"cni.dev/valid-attachments\": " + valid + "}");
    assertThat(call(AttachmentPlugin.bond(node()), "GC", "", config)).isZero();
    assertThat(ipamCalls).containsExactly("pool GC");
    assertThat(ipamInputs.getFirst())
        .contains("\"ifname\":\"bond0\"", "\"ifname\":\"bond0.100\"")
        .contains("cni.dev/valid-attachments", "cni.dev/attachments");
    assertThat(records()).hasSize(1);
  }

  @Test
  void gcIsForwardedToIpam() {
    String config =
        BOND.replace("\"name\": \"net\"", "\"name\": \"net\", \"cni.dev/valid-attachments\": []");
    assertThat(call(AttachmentPlugin.bond(node()), "GC", "", config)).isZero();
    assertThat(ipamCalls).containsExactly("pool GC");
  }

  @Test
  void aVfIsNamedByItsPciAddress() throws IOException {
    String config =
        "{\"cniVersion\": \"1.0.0\", \"name\": \"vf\", \"type\": \"sriov\", \"deviceID\": \"eth1\"}";
    assertThat(call(AttachmentPlugin.sriov(node()), "ADD", "/run/netns/none", config)).isEqualTo(1);
    assertThat(answer()).contains("\"code\": 7", "deviceID", "eth1");
    assertThat(records()).isEmpty();
  }

  @Test
  void onlyTwoTypesAreServed() {
    assertThat(AttachmentPlugin.named("bond", node())).isPresent();
    assertThat(AttachmentPlugin.named("sriov", node())).isPresent();
    assertThat(AttachmentPlugin.named("macvlan", node())).isEmpty();
    assertThat(AttachmentPlugin.calledAs("podbond", node()).about()).endsWith(" bond");
    assertThat(AttachmentPlugin.calledAs("podbond-sriov", node()).about()).endsWith(" sriov");
  }
}
