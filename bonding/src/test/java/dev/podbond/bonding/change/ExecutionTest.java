package dev.podbond.bonding.change;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.podbond.bonding.change.Change.AddAltName;
import dev.podbond.bonding.change.Change.RemoveAddress;
import dev.podbond.bonding.change.Change.RemoveAltName;
import dev.podbond.bonding.change.Change.SetAdminState;
import dev.podbond.bonding.change.Change.SetMtu;
import dev.podbond.bonding.change.Change.SetVf;
import dev.podbond.bonding.facts.VfRef;
import dev.podbond.bonding.facts.VfSettings;
import dev.podbond.bonding.net.LinkRef;
import dev.podbond.value.IpPrefix;
import dev.podbond.value.PciAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExecutionTest {
  private static final LinkRef NET1 = LinkRef.pod("net1");
  private static final Change DOWN = new SetAdminState(NET1, false);
  private static final Change UP = new SetAdminState(NET1, true);
  private static final Change MTU = new SetMtu(NET1, 9000);
  private static final Change OLD_MTU = new SetMtu(NET1, 1500);
  private static final Change NAME = new AddAltName(NET1, "lan");
  private static final Change NO_NAME = new RemoveAltName(NET1, "lan");
  private static final Plan PLAN =
      new Plan(List.of(Step.of(DOWN, UP), Step.of(MTU, OLD_MTU), Step.of(NAME, NO_NAME)));

  private final List<Change> applied = new ArrayList<>();
  private final Map<Change, String> refused = new HashMap<>();
  private final Execution execution =
      new Execution(change -> {
        if (refused.containsKey(change)) {
          throw new ChangeFailedException(change, refused.get(change), "no");
        }
        applied.add(change);
      });

  @Test
  void stopsAtTheFirstFailureAndTakesBackWhatWasDoneTheLatestFirst() throws Exception {
    execution.run(new Plan(List.of(Step.of(NAME, NO_NAME))));
    refused.put(NAME, "EEXIST");
    assertThatThrownBy(() -> execution.run(PLAN))
        .isInstanceOf(ChangeFailedException.class)
        .hasMessage("failed to add alternative name lan to net1 in the pod: no");
    assertThat(applied).containsExactly(NAME, DOWN, MTU);

    applied.clear();
    assertThat(execution.undo()).isEmpty();
    assertThat(applied).containsExactly(OLD_MTU, UP, NO_NAME);

    applied.clear();
    assertThat(execution.undo()).isEmpty();
    assertThat(applied).as("nothing is taken back twice").isEmpty();
  }

  @Test
  void aRemovalGoesOnAfterAFailureAndReportsIt() {
    refused.put(DOWN, "EBUSY");
    refused.put(MTU, "ENODEV");
    assertThat(execution.runAll(PLAN))
        .singleElement()
        .satisfies(failure -> {
          assertThat(failure.change()).isEqualTo(DOWN);
          assertThat(failure.errno()).isEqualTo("EBUSY");
          assertThat(failure.reason()).isEqualTo("no");
        });
    assertThat(applied).containsExactly(NAME);
  }

  @Test
  void whatCannotBeTakenBackIsReportedAndTheRestIsTakenBack() throws Exception {
    execution.run(PLAN);
    refused.put(OLD_MTU, "EINVAL");
    applied.clear();
    assertThat(execution.undo()).extracting(ChangeFailedException::change).containsExactly(OLD_MTU);
    assertThat(applied).containsExactly(NO_NAME, UP);
  }

  /// The change may not have been made; then the undo finds everything as it should be.
  @ParameterizedTest
  @CsvSource({"EINVAL, true", "EEXIST, false", "ENODEV, false"})
  void ofAChangeWhoseAnswerWasLostIsReportedWhatKeepsItFromBeingTakenBack(
      String errno, boolean reported) {
    Execution deaf =
        new Execution(change -> {
          throw change.equals(MTU)
              ? ChangeFailedException.unanswered(change, "ENOBUFS", "lost")
              : new ChangeFailedException(change, errno, "no");
        });
    assertThatThrownBy(() -> deaf.run(new Plan(List.of(Step.of(MTU, OLD_MTU)))))
        .isInstanceOf(ChangeFailedException.class);
    assertThat(deaf.undo())
        .extracting(ChangeFailedException::change)
        .isEqualTo(reported ? List.of(OLD_MTU) : List.of());
  }

  @ParameterizedTest
  @CsvSource({
    "ENODEV, true, true",
    "ENOENT, true, true",
    "ESRCH, true, true",
    // The answer when a missing address is removed; for other changes it means something else.
    "EADDRNOTAVAIL, true, false",
    "EPERM, false, false",
    "'', false, false",
  })
  void whatIsGoneAlreadyNeedsNoRemoval(String errno, boolean ofAddress, boolean ofOthers) {
    Change address = new RemoveAddress(NET1, IpPrefix.parse("10.0.0.1/24").orElseThrow());
    assertThat(new ChangeFailedException(address, errno, "").isMissing()).isEqualTo(ofAddress);
    assertThat(new ChangeFailedException(MTU, errno, "").isMissing()).isEqualTo(ofOthers);
  }

  @ParameterizedTest
  @CsvSource({"ENXIO, true", "ENODEV, false", "ENOENT, false", "ESRCH, false", "EBUSY, false"})
  void aVfIsGoneOnlyWithItsPciFunction(String errno, boolean gone) {
    VfRef vf = new VfRef("pf0", 0, PciAddress.parse("0000:01:10.0").orElseThrow());
    Change set = new SetVf(vf, VfSettings.NONE);
    assertThat(new ChangeFailedException(set, errno, "").isMissing()).isEqualTo(gone);
    assertThat(new ChangeFailedException(MTU, "ENXIO", "").isMissing()).isFalse();
  }

  @Test
  void plansAreCarriedOutOneAfterTheOther() {
    Plan first = new Plan(List.of(Step.of(DOWN)));
    assertThat(first.then(PLAN).steps())
        .hasSize(4)
        .startsWith(Step.of(DOWN))
        .endsWith(Step.of(NAME, NO_NAME));
    assertThat(Plan.NOTHING.isEmpty()).isTrue();
    assertThat(PLAN.isEmpty()).isFalse();
  }
}
