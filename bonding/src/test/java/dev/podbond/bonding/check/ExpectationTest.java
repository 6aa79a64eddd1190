package dev.podbond.bonding.check;

import static dev.podbond.bonding.fixture.Configurations.BOND0;
import static dev.podbond.bonding.fixture.Configurations.bond;
import static dev.podbond.bonding.fixture.LinkFixture.onHost;
import static org.assertj.core.api.Assertions.assertThat;

import dev.podbond.bonding.attachment.Attachment;
import dev.podbond.bonding.attachment.SavedLink;
import dev.podbond.bonding.attachment.SavedVf;
import dev.podbond.bonding.check.Expectation.ExpectedBond;
import dev.podbond.bonding.check.Expectation.ExpectedVf;
import dev.podbond.bonding.check.Expectation.ExpectedVlan;
import dev.podbond.bonding.check.Expectation.Tables;
import dev.podbond.bonding.facts.VfRef;
import dev.podbond.bonding.facts.VfSetting;
import dev.podbond.bonding.facts.VfSettings;
import dev.podbond.bonding.net.LinkRef;
import dev.podbond.bonding.net.Route;
import dev.podbond.bonding.option.BondOption;
import dev.podbond.bonding.option.OptionValue;
import dev.podbond.json.JsonObject;
import dev.podbond.value.AttachmentKey;
import dev.podbond.value.IpPrefix;
import dev.podbond.value.MacAddress;
import dev.podbond.value.PciAddress;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

/// What a record makes one expect, and what has to be read to judge it.
class ExpectationTest {
  private static final String PCI = "0000:01:10.0";
  private static final VfRef VF = new VfRef("pf0", 0, PciAddress.parse(PCI).orElseThrow());
  private static final MacAddress MAC = new MacAddress(0x020000000007L);
  private static final VfSettings TRUSTED = VfSettings.NONE.with(VfSetting.TRUST, true);
  private static final Optional<SavedLink> LINK =
      Optional.of(SavedLink.of(onHost("ens1f0v0").pci(PCI).facts(7), "net1"));

  /// An attachment of one VF that has got a MAC and trust.
  private static Attachment attached(Optional<SavedLink> link) {
    VfSettings changed = TRUSTED.with(VfSetting.ADMIN_MAC, MAC);
    return Attachment.prepared(
            new AttachmentKey("c1", "net1"), "net", "sriov", "/run/netns/pod", JsonObject.of())
        .withTaken(List.of(), List.of(new SavedVf(VF, link, VfSettings.NONE, changed)));
  }

  private static ExpectedVf vf(String podName, VfSettings pfSide) {
    return new ExpectedVf(VF, Optional.of(LinkRef.pod(podName)), pfSide, Optional.empty());
  }

  private static Expectation of(List<ExpectedVf> vfs, Optional<ExpectedVlan> vlan) {
    return new Expectation(
        Optional.empty(), vfs, LinkRef.pod("lan"), List.of(), List.of(), Tables.AS_MADE, vlan);
  }

  @Test
  void aVfShowsItsMacItselfUnlessUserSpaceDrivesIt() {
    assertThat(Expectation.ofVf(attached(LINK)).vfs())
        .containsExactly(
            new ExpectedVf(VF, Optional.of(LinkRef.pod("net1")), TRUSTED, Optional.of(MAC)));
    assertThat(Expectation.ofVf(attached(Optional.empty())).vfs())
        .containsExactly(
            new ExpectedVf(
                VF, Optional.empty(), TRUSTED.with(VfSetting.ADMIN_MAC, MAC), Optional.empty()));
  }

  @Test
  void whichMacAMemberHasIsForItsBondToSay() {
    Attachment record = attached(LINK).withInterfaces(Optional.of(BOND0), Optional.empty());
    assertThat(
            Expectation.of(record, bond("'links':[{'deviceID':'" + PCI + "'},{'name':'net2'}]"))
                .vfs())
        .containsExactly(vf("net1", TRUSTED));
  }

  @Test
  void theKernelKnowsThePrimaryByItsNameInThePod() {
    Attachment record = attached(LINK).withInterfaces(Optional.of(BOND0), Optional.empty());
    String links = "'links':[{'deviceID':'" + PCI + "'},{'name':'net2'}]";
    assertThat(primary(Expectation.of(record, bond(links + ",'primary':'" + PCI + "'"))))
        .contains(new OptionValue.MemberName("net1"));
    assertThat(primary(Expectation.of(record, bond(links + ",'primary':'net2'"))))
        .as("of which there is no record")
        .contains(new OptionValue.MemberName("net2"));
  }

  private static Optional<OptionValue> primary(Expectation expected) {
    return expected.bond().map(ExpectedBond::options).flatMap(it -> it.get(BondOption.PRIMARY));
  }

  @Test
  void ofAVfAllLastsButTheTableOfItsRoutes() {
    Route route = Route.of(IpPrefix.parse("10.9.0.0/16").orElseThrow(), Optional.empty());
    Attachment record =
        attached(LINK)
            .complete(List.of(IpPrefix.parse("10.1.0.2/24").orElseThrow()), List.of(route));
    Expectation made = Expectation.ofVf(record);
    assertThat(made.tables()).isEqualTo(Tables.AS_MADE);
    assertThat(Expectation.lastingOfVf(record))
        .isEqualTo(
            new Expectation(
                made.bond(),
                made.vfs(),
                made.addressed(),
                made.addresses(),
                made.routes(),
                Tables.ANY,
                made.vlan()));
  }

  @Test
  void namesEveryLinkThatIsLookedAt() {
    BondScene bond = new BondScene();
    bond.vlan = Optional.of("bond0.5");
    assertThat(bond.expectation().podLinks()).containsExactlyInAnyOrder("bond0", "bond0.5");
    assertThat(of(List.of(vf("net1", TRUSTED)), Optional.empty()).podLinks())
        .containsExactlyInAnyOrder("lan", "net1");
    assertThat(
            of(List.of(), Optional.of(new ExpectedVlan(LinkRef.pod("v5"), OptionalInt.empty())))
                .podLinks())
        .containsExactlyInAnyOrder("lan", "v5");
  }

  @Test
  void namesTheVfsOfWhichThePfIsAsked() {
    assertThat(of(List.of(vf("net1", TRUSTED)), Optional.empty()).pfSides())
        .containsExactly(VF.pci());
    assertThat(of(List.of(vf("net1", VfSettings.NONE)), Optional.empty()).pfSides()).isEmpty();
  }
}
