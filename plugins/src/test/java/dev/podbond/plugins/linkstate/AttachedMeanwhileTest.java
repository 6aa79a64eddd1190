package dev.podbond.plugins.linkstate;

import static dev.podbond.plugins.linkstate.PfInModel.vf;
import static org.assertj.core.api.Assertions.assertThat;

import dev.podbond.bonding.attachment.Attachment;
import dev.podbond.bonding.attachment.SavedVf;
import dev.podbond.bonding.change.Execution;
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
import dev.podbond.value.AttachmentKey;
import dev.podbond.value.VfLinkState;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A VF is attached to a pod while the uplink of its PF is bad, loses its link, is checked and
/// given back, while the uplink is bad and after that, in every order: what ADD writes down is what
/// the VF's owner had set, and so is what is left in the end.
final class AttachedMeanwhileTest {
  @TempDir Path scratch;

  private record Case(
      VfLinkState owners,
      Optional<VfLinkState> asked,
      int killed,
      boolean isGoodBeforeDel,
      boolean isMute) {}

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
          while (!isWhole(new Case(owners, asked, killed, isGoodBeforeDel, false))) {
            killed++;
          }
        }
      }
    }
  }

  /// What its owner has set nobody can ask such a driver; what it reports is believed, as without
  /// the action.
  @Test
  void whereADriverDoesNotReportItIsWhatItReported() throws Exception {
    int killed = 0;
    while (!isWhole(new Case(VfLinkState.AUTO, Optional.empty(), killed, false, true))) {
      killed++;
    }
  }

  /// @return whether ADD was not killed
  private boolean isWhole(Case one) throws Exception {
    Path state = Files.createTempDirectory(scratch, "state");
    PfInModel pf = new PfInModel(state, NicFamily.RESETTING, one.owners(), VfLinkState.AUTO);
    pf.isMute = one.isMute();
    pf.attached.clear();
    assertThat(pf.judge(pf.bad())).as("nobody has it").isEqualTo(Outcome.UNCHANGED);

    SriovConfig config = config(one.asked());
    assertThat(pf.giveBack(0)).isEqualTo(Optional.empty());
    Attachment record =
        VfPlanner.prepare(
            new AttachmentKey("c1", "net1"), "/run/netns/pod", JsonObject.of(), config, pf.seen());
    SavedVf saved = record.vfs().getFirst();
    assertThat(saved.before().linkState()).as("%s", one).contains(one.owners());
    boolean isWhole =
        pf.process.endsAfter(
            one.killed(),
            () ->
                new Execution(pf.process.kernel(pf.kernel))
                    .run(VfPlanner.attach(vf(0), config.vf(), LinkRef.pod("net1"), pf.seen())));
    if (isWhole) {
      pf.attached.add(vf(0));
    }
    boolean isTaken = isWhole && pf.linkState(0) == VfLinkState.AUTO && !one.isMute();
    Outcome _ = pf.judge(pf.bad());
    if (isTaken) {
      assertThat(pf.linkState(0)).as("%s", one).isEqualTo(VfLinkState.DISABLE);
    }
    if (isWhole && !one.isMute()) {
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
    assertThat(pf.giveBack(0)).isEqualTo(Optional.empty());
    assertThat(
            new Execution(pf.process.kernel(pf.kernel)).runAll(VfPlanner.restore(saved, pf.seen())))
        .isEmpty();
    // Before anybody else, such as another plugin, can take it.
    assertThat(pf.linkStates()).as("%s", one).containsExactly(one.owners(), VfLinkState.AUTO);
    assertThat(pf.written()).as("%s", one).isEmpty();
    pf.attached.clear();
    assertThat(pf.judge(pf.bad())).isEqualTo(Outcome.UNCHANGED);
    Outcome _ = pf.judge(Orders.RESTORE);
    assertThat(pf.linkStates()).as("%s", one).containsExactly(one.owners(), VfLinkState.AUTO);
    return isWhole;
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
