package dev.podbond.bonding.linkstate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.podbond.bonding.change.Change.SetVf;
import dev.podbond.bonding.change.ChangeFailedException;
import dev.podbond.bonding.facts.VfRef;
import dev.podbond.bonding.facts.VfSetting;
import dev.podbond.bonding.facts.VfSettings;
import dev.podbond.bonding.linkstate.VfLinkStates.Decision;
import dev.podbond.bonding.linkstate.VfLinkStates.Disabled;
import dev.podbond.bonding.linkstate.VfLinkStates.Orders;
import dev.podbond.json.Json;
import dev.podbond.value.AttachmentKey;
import dev.podbond.value.PciAddress;
import dev.podbond.value.VfLinkState;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// What is decided about one VF, for every state of it: by example, and as rules that hold for all.
final class VfLinkStatesTest {
  private static final PciAddress PF = new PciAddress(0, 1, 0, 0);
  private static final PciAddress PCI = new PciAddress(0, 1, 2, 0);
  private static final VfRef REF = new VfRef("ens1f0", 0, PCI);
  private static final AttachedVfs ATTACHED =
      new AttachedVfs(Map.of(PCI, new AttachmentKey("c1", "net1")), Set.of());
  private static final DisabledVf WRITTEN = new DisabledVf(PCI, 0, PF, "boot", VfLinkState.AUTO);

  private record Case(
      Optional<VfLinkState> reported,
      Optional<DisabledVf> known,
      boolean isBad,
      boolean mayDisable,
      boolean isAttached,
      boolean isMember,
      boolean isLeftAlone,
      boolean isSameBoot) {
    Decision decision() {
      PfVfs.Vf vf = new PfVfs.Vf(REF, reported);
      PfVfs now = new PfVfs(PF, isSameBoot ? "boot" : "next", List.of(vf));
      AttachedVfs attached =
          new AttachedVfs(
              isAttached ? ATTACHED.alone() : Map.of(), isMember ? Set.of(PCI) : Set.of());
      return VfLinkStates.decide(
          now,
          Optional.of(vf),
          known,
          new Orders(isBad, mayDisable, attached, isLeftAlone ? Set.of(PCI) : Set.of()));
    }

    boolean mayBeWithoutLink() {
      return isBad && isAttached && !isMember;
    }
  }

  private static List<Case> all() {
    List<Case> all = new ArrayList<>();
    List<Optional<VfLinkState>> reported =
        Stream.concat(
                Stream.of(Optional.<VfLinkState>empty()),
                Stream.of(VfLinkState.values()).map(Optional::of))
            .toList();
    for (Optional<VfLinkState> state : reported) {
      for (int bits = 0; bits < 128; bits++) {
        all.add(
            new Case(
                state,
                (bits & 1) != 0 ? Optional.of(WRITTEN) : Optional.empty(),
                (bits & 2) != 0,
                (bits & 4) != 0,
                (bits & 8) != 0,
                (bits & 16) != 0,
                (bits & 32) != 0,
                (bits & 64) != 0));
      }
    }
    return all;
  }

  private static VfLinkState set(SetVf change) {
    return change.settings().linkState().orElseThrow();
  }

  @Test
  void nobodyLosesItsLinkThatIsNobodysOrABondsOrWasSetByItsOwner() {
    for (Case one : all()) {
      if (one.decision() instanceof Decision.Disable disable) {
        assertThat(one.mayBeWithoutLink()).as("%s", one).isTrue();
        assertThat(one.reported()).as("%s", one).contains(VfLinkState.AUTO);
        assertThat(one.mayDisable() && !one.isLeftAlone()).as("%s", one).isTrue();
        assertThat(one.known()).as("%s", one).isEmpty();
        assertThat(set(disable.change())).isEqualTo(VfLinkState.DISABLE);
        assertThat(disable.entry().before()).isEqualTo(VfLinkState.AUTO);
      }
    }
  }

  @Test
  void whatIsWrittenDownIsGivenBackUnlessItMayStayOrIsSomebodyElses() {
    for (Case one : all()) {
      if (one.known().isPresent() && one.isSameBoot()) {
        switch (one.decision()) {
          case Decision.GiveBack(SetVf change, boolean _) ->
              assertThat(set(change)).as("%s", one).isEqualTo(VfLinkState.AUTO);
          case Decision.Leave() -> {
            assertThat(one.mayBeWithoutLink()).as("%s", one).isTrue();
            assertThat(one.reported()).as("%s", one).contains(VfLinkState.DISABLE);
          }
          case Decision.Forget(boolean _) ->
              assertThat(one.reported()).as("a third state").contains(VfLinkState.ENABLE);
          case Decision.Disable _ -> throw new AssertionError(one);
        }
      }
    }
  }

  /// So that a driver that does not report what it took loses nobody's record.
  @Test
  void nothingIsForgottenBecauseWhatWasThereBeforeOrNothingIsReported() {
    for (Case one : all()) {
      boolean isMute =
          one.reported().isEmpty() || one.reported().equals(Optional.of(VfLinkState.AUTO));
      if (one.known().isPresent() && one.isSameBoot() && isMute) {
        assertThat(one.decision()).as("%s", one).isInstanceOf(Decision.GiveBack.class);
      }
    }
  }

  @Test
  void ofAnotherBootOrAVfThatIsGoneNothingIsDone() {
    for (Case one : all()) {
      if (one.known().isPresent() && !one.isSameBoot()) {
        assertThat(one.decision()).as("%s", one).isEqualTo(new Decision.Forget(false));
      }
    }
    assertThat(
            VfLinkStates.decide(
                new PfVfs(PF, "boot", List.of()),
                Optional.empty(),
                Optional.of(WRITTEN),
                Orders.RESTORE))
        .isEqualTo(new Decision.Forget(false));
  }

  private static Optional<PfVfs.Vf> reports(VfLinkState state) {
    return Optional.of(new PfVfs.Vf(REF, Optional.of(state)));
  }

  private static SetVf change() {
    return new SetVf(REF, VfSettings.NONE.with(VfSetting.LINK_STATE, VfLinkState.DISABLE));
  }

  @Test
  void whatTheKernelSaysAndWhatItReportsTogetherSayWhatWasDone() {
    Answer done = new Answer.Done();
    assertThat(VfLinkStates.disabled(done, reports(VfLinkState.DISABLE)))
        .isEqualTo(new Disabled.Held());
    assertThat(VfLinkStates.disabled(done, Optional.empty())).isEqualTo(new Disabled.Held());
    assertThat(VfLinkStates.disabled(done, reports(VfLinkState.AUTO)))
        .isEqualTo(
            new Disabled.Doubtful(
                "its driver says that VF 0 (0000:01:02.0) of PF ens1f0 has the link state disable"
                    + " now, and reports auto, so nobody can tell what its VFs have",
                true));
    Answer failed = Answer.of(new ChangeFailedException(change(), "EIO", "Input/output error"));
    assertThat(VfLinkStates.disabled(failed, reports(VfLinkState.AUTO)))
        .isInstanceOfSatisfying(
            Disabled.Doubtful.class, doubt -> assertThat(doubt.isUnreported()).isFalse());
    Answer lost = Answer.of(ChangeFailedException.unanswered(change(), "EOPNOTSUPP", "lost"));
    assertThat(lost).isInstanceOf(Answer.Failed.class);
    Answer refused = Answer.of(new ChangeFailedException(change(), "EOPNOTSUPP", "not supported"));
    assertThat(VfLinkStates.disabled(refused, reports(VfLinkState.AUTO)))
        .isEqualTo(new Disabled.NotDone());
    Answer gone = Answer.of(new ChangeFailedException(change(), "ENXIO", "no such VF"));
    assertThat(VfLinkStates.disabled(gone, Optional.empty())).isEqualTo(new Disabled.NotDone());
    assertThat(VfLinkStates.disabled(gone, reports(VfLinkState.DISABLE)))
        .isInstanceOf(Disabled.Doubtful.class);
  }

  @Test
  void whatIsWrittenDownGoesOnceTheKernelHasAcknowledgedThatItIsGivenBack() {
    Answer done = new Answer.Done();
    assertThat(VfLinkStates.stillDisabled(done, reports(VfLinkState.AUTO))).isEmpty();
    assertThat(VfLinkStates.stillDisabled(done, Optional.empty())).isEmpty();
    assertThat(VfLinkStates.stillDisabled(done, reports(VfLinkState.DISABLE))).isPresent();
    for (VfLinkState state : VfLinkState.values()) {
      assertThat(VfLinkStates.stillDisabled(new Answer.Failed("no"), reports(state)))
          .as("%s, whatever is reported", state)
          .contains("no");
    }
    Answer refused = Answer.of(new ChangeFailedException(change(), "EOPNOTSUPP", "not supported"));
    assertThat(VfLinkStates.stillDisabled(refused, reports(VfLinkState.AUTO)))
        .as("it can never have been done")
        .isEmpty();
    assertThat(VfLinkStates.stillDisabled(refused, reports(VfLinkState.DISABLE))).isPresent();
    Answer gone = Answer.of(new ChangeFailedException(change(), "ENXIO", "no such VF"));
    assertThat(VfLinkStates.stillDisabled(gone, Optional.empty())).isEmpty();
    assertThat(VfLinkStates.stillDisabled(gone, reports(VfLinkState.DISABLE)))
        .as("a driver in trouble may say so of a VF that it has")
        .isPresent();
  }

  @Test
  void aRecordIsReadAsItWasWrittenAndNothingElse() throws Exception {
    assertThat(DisabledVf.fromJson(Json.parseObject(WRITTEN.toJson().toString())))
        .isEqualTo(WRITTEN);
    for (String wrong : List.of("\"format\":2", "\"before\":\"up\"", "\"vf\":\"nothing\"")) {
      String name = wrong.substring(0, wrong.indexOf(':'));
      String text = WRITTEN.toJson().toString().replaceFirst(name + ":[^,}]*", wrong);
      assertThat(catchThrowable(() -> DisabledVf.fromJson(Json.parseObject(text))))
          .as(text)
          .isInstanceOf(InvalidDisabledVfException.class);
    }
  }
}
