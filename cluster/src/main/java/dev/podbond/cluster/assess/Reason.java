package dev.podbond.cluster.assess;

/// Why a BondNetwork is not as it should be: the `reason` of a condition. Its name is part of the
/// API; docs/kubernetes.md says what to do about it.
public enum Reason {
  /// The plugin would refuse the configuration.
  INVALID_BOND("InvalidBond", Effect.REFUSES_PODS),
  /// An IPAM plugin, or a file of the nodes, that the cluster's rules do not allow.
  IPAM_NOT_ALLOWED("IpamNotAllowed", Effect.REFUSES_PODS),
  /// A plugin in its chain that the cluster's rules do not allow.
  CHAIN_NOT_ALLOWED("ChainNotAllowed", Effect.REFUSES_PODS),
  /// A network attachment with this name exists but was not rendered from the BondNetwork.
  NAME_TAKEN("NameTaken", Effect.REFUSES_PODS),
  MEMBER_NOT_FOUND("MemberNotFound", Effect.REFUSES_PODS),
  POLICY_NOT_FOUND("PolicyNotFound", Effect.REFUSES_PODS),
  /// VFs for user space have no interface that could become a member.
  NO_INTERFACE("NoInterface", Effect.REFUSES_PODS),
  /// The members' resources have a PF in common.
  SAME_PF("SamePF", Effect.REFUSES_PODS),
  TRUST_MISSING("TrustMissing", Effect.REFUSES_PODS),
  LINK_STATE_DISABLED("LinkStateDisabled", Effect.REFUSES_PODS),
  MTU_TOO_LARGE("MtuTooLarge", Effect.REFUSES_PODS),
  INFINIBAND_MODE("InfinibandMode", Effect.REFUSES_PODS),
  NO_NODE("NoNode", Effect.REFUSES_PODS),
  /// Its VFs are to be claimed, which the cluster's owner has not enabled.
  DRA_NOT_ENABLED("DraNotEnabled", Effect.REFUSES_PODS),
  /// The scheduler cannot be asked for members that differ.
  DISTINCT_UNAVAILABLE("DistinctUnavailable", Effect.REFUSES_PODS),
  /// No node can give what the bond is to survive.
  SURVIVAL_IMPOSSIBLE("SurvivalImpossible", Effect.REFUSES_PODS),
  /// The other operator has not rendered a member yet; it will.
  MEMBER_NOT_RENDERED("MemberNotRendered", Effect.NOT_READY),
  /// The API server does not take the template of its pods' claims.
  TEMPLATE_REFUSED("TemplateRefused", Effect.NOT_READY),
  /// The driver of the VFs tells of none, or of no node's that are enough for a pod. It may only be
  /// restarting.
  NO_DEVICES("NoDevices", Effect.NOT_READY),
  SPOOF_CHECK("SpoofCheck", Effect.DEGRADES),
  LINK_STATE_FIXED("LinkStateFixed", Effect.DEGRADES),
  VLAN_MISMATCH("VlanMismatch", Effect.DEGRADES),
  MTU_UNEQUAL("MtuUnequal", Effect.DEGRADES),
  MEMBER_ADDRESSED("MemberAddressed", Effect.DEGRADES),
  LACP_SHARED("LacpShared", Effect.DEGRADES),
  NODE_NOT_SYNCED("NodeNotSynced", Effect.DEGRADES),
  NODE_UNUSABLE("NodeUnusable", Effect.DEGRADES),
  NO_CAPACITY("NoCapacity", Effect.DEGRADES),
  /// A node cannot give, or a pod's bond has not, what the bond is to survive.
  SURVIVAL_UNMET("SurvivalUnmet", Effect.DEGRADES),
  /// Nobody can tell whether bonds survive what they are to.
  SURVIVAL_UNPROVEN("SurvivalUnproven", Effect.DEGRADES),
  /// Another bond wants the switch ports of the same PFs joined in another way.
  SWITCH_LAG_MIXED("SwitchLagMixed", Effect.DEGRADES),
  /// The NIC itself joins the PFs of the members.
  VF_LAG("VfLag", Effect.DEGRADES),
  /// The members' VFs can all come from one card.
  SAME_CARD("SameCard", Effect.INFORMS),
  /// The members of bonds are plugged into one switch.
  SAME_SWITCH("SameSwitch", Effect.INFORMS);

  /// The effect of a reason.
  public enum Effect {
    /// No pod could work: the bond is not ready, and pods are refused.
    REFUSES_PODS,
    /// The bond is not ready now; pods may be created and wait.
    NOT_READY,
    /// The bond works, but provides less than was requested.
    DEGRADES,
    /// Nothing is wrong; its owner may want to know it.
    INFORMS
  }

  private final String text;
  private final Effect effect;

  Reason(String text, Effect effect) {
    this.text = text;
    this.effect = effect;
  }

  public Effect effect() {
    return effect;
  }

  /// The word in a condition.
  @Override
  public String toString() {
    return text;
  }
}
