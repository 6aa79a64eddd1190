package dev.podbond.plugins.linkstate;

import static dev.podbond.plugins.linkstate.PfInModel.vf;
import static org.assertj.core.api.Assertions.assertThat;

import dev.podbond.bonding.attachment.Attachment;
import dev.podbond.bonding.attachment.SavedVf;
import dev.podbond.bonding.change.Execution;
import dev.podbond.bonding.change.Kernel;
import dev.podbond.bonding.check.Comparison;
import dev.podbond.bonding.check.Expectation;
import dev.podbond.bonding.config.SriovConfig;
import dev.podbond.bonding.config.VfConfig;
import dev.podbond.bonding.facts.VfSetting;
import dev.podbond.bonding.facts.VfSettings;
import dev.podbond.bonding.linkstate.VfLinkStates.Orders;
import dev.podbond.bonding.model.NicFamily;
import dev.podbond.bonding.net.LinkRef;
import dev.podbond.bonding.plan.VfPlanner;
import dev.podbond.json.JsonObject;
import dev.podbond.plugins.linkstate.VfLinkSwitch.Outcome;
import dev.podbond.plugins.node.NodeEnvironment;
import dev.podbond.plugins.session.TakenOver;
import dev.podbond.value.AttachmentKey;
import dev.podbond.value.VfLinkState;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A VF that has no link because of a bad uplink is attached to a pod, checked and given back,
/// while the uplink is bad and after that, in every order: in the end it is what its owner had set.
final class AttachedMeanwhileTest {
  private static final Orders BAD = new Orders(true, Set.of(), true);

  @TempDir Path scratch;

  private record Case(
      VfLinkState owners, Optional<VfLinkState> asked, int killed, boolean isGoodBeforeDel) {}

  private static List<Optional<VfLinkState>> asked() {
    return List.of(
        Optional.empty(),
        Optional.of(VfLinkState.AUTO),
        Optional.of(VfLinkState.ENABLE),
        Optional.of(VfLinkState.DISABLE));
  }

  @Test
  void inTheEndItIsWhatItsOwnerHadSet() throws Exception {
    for (VfLinkState owners : VfLinkState.values()) {
      for (Optional<VfLinkState> asked : asked()) {
        for (boolean isGoodBeforeDel : new boolean[] {false, true}) {
          int killed = 0;
          while (!isWhole(new Case(owners, asked, killed, isGoodBeforeDel))) {
            killed++;
          }
        }
      }
    }
  }

  /// @return whether ADD was not killed
  private boolean isWhole(Case one) throws Exception {
    Path state =
        Files.createTempDirectory(
            scratch,
            "state",
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    PfInModel pf = new PfInModel(state, NicFamily.RESETTING, one.owners(), VfLinkState.AUTO);
    Kernel kernel = new TakenOver(pf.process.kernel(pf.kernel), node(state, pf), pf.store());
    Outcome _ = pf.judge(BAD);

    SriovConfig config = config(one.asked());
    Attachment record =
        VfPlanner.prepare(
            new AttachmentKey("c1", "net1"), "/run/netns/pod", JsonObject.of(), config, pf.seen());
    SavedVf saved = record.vfs().getFirst();
    assertThat(saved.before().linkState()).as("%s", one).contains(one.owners());
    boolean isWhole =
        pf.process.endsAfter(
            one.killed(),
            () ->
                new Execution(kernel)
                    .run(VfPlanner.attach(vf(0), config.vf(), LinkRef.pod("net1"), pf.seen())));
    Outcome _ = pf.judge(BAD);
    if (isWhole) {
      assertThat(
              Comparison.differences(
                  Expectation.ofVf(record.complete(List.of(), List.of())), pf.seen()))
          .as("%s", one)
          .isEmpty();
    }
    if (one.isGoodBeforeDel()) {
      Outcome _ = pf.judge(Orders.RESTORE);
      assertThat(pf.written()).as("%s", one).isEmpty();
    }
    assertThat(new Execution(kernel).runAll(VfPlanner.restore(saved, pf.seen()))).isEmpty();
    assertThat(VfPlanner.restore(saved, pf.seen()).isEmpty()).as("%s", one).isTrue();
    Outcome _ = pf.judge(BAD);
    Outcome _ = pf.judge(Orders.RESTORE);
    assertThat(pf.linkStates()).as("%s", one).containsExactly(one.owners(), VfLinkState.AUTO);
    assertThat(pf.written()).as("%s", one).isEmpty();
    return isWhole;
  }

  private static NodeEnvironment node(Path state, PfInModel pf) {
    return NodeEnvironment.ofThisMachine(new PrintStream(OutputStream.nullOutputStream()))
        .withState(state);
  }

  private static SriovConfig config(Optional<VfLinkState> asked) {
    VfSettings settings = VfSettings.NONE.with(VfSetting.LINK_STATE, asked);
    return new SriovConfig(
        "net",
        vf(0),
        new VfConfig(settings, Optional.empty()),
        Optional.empty(),
        Optional.empty(),
        false);
  }
}
