package dev.podbond.bonding.change;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.podbond.bonding.change.Change.AddAltName;
import dev.podbond.bonding.change.Change.AddRoute;
import dev.podbond.bonding.change.Change.RemoveAddress;
import dev.podbond.bonding.change.Change.RemoveAltName;
import dev.podbond.bonding.change.Change.RemoveRoute;
import dev.podbond.bonding.change.Change.SetAdminState;
import dev.podbond.bonding.change.Change.SetMtu;
import dev.podbond.bonding.change.Change.SetVf;
import dev.podbond.bonding.facts.VfRef;
import dev.podbond.bonding.facts.VfSettings;
import dev.podbond.bonding.net.LinkRef;
import dev.podbond.bonding.net.Route;
import dev.podbond.value.IpPrefix;
import dev.podbond.value.PciAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
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

  private static Step route(LinkRef link, int number) {
    IpPrefix destination = IpPrefix.parse("10.0." + number + ".0/24").orElseThrow();
    Route route = Route.of(destination, Optional.empty());
    return Step.of(new AddRoute(link, route), new RemoveRoute(link, route));
  }

  private static List<Step> routes(LinkRef link, int count) {
    return IntStream.range(0, count).mapToObj(i -> route(link, i)).toList();
  }

  @Test
  void routesOfOneLinkAreAskedForTogetherSomeDozensAtATime() {
    Plan plan =
        new Plan(List.of(Step.of(DOWN, UP), Step.of(MTU, OLD_MTU)))
            .then(new Plan(routes(NET1, 150)))
            .then(new Plan(routes(LinkRef.pod("net2"), 3)))
            .then(new Plan(List.of(Step.of(NAME, NO_NAME))));
    List<List<Step>> groups = plan.groups();
    assertThat(groups).extracting(List::size).containsExactly(1, 1, 64, 64, 22, 3, 1);
    assertThat(groups.stream().flatMap(List::stream)).containsExactlyElementsOf(plan.steps());
    assertThat(Plan.NOTHING.groups()).isEmpty();
  }

  /// Makes routes together, as the running kernel does, and goes on after those that it refuses.
  private static Kernel together(Map<Change, ChangeFailedException> failures, List<Change> made) {
    return new Kernel() {
      @Override
      public void apply(Change change) throws ChangeFailedException {
        if (failures.containsKey(change)) {
          throw failures.get(change);
        }
        made.add(change);
      }

      @Override
      public List<Optional<ChangeFailedException>> applyEach(List<Change> changes) {
        return changes.stream()
            .map(change -> {
              Optional<ChangeFailedException> failure = Optional.ofNullable(failures.get(change));
              if (failure.isEmpty()) {
                made.add(change);
              }
              return failure;
            })
            .toList();
      }
    };
  }

  @Test
  void ofRoutesThatWereAskedForTogetherAllThatWereMadeAreTakenBack() {
    List<Step> steps = routes(NET1, 5);
    Change refusedRoute = steps.get(1).change();
    Change lost = steps.get(3).change();
    Map<Change, ChangeFailedException> failures = new HashMap<>();
    failures.put(refusedRoute, new ChangeFailedException(refusedRoute, "EEXIST", "no"));
    failures.put(lost, ChangeFailedException.unanswered(lost, "ENOBUFS", "lost"));
    Execution together = new Execution(together(failures, applied));
    assertThatThrownBy(() -> together.run(new Plan(steps)))
        .isInstanceOf(ChangeFailedException.class)
        .hasMessage("failed to " + refusedRoute + ": no");
    assertThat(applied)
        .containsExactly(steps.get(0).change(), steps.get(2).change(), steps.get(4).change());
    applied.clear();
    assertThat(together.undo()).isEmpty();
    assertThat(applied)
        .containsExactly(
            steps.get(3).undo().getFirst(),
            steps.get(4).undo().getFirst(),
            steps.get(2).undo().getFirst(),
            steps.get(0).undo().getFirst());
  }

  @Test
  void routesAreMadeOneByOneWhereAKernelTakesNoneTogether() {
    List<Step> steps = routes(NET1, 5);
    refused.put(steps.get(2).change(), "EINVAL");
    assertThatThrownBy(() -> execution.run(new Plan(steps)))
        .isInstanceOf(ChangeFailedException.class);
    assertThat(applied).containsExactly(steps.get(0).change(), steps.get(1).change());
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
