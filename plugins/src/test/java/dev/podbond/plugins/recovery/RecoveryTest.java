package dev.podbond.plugins.recovery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podbond.bonding.attachment.Attachment;
import dev.podbond.bonding.attachment.Phase;
import dev.podbond.bonding.config.BondNames;
import dev.podbond.bonding.demotion.Demotion;
import dev.podbond.bonding.demotion.Held;
import dev.podbond.bonding.demotion.HeldMember;
import dev.podbond.cni.plugin.NetnsIdentity;
import dev.podbond.cni.plugin.PluginRunner;
import dev.podbond.cni.spec.CniErrorCode;
import dev.podbond.cni.spec.CniException;
import dev.podbond.json.Json;
import dev.podbond.json.JsonException;
import dev.podbond.netlink.netns.Netns;
import dev.podbond.node.state.AttachmentStore;
import dev.podbond.node.state.DemotionStore;
import dev.podbond.node.state.StateException;
import dev.podbond.node.state.StateFiles;
import dev.podbond.node.state.Stored;
import dev.podbond.plugins.AttachmentPlugin;
import dev.podbond.plugins.demotion.Demoting;
import dev.podbond.plugins.node.NodeEnvironment;
import dev.podbond.value.AttachmentKey;
import dev.podbond.value.PciAddress;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Removals that were begun, in a real namespace.
final class RecoveryTest {
  private static final AttachmentKey KEY = new AttachmentKey("pod", "bond0");
  private static final String CONFIG =
      """
      {"cniVersion": "1.1.0", "name": "net", "type": "bond", "mode": "active-backup",
       "links": [{"name": "net1"}, {"name": "net2"}], "ipam": {"type": "pool"}}
      """;

  @TempDir Path scratch;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream log = new ByteArrayOutputStream();
  private final List<String> ipamCalls = new ArrayList<>();
  private boolean ipamFails;
  private boolean diskIsFull;
  private Netns pod;

  @BeforeEach
  void makePod() throws Exception {
    pod = Netns.create();
    Files.createDirectory(scratch.resolve("state"));
    store()
        .save(
            Attachment.prepared(KEY, "net", "bond", pod.path().toString(), config())
                .withInterfaces(
                    Optional.of(new BondNames("bond0", Optional.empty())), Optional.empty())
                .complete(List.of(), List.of()));
  }

  private static dev.podbond.json.JsonObject config() throws JsonException {
    return Json.parseObject(CONFIG.getBytes(StandardCharsets.UTF_8));
  }

  @AfterEach
  void endPod() {
    pod.close();
  }

  private AttachmentStore store() {
    return new AttachmentStore(scratch.resolve("state"));
  }

  private NodeEnvironment node() {
    NodeEnvironment node =
        new NodeEnvironment(
            scratch.resolve("state"),
            scratch.resolve("sys"),
            scratch.resolve("node.json"),
            scratch.resolve("sriov-cni"),
            (type, env, _) -> {
              ipamCalls.add(type + " " + env.get("CNI_COMMAND"));
              if (ipamFails) {
                throw new CniException(CniErrorCode.INTERNAL, "no pool today");
              }
              return "{}";
            },
            new PrintStream(log, true, StandardCharsets.UTF_8));
    return node.through(new FullDisk(), UnaryOperator.identity(), node.ipam());
  }

  /// Refuses writes while it is full.
  private final class FullDisk implements StateFiles {
    private void write() throws IOException {
      if (diskIsFull) {
        throw new IOException("No space left on device");
      }
    }

    @Override
    public void replace(Path file, String text) throws IOException {
      write();
      DURABLE.replace(file, text);
    }

    @Override
    public boolean create(Path file, String text) throws IOException {
      write();
      return DURABLE.create(file, text);
    }

    @Override
    public boolean delete(Path file) throws IOException {
      return DURABLE.delete(file);
    }

    @Override
    public void setAside(Path file, Path aside) throws IOException {
      DURABLE.setAside(file, aside);
    }
  }

  private int del() {
    return new PluginRunner(AttachmentPlugin.bond(node()), NetnsIdentity.NEVER_OWN)
        .run(
            Map.of(
                "CNI_COMMAND", "DEL",
                "CNI_CONTAINERID", "pod",
                "CNI_NETNS", pod.path().toString(),
                "CNI_IFNAME", "bond0",
                "CNI_PATH", "/opt/cni/bin"),
            new ByteArrayInputStream(CONFIG.getBytes(StandardCharsets.UTF_8)))
        .print(
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(log, true, StandardCharsets.UTF_8));
  }

  private Optional<Phase> phase() throws StateException {
    return store().load(KEY) instanceof Stored.Found(Attachment found)
        ? Optional.of(found.phase())
        : Optional.empty();
  }

  @Test
  void aDelThatFailedInIpamAloneIsGoneOnWithAndNeverRepaired() throws Exception {
    ipamFails = true;
    assertThat(del()).isEqualTo(1);
    assertThat(phase()).contains(Phase.REMOVING);

    Recovery recovery = new Recovery(node());
    ipamCalls.clear();
    assertThat(recovery.recover(KEY)).isInstanceOf(Recovery.Outcome.Begun.class);
    assertThat(ipamCalls).isEmpty();
    assertThat(recovery.finish(KEY, "begun")).isInstanceOf(Recovery.Outcome.Unfinished.class);
    ipamFails = false;
    assertThat(recovery.finish(KEY, "begun")).isEqualTo(new Recovery.Outcome.Removed("begun"));
    assertThat(ipamCalls).containsExactly("pool DEL", "pool DEL");
    assertThat(phase()).isEmpty();
  }

  @Test
  void anAttachmentWhosePodIsThereIsNotFinishedOff() throws Exception {
    assertThat(new Recovery(node()).finish(KEY, "gone")).isEqualTo(new Recovery.Outcome.InOrder());
    assertThat(phase()).contains(Phase.COMPLETE);
    assertThat(ipamCalls).isEmpty();
  }

  private DemotionStore demotions() {
    return new DemotionStore(scratch.resolve("state"), StateFiles.DURABLE);
  }

  private void demote(AttachmentKey key) throws StateException {
    demotions()
        .save(
            new Demotion(
                key,
                List.of(
                    new HeldMember(
                        "net1",
                        Optional.empty(),
                        new PciAddress(0, 1, 0, 0),
                        "no partner",
                        Instant.EPOCH,
                        new Held.Outside(OptionalInt.empty(), OptionalInt.empty())))));
  }

  @Test
  void withAnAttachmentGoesWhatIsWrittenDownOfItsDemotedMembers() throws Exception {
    demote(KEY);
    assertThat(del()).isZero();
    assertThat(demotions().load(KEY)).isEqualTo(new DemotionStore.Found.Nothing());
  }

  @Test
  void whatIsWrittenDownOfABondWithoutAnAttachmentIsTidiedAway() throws Exception {
    AttachmentKey orphan = new AttachmentKey("gone", "bond0");
    demote(orphan);
    demote(KEY);
    new Recovery(node()).tidy();
    assertThat(demotions().load(orphan)).isEqualTo(new DemotionStore.Found.Nothing());
    assertThat(demotions().load(KEY)).isInstanceOf(DemotionStore.Found.Demoted.class);
  }

  @Test
  void whatIsNamedLikeNoRecordIsMovedAsideAndNamedOnce() throws Exception {
    demote(KEY);
    Files.writeString(scratch.resolve("state/demoted/nonsense.json"), "");
    new Demoting(node()).forEachDemoted(_ -> {});
    assertThat(log.toString(StandardCharsets.UTF_8)).as("by whoever only looks").isEmpty();
    new Recovery(node()).tidy();
    new Recovery(node()).tidy();
    assertThat(log.toString(StandardCharsets.UTF_8))
        .containsOnlyOnce("damaged/demoted-nonsense.json: its name is no record's");
    assertThat(scratch.resolve("state/damaged/demoted-nonsense.json")).exists();
    assertThat(demotions().load(KEY)).isInstanceOf(DemotionStore.Found.Demoted.class);
  }

  /// The pod has taken it away, and with it all that was to be restored.
  @Test
  void ofABondThatIsNotInItsPodNothingIsRestored() throws Exception {
    demote(KEY);
    demote(new AttachmentKey("orphan", "bond0"));
    Demoting demoting = new Demoting(node());
    List<AttachmentKey> keys = new ArrayList<>();
    demoting.forEachDemoted(keys::add);
    assertThat(keys).containsExactly(KEY);
    assertThat(demoting.judge(KEY, Demoting.Orders.RESTORE))
        .isEqualTo(new Demoting.Outcome.Forgotten());
    assertThat(demoting.judge(KEY, Demoting.Orders.RESTORE))
        .isEqualTo(new Demoting.Outcome.Unchanged());
  }

  @Test
  void aFullDiskDoesNotKeepADeletionFromEnding() throws Exception {
    diskIsFull = true;
    assertThat(del()).isZero();
    assertThat(phase()).isEmpty();
    assertThat(log.toString(StandardCharsets.UTF_8)).contains("No space left");
  }
}
