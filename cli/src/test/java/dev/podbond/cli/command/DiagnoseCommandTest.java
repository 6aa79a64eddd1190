package dev.podbond.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podbond.bonding.attachment.Attachment;
import dev.podbond.bonding.attachment.Origin;
import dev.podbond.bonding.attachment.SavedVf;
import dev.podbond.bonding.config.BondNames;
import dev.podbond.bonding.facts.VfRef;
import dev.podbond.bonding.facts.VfSettings;
import dev.podbond.bonding.net.NetnsId;
import dev.podbond.cli.bond.SomeBonds;
import dev.podbond.cluster.observed.Health;
import dev.podbond.json.Json;
import dev.podbond.json.JsonObject;
import dev.podbond.json.JsonString;
import dev.podbond.node.state.AttachmentStore;
import dev.podbond.value.AttachmentKey;
import dev.podbond.value.PciAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What `podbond diagnose` finds in a state directory and on a PCI bus.
final class DiagnoseCommandTest {
  @TempDir Path scratch;
  private NodeScene node;
  private Path netns;

  @BeforeEach
  void aNodeWithTwoPfs() throws Exception {
    node = new NodeScene(scratch);
    node.pf("ens1f0", "0000:3b:00.0", false, 2);
    // It cannot be seen, since the directory that may hold it is not there.
    netns = scratch.resolve("unseen/web");
    leaveRecord("c1", "K8S_POD_NAMESPACE=demo;K8S_POD_NAME=web");
    leaveRecord("c2", "K8S_POD_NAMESPACE=demo;K8S_POD_NAME=other");
  }

  private void leaveRecord(String container, String cniArgs) throws Exception {
    PciAddress pci = PciAddress.parse("0000:3b:02.1").orElseThrow();
    new AttachmentStore(node.state())
        .save(
            Attachment.prepared(
                    new AttachmentKey(container, "net3"),
                    "storage",
                    "bond",
                    netns.toString(),
                    Json.parseObject("{\"cniVersion\": \"1.0.0\", \"type\": \"bond\"}"))
                .withInterfaces(
                    Optional.of(new BondNames("bond0", Optional.empty())), Optional.empty())
                .withTaken(
                    List.of(),
                    List.of(
                        new SavedVf(
                            new VfRef("ens1f0", 1, pci),
                            Optional.empty(),
                            VfSettings.NONE,
                            VfSettings.NONE)))
                .from(new Origin("", cniArgs, NetnsId.UNKNOWN))
                .complete(List.of(), List.of()));
  }

  private Map<Path, String> state() throws Exception {
    Map<Path, String> files = new TreeMap<>();
    try (Stream<Path> all = Files.walk(node.state())) {
      for (Path file : all.filter(Files::isRegularFile).toList()) {
        files.put(file, Files.readString(file));
      }
    }
    return files;
  }

  @Test
  void everythingThatTheNodeHasOfThePodIsLookedAtAndNothingChanged() throws Exception {
    Files.createDirectories(node.state().resolve("vf"));
    Files.writeString(
        node.state().resolve("vf/0000:3b:02.1"),
        "{\"containerId\": \"c1\", \"ifname\": \"net3\", \"netns\": \"/run/netns/web\"}");
    Files.writeString(node.state().resolve("damaged:net1.json"), "{");
    Files.createDirectories(node.state().resolve("pending"));
    Files.writeString(node.state().resolve("pending/c1:net3:bond"), "no request at all");
    Files.writeString(node.state().resolve("pending/c9:net1:sriov"), "");
    Map<Path, String> before = state();
    JsonObject bonds =
        SomeBonds.answer(
            SomeBonds.said(
                    "demo/web", "active-backup", "", Health.DOWN, "net1 down ens1f0 0000:3b:00.0")
                .with("container", new JsonString("c1")));

    assertThat(node.run(bonds, "diagnose", "demo/web")).isEqualTo(ExitCodes.FAILED);
    assertThat(node.out.toString().replace(scratch.toString(), "SCRATCH"))
        .isEqualTo(
            """
            ok       the agent of this node answers
            warning  the record SCRATCH/state/damaged:net1.json is damaged: line 1, column 2: the document ends too early; the agent moves it aside when it reads it next
            ok       attachment net3 of network storage (pod demo/web, container c1) is made
            failed   its deletion by the plugin bond waits for the agent, which tries again and says in its log what keeps it from that
            unknown  its network namespace SCRATCH/unseen/web cannot be seen from here: ask in the agent's container, or as root on the node itself
            ok       VF 0000:3b:02.1 of PF ens1f0 is claimed for it
            failed   bond bond0 is Down with 0 of 1 members up, since 2026-01-02T03:04:05Z
            failed   PF ens1f0 (0000:3b:00.0) has no carrier: look at its cable and the port of its switch
            failed   member net1 (0000:3b:02.1) is down
            failed   something is wrong
            warning  deletions of other attachments that wait for the agent: 1; their VFs are not free yet

            5 failed, 1 unknown
            """);
    assertThat(state()).isEqualTo(before);
  }

  /// Its directory is there, so it is gone; somebody else may have the VF by now.
  @Test
  void ofAPodThatHasEndedNeitherVfNorBondIsMissed() throws Exception {
    netns = scratch.resolve("web");
    leaveRecord("c1", "K8S_POD_NAMESPACE=demo;K8S_POD_NAME=web");
    assertThat(node.run(SomeBonds.answer(), "diagnose", "demo/web")).isEqualTo(ExitCodes.FAILED);
    assertThat(node.out.toString().replace(scratch.toString(), "SCRATCH"))
        .isEqualTo(
            """
            ok       the agent of this node answers
            ok       attachment net3 of network storage (pod demo/web, container c1) is made
            failed   its network namespace SCRATCH/web is gone: the pod has ended, and the agent gives back what it had; if it stays so, the agent's log says why

            1 failed, 0 unknown
            """);
  }

  @Test
  void eachPodOfANameAndEachOfItsSandboxesIsToldApart() throws Exception {
    leaveRecord("c0", "K8S_POD_NAMESPACE=demo;K8S_POD_NAME=web");
    leaveRecord("c3", "K8S_POD_NAMESPACE=prod;K8S_POD_NAME=web");
    leaveRecord("web", "");
    node.run(SomeBonds.answer(), "diagnose", "web");
    assertThat(node.out.toString().lines().filter(line -> line.contains(" is made")))
        .containsExactlyInAnyOrder(
            "ok       attachment net3 of network storage (pod demo/web, container c0) is made",
            "ok       attachment net3 of network storage (pod demo/web, container c1) is made",
            "ok       attachment net3 of network storage (pod prod/web, container c3) is made",
            "ok       attachment net3 of network storage (container web) is made");
  }

  @Test
  void aPodIsFoundByItsNameAloneAndByItsContainer() throws Exception {
    for (String pod : List.of("web", "demo/web", "c1")) {
      assertThat(node.runWithout("diagnose", pod)).isEqualTo(ExitCodes.FAILED);
      assertThat(node.out.toString())
          .as(pod)
          .startsWith("failed   no agent answers on ")
          .contains("attachment net3", "nothing claims VF 0000:3b:02.1");
      assertThat(node.out.toString().lines().filter(line -> line.contains(" is made"))).hasSize(1);
    }
    assertThat(node.runWithout("diagnose", "eb")).isEqualTo(ExitCodes.FAILED);
    assertThat(node.out.toString()).contains("there is no record of a pod \"eb\"");
    assertThat(node.runWithout("diagnose")).isEqualTo(ExitCodes.USAGE);
  }

  @Test
  void aNameThatAPodChoseIsNoOrderToTheTerminal() throws Exception {
    assertThat(node.run(SomeBonds.answer(), "diagnose", "\u001b[2J\nok"))
        .isEqualTo(ExitCodes.FAILED);
    assertThat(node.out.toString()).contains("<001b>[2J<000a>ok").doesNotContain("\u001b");
  }

  @Test
  void aStateDirectoryThatCannotBeReadIsUnknownAndNoFailure() throws Exception {
    Path state = scratch.resolve("locked");
    Files.writeString(state, "a file where the directory should be");
    NodeScene locked = new NodeScene(Files.createDirectory(scratch.resolve("elsewhere")));
    Files.createDirectories(locked.state().getParent());
    Files.createSymbolicLink(locked.state(), state);
    assertThat(locked.run(SomeBonds.answer(), "diagnose", "web")).isEqualTo(ExitCodes.UNKNOWN);
    assertThat(locked.out.toString())
        .contains("unknown  cannot list the records in ", "; ask as root")
        .endsWith("\n\n0 failed, 2 unknown\n");
  }
}
