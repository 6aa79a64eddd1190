package dev.podbond.fuzz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.podbond.agent.pending.PendingDeletions;
import dev.podbond.agent.wire.PendingName;
import dev.podbond.bonding.attachment.Attachment;
import dev.podbond.bonding.attachment.InvalidAttachmentException;
import dev.podbond.bonding.change.Change;
import dev.podbond.bonding.change.Plan;
import dev.podbond.bonding.demotion.Demotion;
import dev.podbond.bonding.facts.NodeFacts;
import dev.podbond.bonding.linkstate.DisabledVf;
import dev.podbond.bonding.plan.AttachmentRemoval;
import dev.podbond.node.state.AttachmentStore;
import dev.podbond.node.state.ClaimOwner;
import dev.podbond.node.state.DemotionStore;
import dev.podbond.node.state.DisabledVfStore;
import dev.podbond.node.state.StateException;
import dev.podbond.node.state.StateFiles;
import dev.podbond.node.state.Stored;
import dev.podbond.node.state.VfClaims;
import dev.podbond.value.AttachmentKey;
import dev.podbond.value.PciAddress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Files below the state directory, with any content. Each either is what its name says, or is
/// moved aside unchanged and never obeyed.
class StateFilesFuzz {
  private static final Sandbox SANDBOX = Sandbox.make();
  private static final AttachmentKey KEY = new AttachmentKey("c1", "net3");
  private static final NodeFacts NOTHING = new NodeFacts(List.of(), Map.of(), Map.of());

  @FuzzTest
  void record(byte[] bytes) throws IOException, StateException, InvalidAttachmentException {
    Path file = SANDBOX.inside().resolve("c1:net3.json");
    Files.write(file, bytes);
    AttachmentStore store = new AttachmentStore(SANDBOX.inside());
    switch (store.load(KEY)) {
      case Stored.Found(Attachment record) -> {
        assertThat(record.key()).isEqualTo(KEY);
        assertThat(Attachment.fromJson(record.toJson())).isEqualTo(record);
        // The namespace's path can at least be parsed as a path.
        assertThat(Path.of(record.netns())).isNotNull();
        namesOnlyInterfaces(AttachmentRemoval.addresses(record, NOTHING));
        namesOnlyInterfaces(AttachmentRemoval.plan(record, NOTHING));
        store.save(record);
        assertThat(store.load(KEY)).isEqualTo(new Stored.Found(record));
      }
      case Stored.Damaged(Path aside, String reason) -> {
        assertThat(aside).isEqualTo(SANDBOX.inside().resolve("damaged/c1:net3.json"));
        assertThat(aside).hasBinaryContent(bytes);
        assertThat(file).doesNotExist();
        assertThat(reason).isNotEmpty();
        assertThat(store.list().attachments()).isEmpty();
      }
      case Stored.Absent() -> throw new AssertionError("it was there");
    }
    SANDBOX.checkAndEmpty();
  }

  @FuzzTest
  void demotion(byte[] bytes) throws IOException, StateException {
    Path directory = Files.createDirectories(SANDBOX.inside().resolve("demoted"));
    Path file = directory.resolve("c1:net3.json");
    Files.write(file, bytes);
    DemotionStore store = new DemotionStore(SANDBOX.inside(), StateFiles.DURABLE);
    switch (store.load(KEY)) {
      case DemotionStore.Found.Demoted(Demotion demotion) -> {
        assertThat(demotion.key()).isEqualTo(KEY);
        assertThat(demotion.members()).isNotEmpty();
        store.save(demotion);
        assertThat(store.load(KEY)).isEqualTo(new DemotionStore.Found.Demoted(demotion));
      }
      case DemotionStore.Found.Damaged(Path aside, String reason) -> {
        assertThat(aside).hasBinaryContent(bytes);
        assertThat(file).doesNotExist();
        assertThat(reason).isNotEmpty();
      }
      case DemotionStore.Found.Nothing() -> throw new AssertionError("it was there");
    }
    SANDBOX.checkAndEmpty();
  }

  @FuzzTest
  void disabledVf(byte[] bytes) throws IOException, StateException {
    PciAddress vf = PciAddress.parse("0000:01:10.0").orElseThrow();
    Path directory = Files.createDirectories(SANDBOX.inside().resolve("vflinkstate"));
    Path file = directory.resolve(vf + ".json");
    Files.write(file, bytes);
    List<String> damaged = new ArrayList<>();
    DisabledVfStore store = new DisabledVfStore(SANDBOX.inside(), StateFiles.DURABLE, damaged::add);
    Optional<DisabledVf> disabled = store.load(vf);
    if (disabled.isPresent()) {
      assertThat(disabled.get().pci()).isEqualTo(vf);
      store.save(disabled.get());
      assertThat(store.load(vf)).isEqualTo(disabled);
    } else {
      assertThat(damaged).hasSize(1);
      assertThat(SANDBOX.inside().resolve("damaged/vflinkstate-" + vf + ".json"))
          .hasBinaryContent(bytes);
      assertThat(file).doesNotExist();
    }
    SANDBOX.checkAndEmpty();
  }

  private static void namesOnlyInterfaces(Plan plan) {
    for (var step : plan.steps()) {
      if (step.change() instanceof Change.Move move) {
        assertThat(KernelRules.isInterfaceName(move.destination().name())).isTrue();
      }
    }
  }

  @FuzzTest
  void claim(byte[] bytes) throws IOException, StateException {
    PciAddress pci = PciAddress.parse("0000:01:10.0").orElseThrow();
    Path directory = Files.createDirectories(SANDBOX.inside().resolve("vf"));
    Files.write(directory.resolve(pci.toString()), bytes);
    List<ClaimOwner> asked = new ArrayList<>();
    VfClaims claims = new VfClaims(SANDBOX.inside(), SANDBOX.inside().resolve("sriov"), asked::add);
    Optional<ClaimOwner> owner = claims.owner(pci);
    boolean taken = claims.isTaken(pci);
    assertThat(taken && owner.isEmpty()).isFalse();
    List<ClaimOwner> all = new ArrayList<>();
    claims.forEach((_, claimant) -> all.add(claimant), message -> fail(message));
    assertThat(all).hasSize(owner.isPresent() ? 1 : 0);
    for (ClaimOwner one : asked) {
      // The names in a claim are used to look up a record, so they must not be a path to another
      // directory.
      new AttachmentStore(SANDBOX.inside())
          .contains(new AttachmentKey(one.containerId(), one.ifname()));
    }
    SANDBOX.checkAndEmpty();
  }

  @FuzzTest
  void foreignAllocation(byte[] bytes) throws IOException {
    PciAddress pci = PciAddress.parse("0000:01:10.0").orElseThrow();
    Path sriov = Files.createDirectories(SANDBOX.inside().resolve("sriov"));
    Files.write(sriov.resolve(pci.toString()), bytes);
    try {
      new VfClaims(SANDBOX.inside(), sriov, _ -> true).isTaken(pci);
    } catch (StateException e) {
      assertThat(e.getMessage()).contains("sriov-cni");
    }
    SANDBOX.checkAndEmpty();
  }

  @FuzzTest
  void pendingDeletion(byte[] bytes) throws IOException {
    Path pending = Files.createDirectories(SANDBOX.inside().resolve(PendingName.DIRECTORY));
    Path file = pending.resolve("c1:net3:bond");
    Files.write(file, bytes);
    List<String> unreadable = new ArrayList<>();
    Optional<PendingDeletions.Pending> request =
        new PendingDeletions(SANDBOX.inside(), StateFiles.DURABLE).read(file, unreadable::add);
    if (request.isEmpty()) {
      assertThat(file).doesNotExist();
      assertThat(unreadable).hasSize(1);
      assertThat(SANDBOX.inside().resolve("damaged/pending-c1:net3:bond")).hasBinaryContent(bytes);
    } else {
      var call = request.get().call();
      assertThat(call.verb()).isEqualTo("DEL");
      assertThat(call.containerId()).isEqualTo("c1");
      assertThat(call.ifname()).isEqualTo("net3");
      assertThat(call.plugin()).isEqualTo("bond");
    }
    SANDBOX.checkAndEmpty();
  }
}
