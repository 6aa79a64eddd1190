package dev.podbond.plugins.linkstate;

import static dev.podbond.plugins.linkstate.PfInModel.PF;
import static dev.podbond.plugins.linkstate.PfInModel.vf;
import static dev.podbond.value.VfLinkState.AUTO;
import static dev.podbond.value.VfLinkState.DISABLE;
import static dev.podbond.value.VfLinkState.ENABLE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.podbond.bonding.linkstate.DisabledVf;
import dev.podbond.bonding.linkstate.DisabledVfs;
import dev.podbond.bonding.linkstate.VfLinkStates.Orders;
import dev.podbond.bonding.model.FaultyKernel;
import dev.podbond.bonding.model.NicFamily;
import dev.podbond.bonding.model.RandomWorlds;
import dev.podbond.plugins.linkstate.VfLinkSwitch.Outcome;
import dev.podbond.value.PciAddress;
import dev.podbond.value.VfLinkState;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What becomes of the link states of VFs in each fault, with the record on a real disk.
final class VfLinkMatrixTest {
  private static final Orders BAD = new Orders(true, Set.of(), true);
  private static final Orders STORM = new Orders(true, Set.of(), false);

  @TempDir Path scratch;

  private PfInModel pf(VfLinkState... states) throws Exception {
    return pf(NicFamily.RESETTING, states);
  }

  private PfInModel pf(NicFamily family, VfLinkState... states) throws Exception {
    return new PfInModel(Files.createTempDirectory(scratch, "state"), family, states);
  }

  @Test
  void whoseLinkFollowsTheCableLosesItAndHasItBack() throws Exception {
    PfInModel pf = pf(AUTO, ENABLE, DISABLE, AUTO);
    assertThat(pf.judge(BAD))
        .isInstanceOfSatisfying(
            Outcome.Done.class, done -> assertThat(done.disabled()).isEqualTo(2));
    assertThat(pf.linkStates()).containsExactly(DISABLE, ENABLE, DISABLE, DISABLE);
    assertThat(pf.written())
        .contains(
            new DisabledVfs(
                PF,
                "this one",
                List.of(
                    new DisabledVf(vf(0), 0, AUTO, false), new DisabledVf(vf(3), 3, AUTO, false))));
    assertThat(pf.judge(BAD)).isEqualTo(new Outcome.Unchanged());
    assertThat(pf.judge(Orders.RESTORE)).isInstanceOf(Outcome.Done.class);
    assertThat(pf.linkStates()).containsExactly(AUTO, ENABLE, DISABLE, AUTO);
    assertThat(pf.written()).isEmpty();
    assertThat(pf.judge(Orders.RESTORE)).isEqualTo(new Outcome.Unchanged());
  }

  @Test
  void inAStormNobodyLosesItsLinkAndWhoHasLostItStaysSo() throws Exception {
    PfInModel pf = pf(AUTO, AUTO);
    assertThat(pf.judge(STORM)).isEqualTo(new Outcome.Unchanged());
    pf.busy.add(vf(1));
    Outcome _ = pf.judge(BAD);
    pf.busy.clear();
    assertThat(pf.judge(STORM)).isEqualTo(new Outcome.Unchanged());
    assertThat(pf.linkStates()).containsExactly(DISABLE, AUTO);
  }

  @Test
  void membersOfBondsKeepTheirLinkAndHaveItBackOnceTheyAreSome() throws Exception {
    PfInModel pf = pf(AUTO, AUTO, AUTO);
    Outcome _ = pf.judge(new Orders(true, Set.of(vf(0)), true));
    assertThat(pf.linkStates()).containsExactly(AUTO, DISABLE, DISABLE);
    Outcome _ = pf.judge(new Orders(true, Set.of(vf(1)), true));
    assertThat(pf.linkStates()).containsExactly(DISABLE, AUTO, DISABLE);
  }

  @Test
  void whoeverIsKilledAtAnyActLeavesEnoughForTheNextOne() throws Exception {
    for (int first = 0; ; first++) {
      PfInModel pf = pf(AUTO, DISABLE, AUTO, ENABLE);
      List<VfLinkState> before = pf.linkStates();
      boolean ended = isEnded(pf, first, BAD);
      int acts = pf.process.acts();
      for (int next = 0; next <= 4; next++) {
        boolean _ = isEnded(pf, next, Orders.RESTORE);
      }
      Outcome _ = pf.judge(Orders.RESTORE);
      assertThat(pf.linkStates()).as("killed after %d acts", first).isEqualTo(before);
      assertThat(pf.written()).as("killed after %d acts", first).isEmpty();
      if (ended) {
        assertThat(acts).as("record and changes").isEqualTo(3);
        return;
      }
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
  void whatItsOwnerSetsMeanwhileStaysAndIsNotFoughtOver() throws Exception {
    PfInModel pf = pf(AUTO, AUTO, AUTO);
    Outcome _ = pf.judge(BAD);
    pf.set(0, AUTO);
    pf.set(1, ENABLE);
    for (int i = 0; i < 3; i++) {
      assertThat(pf.judge(BAD)).isEqualTo(new Outcome.Unchanged());
      assertThat(pf.linkStates()).containsExactly(AUTO, ENABLE, DISABLE);
    }
    Outcome _ = pf.judge(Orders.RESTORE);
    assertThat(pf.linkStates()).containsExactly(AUTO, ENABLE, AUTO);
    assertThat(pf.written()).isEmpty();
    Outcome _ = pf.judge(BAD);
    assertThat(pf.linkStates()).as("the next time").containsExactly(DISABLE, ENABLE, DISABLE);
  }

  /// As igb.
  @Test
  void aDriverWithoutLinkStatesRefusesInItsOwnWordsAndNothingIsLeft() throws Exception {
    PfInModel pf = pf(NicFamily.IGB, AUTO, AUTO, AUTO);
    assertThat(pf.judge(BAD)).isEqualTo(new Outcome.Refused("EOPNOTSUPP"));
    assertThat(pf.process.acts()).as("record, one attempt, record").isEqualTo(3);
    assertThat(pf.linkStates()).containsOnly(AUTO);
    assertThat(pf.written()).isEmpty();
  }

  @Test
  void whoSomebodyElseIsAtWorkOnIsLeftAlone() throws Exception {
    PfInModel pf = pf(AUTO, AUTO);
    pf.busy.add(vf(0));
    Outcome _ = pf.judge(BAD);
    assertThat(pf.linkStates()).containsExactly(AUTO, DISABLE);
    assertThat(pf.judge(BAD)).isEqualTo(new Outcome.Busy());
    pf.busy.clear();
    Outcome _ = pf.judge(BAD);
    assertThat(pf.linkStates()).containsOnly(DISABLE);
    pf.busy.add(vf(1));
    Outcome _ = pf.judge(Orders.RESTORE);
    assertThat(pf.linkStates()).containsExactly(AUTO, DISABLE);
    assertThat(pf.written()).isPresent();
    pf.busy.clear();
    Outcome _ = pf.judge(Orders.RESTORE);
    assertThat(pf.linkStates()).containsOnly(AUTO);
    assertThat(pf.written()).isEmpty();
  }

  @Test
  void aKernelThatSaysDoneAndDoesNothingLeavesNothingStranded() throws Exception {
    PfInModel pf = pf(AUTO);
    assertThat(pf.judge(BAD, _ -> {})).isInstanceOf(Outcome.Unfinished.class);
    assertThat(pf.written()).isEmpty();
    Outcome _ = pf.judge(BAD);
    assertThat(pf.judge(Orders.RESTORE, _ -> {})).isInstanceOf(Outcome.Unfinished.class);
    assertThat(pf.written()).isPresent();
    Outcome _ = pf.judge(Orders.RESTORE);
    assertThat(pf.linkStates()).containsExactly(AUTO);
  }

  @Test
  void whatTheKernelRefusesOfOneVfIsToldAndTheOthersAreDone() throws Exception {
    PfInModel pf = pf(AUTO, AUTO);
    assertThat(pf.judge(BAD, FaultyKernel.failingAfter(0, pf.kernel)))
        .isInstanceOf(Outcome.Unfinished.class);
    assertThat(pf.linkStates()).containsExactly(AUTO, DISABLE);
    Outcome _ = pf.judge(BAD);
    assertThat(pf.judge(Orders.RESTORE, FaultyKernel.failingAfter(1, pf.kernel)))
        .isInstanceOf(Outcome.Unfinished.class);
    assertThat(pf.linkStates()).containsExactlyInAnyOrder(AUTO, DISABLE);
    Outcome _ = pf.judge(Orders.RESTORE);
    assertThat(pf.linkStates()).containsOnly(AUTO);
  }

  /// With it all VFs were made anew, and what they are now is their owner's.
  @Test
  void whatWasWrittenDownBeforeTheNodeBootedIsForgotten() throws Exception {
    PfInModel pf = pf(AUTO, AUTO);
    Outcome _ = pf.judge(BAD);
    pf.boot = "the next one";
    assertThat(pf.judge(Orders.RESTORE)).isEqualTo(new Outcome.Unchanged());
    assertThat(pf.linkStates()).containsOnly(DISABLE);
    assertThat(pf.written()).isEmpty();
  }

  @Test
  void ofVfsThatAreGoneNothingIsLeft() throws Exception {
    PfInModel pf = pf(AUTO, AUTO);
    Outcome _ = pf.judge(BAD);
    pf.isGone = true;
    assertThat(pf.judge(BAD)).isEqualTo(new Outcome.Unchanged());
    assertThat(pf.written()).isEmpty();
  }

  @Test
  void whileAPfCannotBeAskedItStaysWrittenDown() throws Exception {
    PfInModel pf = pf(AUTO);
    pf.isHidden = true;
    assertThat(pf.judge(BAD)).isEqualTo(new Outcome.Unchanged());
    pf.isHidden = false;
    Outcome _ = pf.judge(BAD);
    pf.isHidden = true;
    assertThat(pf.judge(Orders.RESTORE)).isInstanceOf(Outcome.Unfinished.class);
    assertThat(pf.written()).isPresent();
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
      PfInModel twin = pf(states);
      for (int look = 0; look < 20; look++) {
        Set<PciAddress> spared = new HashSet<>();
        if (random.nextBoolean()) {
          spared.add(vf(random.nextInt(4)));
        }
        Outcome _ = pf.judge(new Orders(random.nextInt(3) > 0, spared, random.nextBoolean()));
        assertThat(pf.linkStates().stream().filter(state -> state == ENABLE).count())
            .as("seed %d", seed)
            .isEqualTo(twin.linkStates().stream().filter(state -> state == ENABLE).count());
        int number = random.nextInt(4);
        VfLinkState set = state(random);
        if (random.nextInt(3) == 0 && (set != DISABLE || pf.linkState(number) != DISABLE)) {
          pf.set(number, set);
          twin.set(number, set);
        }
      }
      Outcome _ = pf.judge(Orders.RESTORE);
      assertThat(pf.linkStates()).as("seed %d", seed).isEqualTo(twin.linkStates());
      assertThat(pf.written()).as("seed %d", seed).isEmpty();
    }
  }

  private static VfLinkState state(Random random) {
    return VfLinkState.values()[random.nextInt(VfLinkState.values().length)];
  }
}
