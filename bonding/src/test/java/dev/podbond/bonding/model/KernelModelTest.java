package dev.podbond.bonding.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.podbond.bonding.change.Change;
import dev.podbond.bonding.change.Change.CreateBond;
import dev.podbond.bonding.change.Change.DeleteLink;
import dev.podbond.bonding.change.Change.Enslave;
import dev.podbond.bonding.change.Change.Move;
import dev.podbond.bonding.change.Change.Release;
import dev.podbond.bonding.change.Change.Rename;
import dev.podbond.bonding.change.Change.SetActiveMember;
import dev.podbond.bonding.change.Change.SetAdminState;
import dev.podbond.bonding.change.Change.SetMac;
import dev.podbond.bonding.change.Change.SetMemberOptions;
import dev.podbond.bonding.change.Change.SetPrimary;
import dev.podbond.bonding.change.Change.SetVf;
import dev.podbond.bonding.change.ChangeFailedException;
import dev.podbond.bonding.facts.LinkFacts;
import dev.podbond.bonding.facts.PfFacts;
import dev.podbond.bonding.facts.VfRef;
import dev.podbond.bonding.facts.VfSetting;
import dev.podbond.bonding.facts.VfSettings;
import dev.podbond.bonding.net.LinkRef;
import dev.podbond.bonding.net.Place;
import dev.podbond.bonding.option.BondMode;
import dev.podbond.bonding.option.BondOption;
import dev.podbond.bonding.option.BondOptions;
import dev.podbond.bonding.option.OptionValue;
import dev.podbond.value.MacAddress;
import dev.podbond.value.PciAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The model behaves as measured on real kernels: bonding with dummies and igbvf VFs.
class KernelModelTest {
  private static final MacAddress MAC1 = new MacAddress(0x020000000001L);
  private static final MacAddress MAC2 = new MacAddress(0x020000000002L);
  private static final MacAddress ADMIN = new MacAddress(0x020000000a01L);
  private static final LinkRef BOND = LinkRef.pod("bond0");
  private static final LinkRef NET1 = LinkRef.pod("net1");
  private static final LinkRef NET2 = LinkRef.pod("net2");
  private static final LinkRef NET3 = LinkRef.pod("net3");
  private static final VfRef VF1 = vf(1);
  private static final VfRef VF2 = vf(2);

  private final KernelModel kernel = new KernelModel();

  private static VfRef vf(int n) {
    return new VfRef("pf0", n, new PciAddress(0, 1, 16, n));
  }

  private void dummies() {
    kernel.addLink(NET1, "dummy", MAC1, 9000, false);
    kernel.addLink(NET2, "dummy", MAC2, 1500, false);
  }

  private void vfs(boolean trust) throws ChangeFailedException {
    kernel.addPf(
        new PfFacts("pf0", new PciAddress(0, 1, 0, 0), true, true, 1500, Optional.empty()));
    kernel.addVf(VF1, NicFamily.IGB, NET1, MAC1, 1500);
    kernel.addVf(VF2, NicFamily.IGB, NET2, MAC2, 1500);
    apply(settings(VF1, Optional.of(MAC1), trust), settings(VF2, Optional.of(MAC2), trust));
  }

  private static Change settings(VfRef vf, Optional<MacAddress> adminMac, boolean trust) {
    return new SetVf(
        vf, VfSettings.NONE.with(VfSetting.ADMIN_MAC, adminMac).with(VfSetting.TRUST, trust));
  }

  private void bond(BondMode mode, int failOverMac) throws ChangeFailedException {
    apply(new CreateBond(BOND, options(mode, failOverMac), Optional.empty(), OptionalInt.of(1400)));
  }

  private static BondOptions options(BondMode mode, int failOverMac) {
    return new BondOptions(
        Map.of(
            BondOption.MODE, new OptionValue.Number(mode.number()),
            BondOption.FAIL_OVER_MAC, new OptionValue.Number(failOverMac)));
  }

  private void apply(Change... changes) throws ChangeFailedException {
    for (Change change : changes) {
      kernel.apply(change);
    }
  }

  private void assertRefused(String errno, Change change) {
    List<String> before = kernel.state();
    assertThatThrownBy(() -> kernel.apply(change))
        .isInstanceOfSatisfying(
            ChangeFailedException.class, failure -> assertThat(failure.errno()).isEqualTo(errno));
    assertThat(kernel.state()).isEqualTo(before);
  }

  private List<String> macs() {
    return Stream.of("bond0", "net1", "net2")
        .map(name -> kernel.facts().link(Place.POD, name).orElseThrow().mac().orElseThrow())
        .map(mac -> mac.equals(MAC1) ? "1" : mac.equals(MAC2) ? "2" : "other")
        .toList();
  }

  /// The MACs of bond, net1 and net2, before and after net1 loses its carrier.
  @ParameterizedTest
  @CsvSource({
    "BALANCE_RR, 0, 1 1 1, 1 1 1",
    "ACTIVE_BACKUP, 0, 1 1 1, 1 1 1",
    "ACTIVE_BACKUP, 1, 1 1 2, 2 1 2",
    "ACTIVE_BACKUP, 2, 1 1 2, 1 2 1",
    "BALANCE_XOR, 0, 1 1 1, 1 1 1",
    "BROADCAST, 0, 1 1 1, 1 1 1",
    "LACP, 0, 1 1 1, 1 1 1",
    "BALANCE_TLB, 0, 1 1 2, 1 2 1",
    "BALANCE_ALB, 0, 1 1 2, 1 2 1"
  })
  void macsAreByModeAndAllIsBackOnceTheBondIsDeleted(
      BondMode mode, int failOverMac, String made, String failedOver) throws ChangeFailedException {
    dummies();
    List<String> start = kernel.state();
    bond(mode, failOverMac);
    apply(new Enslave(NET1, BOND), new Enslave(NET2, BOND), new SetAdminState(BOND, true));
    assertThat(String.join(" ", macs())).isEqualTo(made);
    assertThat(kernel.facts().link(Place.POD, "net1").orElseThrow().mtuBytes()).isEqualTo(1400);
    kernel.setCarrier(NET1, false);
    assertThat(String.join(" ", macs())).isEqualTo(failedOver);
    apply(new DeleteLink(BOND, "bond"));
    assertThat(kernel.state()).isEqualTo(start);
  }

  /// The same for a bond created with its own MAC, shown as "other".
  @ParameterizedTest
  @CsvSource({
    "BALANCE_RR, 0, other other other, other other other",
    "ACTIVE_BACKUP, 0, other other other, other other other",
    "ACTIVE_BACKUP, 1, 1 1 2, 2 1 2",
    "ACTIVE_BACKUP, 2, other other 2, other 2 other",
    "BALANCE_TLB, 0, other other 2, other 2 other",
    "BALANCE_ALB, 0, other other 2, other 2 other"
  })
  void aMacOfTheBondsOwnLastsExceptWithFailOverMacActive(
      BondMode mode, int failOverMac, String made, String failedOver) throws ChangeFailedException {
    dummies();
    List<String> start = kernel.state();
    apply(
        new CreateBond(BOND, options(mode, failOverMac), Optional.of(ADMIN), OptionalInt.empty()),
        new Enslave(NET1, BOND),
        new Enslave(NET2, BOND),
        new SetAdminState(BOND, true));
    assertThat(String.join(" ", macs())).isEqualTo(made);
    kernel.setCarrier(NET1, false);
    assertThat(String.join(" ", macs())).isEqualTo(failedOver);
    apply(new DeleteLink(BOND, "bond"));
    assertThat(kernel.state()).isEqualTo(start);
  }

  @ParameterizedTest
  @CsvSource({"BALANCE_TLB", "BALANCE_ALB"})
  void balancingModesRefuseASecondMemberOfTheSameMac(BondMode mode) throws ChangeFailedException {
    kernel.addLink(NET1, "dummy", MAC1, 1500, false);
    kernel.addLink(NET2, "dummy", MAC1, 1500, false);
    bond(mode, 0);
    apply(new Enslave(NET1, BOND));
    assertRefused("EFAULT", new Enslave(NET2, BOND));
  }

  /// Who leaves with the bond's MAC and comes back gets the one that is free since.
  @ParameterizedTest
  @CsvSource({"BALANCE_TLB", "BALANCE_ALB"})
  void balancingModesGiveWhoComesBackAMacThatIsFree(BondMode mode) throws ChangeFailedException {
    dummies();
    List<String> start = kernel.state();
    bond(mode, 0);
    apply(new Enslave(NET1, BOND), new Enslave(NET2, BOND), new SetAdminState(BOND, true));
    apply(new Release(NET1, BOND));
    assertThat(String.join(" ", macs())).isEqualTo("1 1 1");
    apply(new Enslave(NET1, BOND));
    assertThat(String.join(" ", macs())).isEqualTo("1 2 1");
    apply(new DeleteLink(BOND, "bond"));
    assertThat(kernel.state()).isEqualTo(start);
  }

  @ParameterizedTest
  @CsvSource({
    "BALANCE_RR, 0, false",
    "ACTIVE_BACKUP, 0, false",
    "ACTIVE_BACKUP, 1, true",
    "ACTIVE_BACKUP, 2, true",
    "LACP, 0, false",
    "BALANCE_TLB, 0, false",
    "BALANCE_ALB, 0, false"
  })
  void anUntrustedVfWithAnAdministrativeMacJoinsOnlyIfItMayKeepIt(
      BondMode mode, int failOverMac, boolean joins) throws ChangeFailedException {
    vfs(false);
    bond(mode, failOverMac);
    apply(new Enslave(NET1, BOND));
    if (joins) {
      apply(new Enslave(NET2, BOND));
    } else {
      assertRefused("EADDRNOTAVAIL", new Enslave(NET2, BOND));
    }
  }

  @Test
  void aTrustedVfJoinsInEveryMode() throws ChangeFailedException {
    for (BondMode mode : BondMode.values()) {
      KernelModelTest fresh = new KernelModelTest();
      fresh.vfs(true);
      fresh.bond(mode, 0);
      fresh.apply(new Enslave(NET1, BOND), new Enslave(NET2, BOND));
    }
  }

  @Test
  void anIgbVfTakesItsAdministrativeMacOnTheWayDownAndRefusesItBefore()
      throws ChangeFailedException {
    vfs(false);
    apply(settings(VF1, Optional.of(ADMIN), false));
    assertRefused("EADDRNOTAVAIL", new SetMac(NET1, ADMIN));
    apply(new SetAdminState(NET1, true));
    assertRefused("EADDRNOTAVAIL", new SetMac(NET1, ADMIN));
    apply(new SetAdminState(NET1, false), new SetMac(NET1, ADMIN));
    assertThat(kernel.facts().link(Place.POD, "net1").orElseThrow().mac()).contains(ADMIN);
  }

  @Test
  void anIgbPfReportsWhateverMacTheVfHasOnceItInsistsOnNone() throws ChangeFailedException {
    vfs(false);
    apply(settings(VF1, Optional.of(MacAddress.ZERO), false), new SetMac(NET1, ADMIN));
    assertThat(kernel.facts().vf(VF1.pci()).orElseThrow().pfSide().adminMac()).contains(ADMIN);
  }

  @Test
  void whatTheKernelRefusesIsRefusedAndChangesNothing() throws ChangeFailedException {
    dummies();
    bond(BondMode.ACTIVE_BACKUP, 0);
    apply(new SetAdminState(NET1, true));
    assertRefused("EPERM", new Enslave(NET1, BOND));
    assertRefused("EPERM", new Enslave(BOND, BOND));
    assertRefused("EINVAL", new Move(BOND, LinkRef.host("bond0")));
    assertRefused("EINVAL", new DeleteLink(NET1, "bond"));
    assertRefused("ENODEV", new DeleteLink(LinkRef.pod("absent"), "bond"));
    assertRefused(
        "EEXIST",
        new CreateBond(NET1, new BondOptions(Map.of()), Optional.empty(), OptionalInt.empty()));
    assertRefused(
        "EACCES",
        new CreateBond(
            LinkRef.pod("bond1"),
            new BondOptions(Map.of(BondOption.LACP_RATE, new OptionValue.Number(1))),
            Optional.empty(),
            OptionalInt.empty()));
  }

  private String active() {
    return kernel
        .facts()
        .link(Place.POD, "bond0")
        .flatMap(LinkFacts::bond)
        .flatMap(options -> options.get(BondOption.ACTIVE_SLAVE))
        .map(OptionValue::toString)
        .orElse("none");
  }

  private void bondThatReselects(int kind, LinkRef... members) throws ChangeFailedException {
    for (int i = 0; i < members.length; i++) {
      kernel.addLink(members[i], "dummy", new MacAddress(MAC1.bits() + i), 1500, false);
    }
    BondOptions options =
        options(BondMode.ACTIVE_BACKUP, 0)
            .with(BondOption.PRIMARY_RESELECT, new OptionValue.Number(kind));
    apply(
        new CreateBond(BOND, options, Optional.empty(), OptionalInt.empty()),
        new SetAdminState(BOND, true));
    for (LinkRef member : members) {
      apply(new Enslave(member, BOND));
    }
  }

  private static Change priority(LinkRef member, int priority) {
    return new SetMemberOptions(member, OptionalInt.of(priority), OptionalInt.empty());
  }

  /// To choose the active member alone holds until the kernel chooses the next time.
  @Test
  void amongEqualsTheFirstIsChosenWhoeverIsActive() throws ChangeFailedException {
    bondThatReselects(0, NET1, NET2, NET3);
    assertThat(active()).isEqualTo("net1");
    apply(new SetActiveMember(BOND, "net2"));
    assertThat(active()).isEqualTo("net2");
    kernel.setCarrier(NET3, false);
    kernel.setCarrier(NET3, true);
    apply(new Release(NET3, BOND));
    assertThat(active()).as("what is no better is no reason to choose").isEqualTo("net2");
    apply(priority(NET2, 0));
    assertThat(active()).isEqualTo("net1");
    apply(priority(NET1, -1));
    assertThat(active()).isEqualTo("net2");
  }

  @ParameterizedTest
  @CsvSource({"0, net1", "1, net2", "2, net2"})
  void whetherTheTrafficComesBackIsByPrimaryReselect(int kind, String active)
      throws ChangeFailedException {
    bondThatReselects(kind, NET1, NET2);
    apply(new SetPrimary(BOND, Optional.of("net1")));
    kernel.setCarrier(NET1, false);
    assertThat(active()).isEqualTo("net2");
    kernel.setCarrier(NET1, true);
    assertThat(active()).isEqualTo(active);
    apply(new SetPrimary(BOND, Optional.of("net1")));
    assertThat(active()).as("as soon as it is made the primary").isEqualTo("net1");
  }

  @Test
  void aPriorityDoesNotMatterWhileThereIsAPrimary() throws ChangeFailedException {
    bondThatReselects(0, NET1, NET2);
    apply(new SetPrimary(BOND, Optional.of("net1")), priority(NET2, 5));
    assertThat(active()).isEqualTo("net1");
    apply(new SetPrimary(BOND, Optional.empty()));
    assertThat(active()).isEqualTo("net2");
  }

  @Test
  void whoIsToBeActiveMustBeUpAMemberAndInAModeWithOne() throws ChangeFailedException {
    bondThatReselects(0, NET1, NET2);
    kernel.setCarrier(NET2, false);
    assertRefused("EINVAL", new SetActiveMember(BOND, "net2"));
    assertRefused("EINVAL", new SetActiveMember(BOND, "bond0"));
    assertRefused("ENODEV", new SetActiveMember(BOND, "absent"));
    assertRefused("ENODEV", new SetPrimary(BOND, Optional.of("absent")));
    kernel.setCarrier(NET1, false);
    kernel.setCarrier(NET2, true);
    apply(new SetActiveMember(BOND, "net2"));
    kernel.setCarrier(NET2, false);
    assertThat(active()).isEqualTo("none");
    assertRefused("EINVAL", new SetActiveMember(BOND, "net1"));
  }

  @Test
  void aPrimaryIsKnownByItsName() throws ChangeFailedException {
    bondThatReselects(0, NET1, NET2);
    apply(
        new SetPrimary(BOND, Optional.of("net2")),
        new SetAdminState(NET2, false),
        new Rename(NET2, "other"),
        new SetAdminState(LinkRef.pod("other"), true));
    assertThat(active()).isEqualTo("net1");
    apply(
        new SetAdminState(LinkRef.pod("other"), false),
        new Rename(LinkRef.pod("other"), "net2"),
        new SetAdminState(NET2, true));
    assertThat(active()).isEqualTo("net2");
  }

  @Test
  void aMemberThatMovesOutIsReleasedAndDown() throws ChangeFailedException {
    dummies();
    bond(BondMode.BALANCE_RR, 0);
    apply(new Enslave(NET1, BOND), new Enslave(NET2, BOND));
    apply(new Move(NET2, LinkRef.host("net2")));
    assertThat(kernel.facts().link(Place.HOST, "net2").orElseThrow())
        .satisfies(link -> {
          assertThat(link.up()).isFalse();
          assertThat(link.member()).isEmpty();
          assertThat(link.mac()).contains(MAC2);
          assertThat(link.mtuBytes()).isEqualTo(1500);
        });
  }
}
