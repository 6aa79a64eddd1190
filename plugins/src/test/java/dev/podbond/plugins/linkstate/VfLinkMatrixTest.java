package dev.podbond.plugins.linkstate;

import static dev.podbond.plugins.linkstate.PfInModel.vf;
import static dev.podbond.value.VfLinkState.AUTO;
import static dev.podbond.value.VfLinkState.DISABLE;
import static dev.podbond.value.VfLinkState.ENABLE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.podbond.bonding.linkstate.VfLinkStates.Orders;
import dev.podbond.bonding.model.FaultyKernel;
import dev.podbond.bonding.model.NicFamily;
import dev.podbond.bonding.model.RandomWorlds;
import dev.podbond.node.netns.NetnsIds;
import dev.podbond.plugins.linkstate.VfLinkSwitch.Outcome;
import dev.podbond.value.VfLinkState;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What becomes of the link states of VFs in each fault, with the records on a real disk.
final class VfLinkMatrixTest {
  @TempDir Path scratch;
  private Path state = Path.of("");

  private PfInModel pf(VfLinkState... states) throws Exception {
    return pf(NicFamily.RESETTING, states);
  }

  private PfInModel pf(NicFamily family, VfLinkState... states) throws Exception {
    state = Files.createTempDirectory(scratch, "state");
    return new PfInModel(state, family, states);
  }

  @Test
  void whoseLinkFollowsTheCableLosesItAndHasItBack() throws Exception {
    PfInModel pf = pf(AUTO, ENABLE, DISABLE, AUTO);
    assertThat(pf.judge(pf.bad()).disabled()).hasSize(2);
    assertThat(pf.linkStates()).containsExactly(DISABLE, ENABLE, DISABLE, DISABLE);
    assertThat(pf.written()).containsExactly(0, 3);
    assertThat(pf.judge(pf.bad())).isEqualTo(Outcome.UNCHANGED);
    assertThat(pf.judge(Orders.RESTORE).restored()).hasSize(2);
    assertThat(pf.linkStates()).containsExactly(AUTO, ENABLE, DISABLE, AUTO);
    assertThat(pf.written()).isEmpty();
    assertThat(pf.judge(Orders.RESTORE)).isEqualTo(Outcome.UNCHANGED);
  }

  @Test
  void inAStormNobodyLosesItsLinkAndWhoHasLostItStaysSo() throws Exception {
    PfInModel pf = pf(AUTO, AUTO);
    assertThat(pf.judge(pf.storm())).isEqualTo(Outcome.UNCHANGED);
    pf.busy.add(vf(1));
    Outcome _ = pf.judge(pf.bad());
    pf.busy.clear();
    assertThat(pf.judge(pf.storm())).isEqualTo(Outcome.UNCHANGED);
    assertThat(pf.linkStates()).containsExactly(DISABLE, AUTO);
  }

  @Test
  void membersOfBondsKeepTheirLinkAndHaveItBackOnceTheyAreSome() throws Exception {
    PfInModel pf = pf(AUTO, AUTO, AUTO);
    pf.members.add(vf(0));
    Outcome _ = pf.judge(pf.bad());
    assertThat(pf.linkStates()).containsExactly(AUTO, DISABLE, DISABLE);
    pf.members.add(vf(1));
    Outcome _ = pf.judge(pf.bad());
    assertThat(pf.linkStates()).containsExactly(AUTO, AUTO, DISABLE);
  }

  /// Its record is on the disk before the agent has heard of it.
  @Test
  void aBondThatTheAgentHasNotSeenKeepsItsMembersLink() throws Exception {
    PfInModel pf = pf(AUTO, AUTO);
    pf.newMembers.add(vf(0));
    Outcome _ = pf.judge(pf.bad());
    assertThat(pf.linkStates()).containsExactly(AUTO, DISABLE);
  }

  @Test
  void whereARecordOfAnAttachmentCannotBeReadNobodyLosesItsLinkAndAllHaveItBack() throws Exception {
    PfInModel pf = pf(AUTO, AUTO);
    pf.busy.add(vf(1));
    Outcome _ = pf.judge(pf.bad());
    pf.busy.clear();
    pf.isRecordUnreadable = true;
    assertThat(pf.judge(pf.bad()).notDisabled()).containsExactly("a record cannot be read");
    assertThat(pf.linkStates()).containsExactly(DISABLE, AUTO);
    assertThat(pf.judge(Orders.RESTORE).restored()).hasSize(1);
    assertThat(pf.linkStates()).containsOnly(AUTO);
  }

  /// Whoever takes it next would save our `disable` as what it was.
  @Test
  void whatNobodyHasIsNotTouchedAndHasItsLinkBackAsSoonAsNobodyHasIt() throws Exception {
    PfInModel pf = pf(AUTO, AUTO);
    pf.attached.remove(vf(0));
    Outcome _ = pf.judge(pf.bad());
    assertThat(pf.linkStates()).containsExactly(AUTO, DISABLE);
    pf.attached.clear();
    Outcome _ = pf.judge(pf.bad());
    assertThat(pf.linkStates()).containsOnly(AUTO);
    assertThat(pf.written()).isEmpty();
  }

  @Test
  void whoeverIsKilledAtAnyActLeavesEnoughForTheNextOne() throws Exception {
    for (int first = 0; ; first++) {
      PfInModel pf = pf(AUTO, DISABLE, AUTO, ENABLE);
      List<VfLinkState> before = pf.linkStates();
      boolean ended = isEnded(pf, first, pf.bad());
      int acts = pf.process.acts();
      for (int next = 0; next <= 4; next++) {
        boolean _ = isEnded(pf, next, Orders.RESTORE);
      }
      Outcome _ = pf.judge(Orders.RESTORE);
      assertThat(pf.linkStates()).as("killed after %d acts", first).isEqualTo(before);
      assertThat(pf.written()).as("killed after %d acts", first).isEmpty();
      if (ended) {
        assertThat(acts).as("a record and a change for each").isEqualTo(4);
        return;
      }
    }
  }

  /// On a driver that does not report link states as well.
  @Test
  void whoeverIsKilledAtAnyActWithADriverThatDoesNotReportStrandsNobody() throws Exception {
    for (int first = 0; first <= 6; first++) {
      PfInModel pf = pf(AUTO, AUTO);
      pf.isMute = true;
      boolean _ = isEnded(pf, first, pf.bad());
      boolean _ = isEnded(pf, 1, pf.bad());
      boolean _ = isEnded(pf, 1, Orders.RESTORE);
      Outcome _ = pf.judge(Orders.RESTORE);
      assertThat(pf.linkStates()).as("killed after %d acts", first).containsOnly(AUTO);
      assertThat(pf.written()).as("killed after %d acts", first).isEmpty();
    }
  }

  private static boolean isEnded(PfInModel pf, int acts, Orders orders) throws Exception {
    return pf.process.endsAfter(
        acts,
        () -> {
          Outcome _ = pf.judge(orders);
        });
  }

  @Test
  void aDriverThatDoesNotReportWhatItTookIsAskedOnceAndGetsThatBack() throws Exception {
    PfInModel pf = pf(AUTO, AUTO, AUTO);
    pf.isMute = true;
    Outcome outcome = pf.judge(pf.bad());
    assertThat(outcome.refusal().orElseThrow())
        .contains("has the link state disable now, and reports auto");
    assertThat(outcome.restored()).hasSize(1);
    assertThat(outcome.notDisabled()).isEmpty();
    assertThat(pf.process.acts()).as("record, change, change, record, of one VF").isEqualTo(4);
    assertThat(pf.linkStates()).containsOnly(AUTO);
    assertThat(pf.written()).isEmpty();
  }

  /// What is read back is no reason to believe that it has its link.
  @Test
  void whatSuchADriverDoesNotGiveBackStaysWrittenDown() throws Exception {
    PfInModel pf = pf(AUTO);
    pf.isMute = true;
    Outcome outcome = pf.judge(pf.bad(), FaultyKernel.failingAfter(1, pf.kernel));
    assertThat(outcome.notRestored()).hasSize(1);
    assertThat(pf.linkStates()).containsExactly(DISABLE);
    assertThat(pf.written()).containsExactly(0);
    assertThat(pf.judge(pf.storm(), FaultyKernel.failingAfter(0, pf.kernel)).notRestored())
        .hasSize(1);
    assertThat(pf.written()).containsExactly(0);
    assertThat(pf.judge(pf.storm()).restored()).as("bad as its uplink is").hasSize(1);
    assertThat(pf.linkStates()).containsExactly(AUTO);
    assertThat(pf.written()).isEmpty();
  }

  @Test
  void whatItsOwnerSetsMeanwhileStaysAndIsNotFoughtOver() throws Exception {
    PfInModel pf = pf(AUTO, AUTO, AUTO);
    Outcome _ = pf.judge(pf.bad());
    pf.set(0, AUTO);
    pf.set(1, ENABLE);
    Outcome outcome = pf.judge(pf.bad());
    assertThat(outcome.theirs()).containsExactlyInAnyOrder(vf(0), vf(1));
    Orders since = new Orders(true, true, pf.bad().attached(), Set.copyOf(outcome.theirs()));
    for (int i = 0; i < 3; i++) {
      assertThat(pf.linkStates()).containsExactly(AUTO, ENABLE, DISABLE);
      assertThat(pf.judge(since)).isEqualTo(Outcome.UNCHANGED);
    }
    Outcome _ = pf.judge(Orders.RESTORE);
    assertThat(pf.linkStates()).containsExactly(AUTO, ENABLE, AUTO);
    assertThat(pf.written()).isEmpty();
    Outcome _ = pf.judge(pf.bad());
    assertThat(pf.linkStates()).as("the next time").containsExactly(DISABLE, ENABLE, DISABLE);
  }

  /// As igb.
  @Test
  void aDriverWithoutLinkStatesRefusesInItsOwnWordsAndNothingIsLeft() throws Exception {
    PfInModel pf = pf(NicFamily.IGB, AUTO, AUTO, AUTO);
    assertThat(pf.judge(pf.bad()).refusal()).contains("its driver refuses link states: EOPNOTSUPP");
    assertThat(pf.process.acts()).as("record, one attempt, record").isEqualTo(3);
    assertThat(pf.linkStates()).containsOnly(AUTO);
    assertThat(pf.written()).isEmpty();
  }

  @Test
  void whoeverIsKilledBeforeItRefusesLeavesNothingForEver() throws Exception {
    PfInModel pf = pf(NicFamily.IGB, AUTO);
    assertThat(isEnded(pf, 1, pf.bad())).isFalse();
    assertThat(pf.written()).containsExactly(0);
    assertThat(pf.judge(Orders.RESTORE).notRestored()).isEmpty();
    assertThat(pf.written()).isEmpty();
  }

  @Test
  void whoSomebodyElseIsAtWorkOnIsLeftAlone() throws Exception {
    PfInModel pf = pf(AUTO, AUTO);
    pf.busy.add(vf(0));
    assertThat(pf.judge(pf.bad()).isBusy()).isTrue();
    assertThat(pf.linkStates()).containsExactly(AUTO, DISABLE);
    assertThat(pf.judge(pf.bad()).isBusy()).isTrue();
    pf.busy.clear();
    Outcome _ = pf.judge(pf.bad());
    assertThat(pf.linkStates()).containsOnly(DISABLE);
    pf.busy.add(vf(1));
    Outcome _ = pf.judge(Orders.RESTORE);
    assertThat(pf.linkStates()).containsExactly(AUTO, DISABLE);
    assertThat(pf.written()).containsExactly(1);
    pf.busy.clear();
    Outcome _ = pf.judge(Orders.RESTORE);
    assertThat(pf.linkStates()).containsOnly(AUTO);
    assertThat(pf.written()).isEmpty();
  }

  @Test
  void aKernelThatSaysDoneAndDoesNothingLeavesNothingStranded() throws Exception {
    PfInModel pf = pf(AUTO);
    assertThat(pf.judge(pf.bad(), _ -> {}).refusal()).isPresent();
    assertThat(pf.written()).isEmpty();
    Outcome _ = pf.judge(pf.bad());
    assertThat(pf.judge(Orders.RESTORE, _ -> {}).notRestored()).hasSize(1);
    assertThat(pf.written()).containsExactly(0);
    Outcome _ = pf.judge(Orders.RESTORE);
    assertThat(pf.linkStates()).containsExactly(AUTO);
  }

  @Test
  void whatTheKernelRefusesOfOneVfIsToldAndTheOthersAreDoneAndTold() throws Exception {
    PfInModel pf = pf(AUTO, AUTO, AUTO);
    Outcome outcome = pf.judge(pf.bad(), FaultyKernel.failingAfter(1, pf.kernel));
    assertThat(outcome.notDisabled()).hasSize(1);
    assertThat(outcome.disabled()).hasSize(2);
    assertThat(pf.linkStates()).containsExactly(DISABLE, AUTO, DISABLE);
    assertThat(pf.written()).containsExactly(0, 2);
    Outcome back = pf.judge(Orders.RESTORE, FaultyKernel.failingAfter(0, pf.kernel));
    assertThat(back.notRestored()).hasSize(1);
    assertThat(back.restored()).hasSize(1);
    assertThat(pf.linkStates()).containsExactly(DISABLE, AUTO, AUTO);
    Outcome _ = pf.judge(Orders.RESTORE);
    assertThat(pf.linkStates()).containsOnly(AUTO);
  }

  @Test
  void whereAnAnswerIsLostTheVfHasItsLinkBackWhateverWasMade() throws Exception {
    for (boolean isMade : new boolean[] {false, true}) {
      PfInModel pf = pf(AUTO, AUTO);
      Outcome outcome = pf.judge(pf.bad(), FaultyKernel.unheardAfter(0, isMade, pf.kernel));
      assertThat(outcome.notDisabled()).hasSize(1);
      assertThat(pf.linkStates()).containsExactly(AUTO, DISABLE);
      assertThat(pf.written()).containsExactly(1);
    }
  }

  /// With it all VFs were made anew, and what they are now is their owner's.
  @Test
  void whatWasWrittenDownBeforeTheNodeBootedIsForgotten() throws Exception {
    PfInModel pf = pf(AUTO, AUTO);
    Outcome _ = pf.judge(pf.bad());
    pf.boot = "the next one";
    assertThat(pf.judge(Orders.RESTORE)).isEqualTo(Outcome.UNCHANGED);
    assertThat(pf.linkStates()).containsOnly(DISABLE);
    assertThat(pf.written()).isEmpty();
    assertThat(pf.boot).isNotEqualTo(NetnsIds.bootId());
  }

  @Test
  void ofVfsThatAreGoneNothingIsLeft() throws Exception {
    PfInModel pf = pf(AUTO, AUTO);
    Outcome _ = pf.judge(pf.bad());
    pf.isGone = true;
    assertThat(pf.judge(pf.bad())).isEqualTo(Outcome.UNCHANGED);
    assertThat(pf.written()).isEmpty();
  }

  @Test
  void whileAPfCannotBeAskedItStaysWrittenDown() throws Exception {
    PfInModel pf = pf(AUTO);
    pf.isHidden = true;
    assertThat(pf.judge(pf.bad())).isEqualTo(Outcome.UNCHANGED);
    pf.isHidden = false;
    Outcome _ = pf.judge(pf.bad());
    pf.isHidden = true;
    assertThat(pf.judge(Orders.RESTORE).notRestored()).hasSize(1);
    assertThat(pf.written()).containsExactly(0);
  }

  /// It is moved aside, and what it was about is told.
  @Test
  void aDamagedRecordConcernsOneVfAlone() throws Exception {
    PfInModel pf = pf(AUTO, AUTO);
    Outcome _ = pf.judge(pf.bad());
    Files.writeString(state.resolve("vflinkstate/" + vf(0) + ".json"), "{");
    assertThat(pf.judge(Orders.RESTORE).restored()).hasSize(1);
    assertThat(pf.linkStates()).containsExactly(DISABLE, AUTO);
    assertThat(pf.warned).singleElement().asString().contains("damaged/vflinkstate-" + vf(0));
  }

  @Test
  void somethingElseInThePlaceOfARecordConcernsOneVfAlone() throws Exception {
    PfInModel pf = pf(AUTO, AUTO);
    Outcome _ = pf.judge(pf.bad());
    Path file = state.resolve("vflinkstate/" + vf(0) + ".json");
    Files.delete(file);
    Files.createSymbolicLink(file, file);
    assertThat(pf.judge(Orders.RESTORE).restored()).hasSize(1);
    assertThat(pf.giveBack(1)).isEqualTo(Optional.empty());
    assertThat(pf.seen().vfs()).hasSize(2);
  }

  /// Of the same PF twice one is acted on, while its owner does the same to both. That he sets
  /// `disable` what is disabled already nobody can see.
  @Test
  void afterwardsAllIsAsIfItHadNeverBeenDoneWhateverItsOwnerSetMeanwhile() throws Exception {
    for (long seed : RandomWorlds.seeds(60)) {
      Random random = new Random(seed);
      VfLinkState[] states = new VfLinkState[4];
      for (int i = 0; i < states.length; i++) {
        states[i] = state(random);
      }
      PfInModel pf = pf(states);
      PfInModel twin = new PfInModel(state, NicFamily.RESETTING, states);
      for (int look = 0; look < 20; look++) {
        pf.members.clear();
        if (random.nextBoolean()) {
          pf.members.add(vf(random.nextInt(4)));
        }
        int acts = random.nextInt(8);
        Orders orders =
            new Orders(random.nextInt(3) > 0, random.nextBoolean(), pf.bad().attached(), Set.of());
        boolean _ = isEnded(pf, acts, orders);
        assertThat(pf.linkStates().stream().filter(state -> state == ENABLE).count())
            .as("seed %d", seed)
            .isEqualTo(twin.linkStates().stream().filter(state -> state == ENABLE).count());
        int number = random.nextInt(4);
        VfLinkState set = state(random);
        if (random.nextInt(3) == 0 && (set != DISABLE || pf.written().isEmpty())) {
          pf.set(number, set);
          twin.set(number, set);
        }
      }
      Outcome _ = pf.judge(Orders.RESTORE);
      assertThat(pf.linkStates()).as("seed %d", seed).isEqualTo(twin.linkStates());
      assertThat(pf.written()).as("seed %d", seed).isEmpty();
    }
  }

  /// A driver that does not report leaves everything as if nothing had been done, too, where its
  /// owner sets nothing.
  @Test
  void withADriverThatDoesNotReportNobodyStaysWithoutALink() throws Exception {
    for (long seed : RandomWorlds.seeds(60)) {
      Random random = new Random(seed);
      PfInModel pf = pf(AUTO, AUTO, AUTO);
      pf.isMute = true;
      for (int look = 0; look < 20; look++) {
        int acts = random.nextInt(8);
        Orders orders = random.nextInt(3) > 0 ? pf.bad() : Orders.RESTORE;
        FaultyKernel kernel =
            random.nextBoolean()
                ? FaultyKernel.failingAfter(random.nextInt(4), pf.kernel)
                : FaultyKernel.unheardAfter(random.nextInt(4), random.nextBoolean(), pf.kernel);
        boolean _ =
            pf.process.endsAfter(
                acts,
                () -> {
                  Outcome _ = pf.judge(orders, kernel);
                });
      }
      Outcome _ = pf.judge(Orders.RESTORE);
      assertThat(pf.linkStates()).as("seed %d", seed).containsOnly(AUTO);
      assertThat(pf.written()).as("seed %d", seed).isEmpty();
    }
  }

  @Test
  void whoTakesAVfNextSeesWhatItsOwnerHasSet() throws Exception {
    PfInModel pf = pf(AUTO);
    Outcome _ = pf.judge(pf.bad());
    assertThat(pf.giveBack(0)).isEqualTo(Optional.empty());
    assertThat(pf.linkStates()).containsExactly(AUTO);
    assertThat(pf.written()).isEmpty();
    Outcome _ = pf.judge(pf.bad());
    pf.isMute = true;
    assertThat(pf.giveBack(0)).as("whatever is reported").isEqualTo(Optional.empty());
    assertThat(pf.linkStates()).containsExactly(AUTO);
  }

  private static VfLinkState state(Random random) {
    return VfLinkState.values()[random.nextInt(VfLinkState.values().length)];
  }
}
