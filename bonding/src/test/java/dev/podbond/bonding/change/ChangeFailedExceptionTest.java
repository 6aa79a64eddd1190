package dev.podbond.bonding.change;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podbond.bonding.facts.LinkSetting;
import dev.podbond.bonding.facts.VfRef;
import dev.podbond.bonding.facts.VfSettings;
import dev.podbond.bonding.net.LinkRef;
import dev.podbond.value.MacAddress;
import dev.podbond.value.PciAddress;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// What a failure says about a further try and about what was changed.
class ChangeFailedExceptionTest {
  private static final LinkRef NET1 = LinkRef.pod("net1");
  private static final Change MTU = new Change.SetMtu(NET1, 9000);
  private static final Set<String> NEVER = Set.of();
  private static final Set<String> DRIVER = Set.of("EBUSY", "EAGAIN");
  private static final Set<String> LINK_UP = Set.of("EBUSY", "EAGAIN", "ENETDOWN");

  static Stream<Arguments> changes() {
    VfRef vf = new VfRef("pf0", 0, PciAddress.parse("0000:01:10.0").orElseThrow());
    return Stream.of(
        Arguments.of(new Change.SetVf(vf, VfSettings.NONE), DRIVER),
        Arguments.of(new Change.SetMac(NET1, new MacAddress(0x020000000001L)), DRIVER),
        Arguments.of(MTU, DRIVER),
        Arguments.of(new Change.Enslave(NET1, LinkRef.pod("bond0")), LINK_UP),
        Arguments.of(new Change.SetAdminState(NET1, true), LINK_UP),
        Arguments.of(new Change.SetAdminState(NET1, false), NEVER),
        Arguments.of(new Change.Tune(NET1, LinkSetting.PROMISC, "off"), DRIVER),
        // The owner of another program answers so, and keeps it.
        Arguments.of(new Change.Tune(NET1, LinkSetting.XDP, "off"), NEVER),
        // A link that is up answers so to a new name.
        Arguments.of(new Change.Rename(NET1, "eth1"), NEVER),
        Arguments.of(new Change.DeleteLink(NET1, "bond"), NEVER));
  }

  @ParameterizedTest
  @MethodSource("changes")
  void isBusyWhereADriverThatResetsAVfRefusesForAWhile(Change change, Set<String> busy) {
    for (String errno : List.of("EBUSY", "EAGAIN", "ENETDOWN", "EINVAL", "")) {
      assertThat(new ChangeFailedException(change, errno, "no").isBusy())
          .as(errno)
          .isEqualTo(busy.contains(errno));
    }
  }

  @Test
  void whatTheKernelItselfDidNotRefuseIsNotBusy() {
    ChangeFailedException ours = ChangeFailedException.refused(MTU, "EBUSY", "too early");
    assertThat(ours.isBusy()).isFalse();
    assertThat(ours.isAnswered()).as("nothing was changed").isTrue();
    assertThat(ours).hasMessage("failed to set MTU 9000 on net1 in the pod: too early");
    ChangeFailedException lost = ChangeFailedException.unanswered(MTU, "EBUSY", "no answer");
    assertThat(lost.isBusy()).isFalse();
    assertThat(lost.isAnswered()).isFalse();
  }

  @Test
  void anAdditionToTheMessageLeavesTheFailureWhatItIs() {
    ChangeFailedException refused =
        new ChangeFailedException(MTU, "EBUSY", "busy").with(", tried 3 times");
    assertThat(refused)
        .hasMessage("failed to set MTU 9000 on net1 in the pod: busy, tried 3 times");
    assertThat(refused.change()).isEqualTo(MTU);
    assertThat(refused.errno()).isEqualTo("EBUSY");
    assertThat(refused.isBusy()).isTrue();
    assertThat(ChangeFailedException.unanswered(MTU, "", "lost").with("!").isAnswered()).isFalse();
  }

  @Test
  void onlyOneErrnoSaysThatItIsThereAlready() {
    assertThat(new ChangeFailedException(MTU, "EEXIST", "no").isThereAlready()).isTrue();
    assertThat(new ChangeFailedException(MTU, "EBUSY", "no").isThereAlready()).isFalse();
  }
}
