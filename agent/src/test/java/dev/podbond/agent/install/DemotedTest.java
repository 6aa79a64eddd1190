package dev.podbond.agent.install;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podbond.agent.SomeDemotion;
import dev.podbond.bonding.attachment.Attachment;
import dev.podbond.bonding.attachment.Origin;
import dev.podbond.bonding.config.BondNames;
import dev.podbond.bonding.linkstate.DisabledVf;
import dev.podbond.bonding.net.NetnsId;
import dev.podbond.json.JsonObject;
import dev.podbond.node.netns.NetnsIds;
import dev.podbond.node.state.AttachmentStore;
import dev.podbond.node.state.DemotionStore;
import dev.podbond.node.state.DisabledVfStore;
import dev.podbond.node.state.StateException;
import dev.podbond.node.state.StateFiles;
import dev.podbond.value.AttachmentKey;
import dev.podbond.value.PciAddress;
import dev.podbond.value.VfLinkState;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What is said of bonds that an agent left demoted when it was killed for good.
final class DemotedTest {
  private static final AttachmentKey KEY = new AttachmentKey("c1", "net3");

  @TempDir Path scratch;
  private Path state;

  @BeforeEach
  void demote() throws Exception {
    state =
        Files.createDirectory(
            scratch.resolve("state"),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    store().save(SomeDemotion.of(KEY));
  }

  private DemotionStore store() {
    return new DemotionStore(state, StateFiles.DURABLE);
  }

  private List<String> restore() {
    return Demoted.of(
            Map.of("PODBOND_STATE", state.toString()),
            new PrintStream(OutputStream.nullOutputStream()))
        .restore();
  }

  @Test
  void ofABondThatIsGoneNothingIsSaidAndNothingLeft() throws StateException {
    assertThat(restore()).isEmpty();
    assertThat(store().load(KEY)).isEqualTo(new DemotionStore.Found.Nothing());
  }

  @Test
  void ofABondThatCannotBeSeenItIsSaidAndTheRecordStays() throws StateException {
    new AttachmentStore(state)
        .save(
            Attachment.prepared(KEY, "net", "bond", "/run/netns/nowhere-at-all", JsonObject.of())
                .withInterfaces(
                    Optional.of(new BondNames("bond0", Optional.empty())), Optional.empty())
                .from(new Origin("", "", NetnsId.UNKNOWN))
                .complete(List.of(), List.of()));
    assertThat(restore())
        .containsExactly(
            "the bond of c1/net3 could not be restored: the network namespace"
                + " /run/netns/nowhere-at-all is gone or cannot be seen from here");
    assertThat(store().load(KEY)).isInstanceOf(DemotionStore.Found.Demoted.class);
  }

  @Test
  void ofVfsThatAreGoneNothingIsSaidAndNothingLeft() throws StateException {
    PciAddress pf = new PciAddress(0xfffe, 0, 0, 0);
    DisabledVfStore vfs =
        new DisabledVfStore(
            state,
            StateFiles.DURABLE,
            damaged -> {
              throw new AssertionError(damaged);
            });
    PciAddress vf = new PciAddress(0xfffe, 0, 1, 0);
    vfs.save(new DisabledVf(vf, 0, pf, NetnsIds.bootId(), VfLinkState.AUTO));
    assertThat(restore()).isEmpty();
    assertThat(vfs.load(vf)).isEmpty();
  }

  @Test
  void whatCannotBeListedIsSaid() throws Exception {
    boolean _ = store().remove(KEY);
    Files.delete(state.resolve("demoted"));
    Files.writeString(state.resolve("demoted"), "");
    assertThat(restore()).singleElement().asString().startsWith("cannot list the records in ");
  }
}
