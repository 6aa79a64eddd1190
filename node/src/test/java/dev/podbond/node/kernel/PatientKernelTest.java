package dev.podbond.node.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.podbond.bonding.change.Change;
import dev.podbond.bonding.change.ChangeFailedException;
import dev.podbond.bonding.change.Execution;
import dev.podbond.bonding.change.Plan;
import dev.podbond.bonding.change.Step;
import dev.podbond.bonding.facts.VfRef;
import dev.podbond.bonding.facts.VfSettings;
import dev.podbond.bonding.net.LinkRef;
import dev.podbond.node.wait.SteppedPace;
import dev.podbond.value.MacAddress;
import dev.podbond.value.PciAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// A driver that is busy resetting its VF for a while, or for good.
class PatientKernelTest {
  private static final LinkRef NET1 = LinkRef.pod("net1");
  private static final MacAddress MAC = new MacAddress(0x020000000001L);
  private static final Change SET_VF =
      new Change.SetVf(
          new VfRef("pf0", 0, PciAddress.parse("0000:01:10.0").orElseThrow()), VfSettings.NONE);
  private static final Change UP = new Change.SetAdminState(NET1, true);
  private static final Change DOWN = new Change.SetAdminState(NET1, false);
  private static final Change SET_MAC = new Change.SetMac(NET1, MAC);
  private static final Change SET_MTU = new Change.SetMtu(NET1, 9000);
  private static final Change ENSLAVE = new Change.Enslave(NET1, LinkRef.pod("bond0"));
  private static final Duration RESET = Duration.ofMillis(800);
  private static final Duration FOR_EVER = Duration.ofDays(1);

  private final SteppedPace pace = new SteppedPace();
  private final long start = pace.nanoTime();
  private final List<Change> made = new ArrayList<>();
  private final List<String> warnings = new ArrayList<>();

  /// How long each change is refused, from the start of the test, and how.
  private final Map<Change, Duration> busyUntil = new HashMap<>();

  private String errno = "EBUSY";

  private final PatientKernel kernel =
      new PatientKernel(
          change -> {
            if (time().compareTo(busyUntil.getOrDefault(change, Duration.ZERO)) < 0) {
              throw new ChangeFailedException(change, errno, "in reset");
            }
            made.add(change);
          },
          pace,
          warnings::add);

  private Duration time() {
    return Duration.ofNanos(pace.nanoTime() - start);
  }

  static Stream<Arguments> waitedFor() {
    return Stream.of("EBUSY", "EAGAIN")
        .flatMap(errno ->
            Stream.of(SET_VF, UP, SET_MAC, SET_MTU, ENSLAVE)
                .map(change -> Arguments.of(errno, change)));
  }

  @ParameterizedTest
  @MethodSource("waitedFor")
  void aVfThatIsBeingResetIsWaitedFor(String answer, Change change) throws Exception {
    errno = answer;
    busyUntil.put(change, RESET);
    kernel.apply(change);
    assertThat(made).containsExactly(change);
    assertThat(time()).isBetween(RESET, RESET.plusMillis(20));
    assertThat(warnings).as("a wait that nobody notices").isEmpty();
  }

  @ParameterizedTest
  @MethodSource("waitedFor")
  void aDriverThatNeverHasTimeIsGivenUpAfterFiveSecondsAndSaysSo(String answer, Change change) {
    errno = answer;
    busyUntil.put(change, FOR_EVER);
    ChangeFailedException failure =
        catchThrowableOfType(ChangeFailedException.class, () -> kernel.apply(change));
    assertThat(failure.errno()).isEqualTo(answer);
    assertThat(failure)
        .hasMessageStartingWith(
            "failed to " + change + ": in reset (waited 5000 ms for the driver");
    assertThat(time()).isEqualTo(PatientKernel.CHANGE_LIMIT);
  }

  @Test
  void whoWaitsForMoreThanASecondIsToldOnceWhatFor() throws Exception {
    busyUntil.put(UP, Duration.ofSeconds(3));
    kernel.apply(UP);
    assertThat(warnings)
        .containsExactly("waiting for the driver: failed to set net1 in the pod up: in reset");
  }

  @Test
  void anInterfaceWhosePfIsDownForAMomentIsWaitedForOnItsWayUp() throws Exception {
    errno = "ENETDOWN";
    busyUntil.put(UP, RESET);
    busyUntil.put(ENSLAVE, RESET.multipliedBy(2));
    busyUntil.put(SET_MAC, FOR_EVER);
    kernel.apply(UP);
    kernel.apply(ENSLAVE);
    assertThat(made).containsExactly(UP, ENSLAVE);
    Duration before = time();
    assertThat(catchThrowableOfType(ChangeFailedException.class, () -> kernel.apply(SET_MAC)))
        .hasMessageEndingWith("in reset");
    assertThat(time()).isEqualTo(before);
  }

  @Test
  void whatIsRefusedForGoodIsNotWaitedFor() {
    for (Change change : List.of(DOWN, new Change.Rename(NET1, "eth1"))) {
      busyUntil.put(change, FOR_EVER);
      assertThat(catchThrowableOfType(ChangeFailedException.class, () -> kernel.apply(change)))
          .isNotNull();
    }
    errno = "EADDRNOTAVAIL";
    busyUntil.put(SET_MAC, FOR_EVER);
    assertThat(catchThrowableOfType(ChangeFailedException.class, () -> kernel.apply(SET_MAC)))
        .isNotNull();
    PatientKernel decided =
        new PatientKernel(
            change -> {
              throw ChangeFailedException.refused(change, "EBUSY", "a member of bond1");
            },
            pace,
            warnings::add);
    assertThat(catchThrowableOfType(ChangeFailedException.class, () -> decided.apply(ENSLAVE)))
        .hasMessageEndingWith("a member of bond1");
    assertThat(time()).isZero();
  }

  @Test
  void undoWaitsAsWell() throws Exception {
    Execution execution = new Execution(kernel);
    execution.run(new Plan(List.of(Step.of(DOWN, UP), Step.of(SET_MTU, SET_VF))));
    busyUntil.put(SET_VF, RESET);
    busyUntil.put(UP, RESET.multipliedBy(2));
    assertThat(execution.undo()).isEmpty();
    assertThat(made).containsExactly(DOWN, SET_MTU, SET_VF, UP);
  }

  /// Ten changes of a dead device must not block a call, and with it a pod, for most of a minute.
  @Test
  void allChangesOfACallTogetherWaitForTwentySecondsAtMost() {
    List<Step> steps = new ArrayList<>();
    for (int mtu = 1000; mtu < 1010; mtu++) {
      Change change = new Change.SetMtu(NET1, mtu);
      busyUntil.put(change, FOR_EVER);
      steps.add(Step.of(change));
    }
    assertThat(new Execution(kernel).runAll(new Plan(steps))).hasSize(10);
    assertThat(time()).isEqualTo(PatientKernel.TOTAL_LIMIT);
  }

  @Test
  void whatSucceedsAtOnceTakesNoTime() {
    assertThatCode(() -> kernel.apply(SET_VF)).doesNotThrowAnyException();
    assertThat(pace.pauses()).isEmpty();
  }
}
