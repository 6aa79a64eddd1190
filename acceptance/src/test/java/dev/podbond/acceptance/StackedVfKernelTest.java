package dev.podbond.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// A tenant with NET_ADMIN can put something on its VF and move it out of sight: that ends with the
/// attachment. A VF that the tenant moves out of sight comes home.
class StackedVfKernelTest extends VfTest {
  private Pod beyond;
  private Vf vf;
  private Vf other;
  private List<String> vfBefore;
  private List<String> otherBefore;

  @BeforeEach
  void anotherNamespaceOfTheTenants() throws Exception {
    beyond = Pod.create();
    vf = vf("pf0", 0);
    other = vf("pf1", 0);
    vfBefore = vf.identity();
    otherBefore = other.identity();
  }

  @AfterEach
  void end() throws Exception {
    beyond.close();
  }

  private PluginCall sriov() {
    return node.sriov(pod, "net1", Network.sriov(vf.pci(), "'vlan': 100, 'trust': 'on'"));
  }

  private PluginCall bondOfDevices() {
    return bond(
        """
        'links': [{'deviceID': '%s', 'name': 'net1', 'mac': '02:00:00:00:03:01', 'trust': 'on'},
                  {'deviceID': '%s', 'mac': '02:00:00:00:03:02', 'trust': 'on'}],
        'failOverMac': 0
        """
            .formatted(vf.pci(), other.pci()));
  }

  private void requireAsBefore() throws Exception {
    assertThat(vf.identity()).isEqualTo(vfBefore);
    assertThat(other.identity()).isEqualTo(otherBefore);
    assertThat(node.state()).isEmpty();
  }

  private void requireThatTheNextPodHasABond() throws Exception {
    PluginCall next = bondOfDevices();
    next.check(next.add().ok()).ok();
    next.del().ok();
    requireAsBefore();
  }

  @Test
  void aMacvlanThatWasMovedOnEndsWithItsAttachment() throws Exception {
    PluginCall call = sriov();
    call.add().ok();
    pod.ip().run("link add mv0 link net1 type macvlan mode passthru");
    pod.ip().run("link set mv0 netns " + beyond.name());

    call.del().ok();

    assertThat(beyond.ip().find("mv0")).isEmpty();
    requireAsBefore();
    requireThatTheNextPodHasABond();
  }

  @Test
  void aVlanOnAMemberThatWasMovedOnEndsWithTheBond() throws Exception {
    PluginCall bond = bondOfDevices();
    bond.add().ok();
    pod.ip().run("link add vl0 link net1 type vlan id 33");
    pod.ip().run("link set vl0 netns " + beyond.name());

    bond.del().ok();

    assertThat(beyond.ip().find("vl0")).isEmpty();
    assertThat(pod.ip().find("bond0")).isEmpty();
    requireAsBefore();
  }

  @Test
  void whatAVanishedPodPutOnItsVfEndsBeforeTheNextHasIt() throws Exception {
    PluginCall gone = sriov();
    gone.add().ok();
    pod.ip().run("link add link net1 name vl0 netns " + beyond.name() + " type vlan id 33");
    pod.destroy();
    Eventually.is("the VF is home", () -> vf.isHome());
    try (Pod next = Pod.create()) {
      PluginCall call = node.sriov(next, "net5", Network.sriov(vf.pci(), ""));

      call.add().ok();

      assertThat(beyond.ip().find("vl0")).isEmpty();
      call.del().ok();
    }
    gone.del().ok();
    requireAsBefore();
  }

  @Test
  void aVfThatWasMovedOnComesHomeFromANamespaceThatGoesOn() throws Exception {
    PluginCall call = sriov();
    call.add().ok();
    pod.ip().run("link set net1 netns " + beyond.name());
    beyond.ip().run("link set net1 address 02:de:ad:be:ef:01");

    call.del().ok();

    assertThat(beyond.ip().find("net1")).isEmpty();
    requireAsBefore();
    requireThatTheNextPodHasABond();
  }

  /// If it is made in the other namespace at once, it leaves no sign in the pod.
  @Test
  void aBondThatCannotHaveAVfSaysWhoHasItAndTheNextAddWorks() throws Exception {
    PluginCall call = sriov();
    call.add().ok();
    pod.ip()
        .run("link add link net1 name mv0 netns " + beyond.name() + " type macvlan mode passthru");
    call.del().ok();
    assertThat(beyond.ip().find("mv0")).isPresent();

    bondOfDevices()
        .add()
        .failed(
            101,
            "the VF " + vf.pci() + " is in no bond that can be seen",
            "macvlan",
            "the node is as before");

    assertThat(beyond.ip().find("mv0")).isEmpty();
    requireAsBefore();
    requireThatTheNextPodHasABond();
  }

  /// As with bond-cni: other attachments bring the VFs into the pod.
  @Test
  void aMemberThatAnotherAttachmentBroughtIsBackInThePodForTheNextAdd() throws Exception {
    PluginCall earlier = sriov();
    earlier.add().ok();
    pod.ip()
        .run("link add link net1 name mv0 netns " + beyond.name() + " type macvlan mode passthru");
    earlier.del().ok();
    List<PluginCall> members = twoVfs("'trust': 'on'");
    members.forEach(member -> member.add().ok());
    PluginCall bond = bond("'mode': 'active-backup', 'failOverMac': 1");

    bond.add().failed(101, "the VF " + vf.pci() + " is in no bond that can be seen", "try again");

    assertThat(beyond.ip().find("mv0")).isEmpty();
    assertThat(pod.ip().link("net1").pci()).isEqualTo(vf.pci());
    bond.check(bond.add().ok()).ok();
    bond.del().ok();
    members.reversed().forEach(member -> member.del().ok());
    requireAsBefore();
  }

  @Test
  void whereVfsAreAlwaysReboundNothingStaysWithoutASignEither() throws Exception {
    node.allow("'rebindVfs': 'always'");
    PluginCall call = sriov();
    call.add().ok();
    pod.ip().run("link add link net1 name mv0 netns " + beyond.name() + " type macvlan");
    pod.ip().run("link add link net1 name vl0 netns " + beyond.name() + " type vlan id 33");

    call.del().ok();

    assertThat(beyond.ip().links().stream().map(SeenLink::name)).containsExactly("lo");
    requireAsBefore();
  }
}
