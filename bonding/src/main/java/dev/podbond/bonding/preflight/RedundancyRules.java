package dev.podbond.bonding.preflight;

import dev.podbond.bonding.facts.LinkFacts;
import dev.podbond.bonding.facts.PfFacts;
import dev.podbond.bonding.net.Place;
import dev.podbond.bonding.option.BondMode;
import dev.podbond.bonding.option.BondOption;
import dev.podbond.bonding.option.OptionValue;
import dev.podbond.bonding.redundancy.Survival;
import dev.podbond.value.VfVlan;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;

/// The things below that the members share: PFs, the host's bonds, switch ports, VLANs.
final class RedundancyRules {
  static final List<BondRule> ALL =
      List.of(
          RedundancyRules::differentPfs,
          RedundancyRules::differentHostBonds,
          BondRule.forEach(RedundancyRules::speaksLacpAlone),
          RedundancyRules::oneVlan);

  private RedundancyRules() {}

  private static Stream<Finding> differentPfs(PreflightInput request) {
    return groups(request, member -> Optional.of(PreflightInput.vf(member).pf().name()))
        .entrySet()
        .stream()
        .filter(group -> group.getValue().size() > 1)
        .map(group ->
            request.mode() == BondMode.LACP
                ? Finding.refusal(
                    request.bond(),
                    samePf(group)
                        + ": two LACP speakers on one switch port never agree with it; take VFs"
                        + " of different PFs")
                : Finding.warning(
                    request.bond(),
                    samePf(group)
                        + ", so one dead cable takes both; take VFs of different PFs (one"
                        + " SriovNetworkNodePolicy and resourceName for each PF)"));
  }

  private static String samePf(Map.Entry<String, List<String>> group) {
    return String.join(" and ", group.getValue()) + " are VFs of one PF, " + group.getKey();
  }

  /// PFs that are each in a single-port bond are fine: this is the documented way to relay LACP
  /// states.
  private static Stream<Finding> differentHostBonds(PreflightInput request) {
    return groups(request, member -> PreflightInput.vf(member).pf().bond()).entrySet().stream()
        .filter(group -> distinctPfs(request, group.getKey()).size() > 1)
        .map(group ->
            isVfLag(distinctPfs(request, group.getKey()))
                ? vfLag(request, group)
                : inOneHostBond(request, group));
  }

  private static boolean isVfLag(List<PfFacts> pfs) {
    return Survival.vfLag(pfs.stream().map(pf -> Optional.of(pf.place())).toList()).isPresent();
  }

  private static Finding vfLag(PreflightInput request, Map.Entry<String, List<String>> group) {
    return Finding.warning(
        request.bond(),
        "VfLag: the NIC itself joins the PFs of "
            + String.join(" and ", group.getValue())
            + ", in the host's bond "
            + group.getKey()
            + ", so that each of these VFs has both ports already and a bond of them adds nothing;"
            + " give the pod one of them without a bond, or take VFs of two cards");
  }

  private static Finding inOneHostBond(
      PreflightInput request, Map.Entry<String, List<String>> group) {
    return Finding.warning(
        request.bond(),
        "the PFs of "
            + String.join(" and ", group.getValue())
            + " are both members of the host's bond "
            + group.getKey()
            + ": its switch may send to either port, and a pod that listens on one"
            + " loses frames; take PFs that do not share a bond");
  }

  private static List<PfFacts> distinctPfs(PreflightInput request, String hostBond) {
    return request
        .vfs()
        .map(member -> PreflightInput.vf(member).pf())
        .filter(pf -> pf.bond().equals(Optional.of(hostBond)))
        .distinct()
        .toList();
  }

  private static Stream<Finding> speaksLacpAlone(ResolvedMember member, PreflightInput request) {
    if (request.mode() != BondMode.LACP || member.vf().isEmpty()) {
      return Stream.empty();
    }
    PfFacts pf = PreflightInput.vf(member).pf();
    Optional<String> lacpBond =
        pf.bond()
            .filter(bond ->
                pf.cabling().lacpSystem().isPresent()
                    || runsLacp(request.facts().link(Place.HOST, bond)));
    if (lacpBond.isPresent()) {
      return Stream.of(
          Finding.refusal(
              member.label(),
              "PF "
                  + pf.name()
                  + " already speaks LACP on its port, for the host's bond "
                  + lacpBond.get()
                  + "; use active-backup in the pod, or take the PF out of that bond"));
    }
    return Stream.of(
        Finding.warning(
            member.label(),
            "802.3ad over a VF works only for one pod of each PF, as a switch port knows one LACP"
                + " partner; use active-backup, or balance-xor with a static LAG, if other pods use"
                + " PF "
                + pf.name()
                + (pf.bond().isPresent() ? " (member of " + pf.bond().get() + ")" : "")));
  }

  private static boolean runsLacp(Optional<LinkFacts> bond) {
    return bond.flatMap(LinkFacts::bond)
        .flatMap(options -> options.get(BondOption.MODE))
        .filter(mode -> mode.equals(new OptionValue.Number(BondMode.LACP.number())))
        .isPresent();
  }

  private static Stream<Finding> oneVlan(PreflightInput request) {
    Set<VfVlan> vlans = VfView.vlans(request.vfs().toList());
    return vlans.size() <= 1
        ? Stream.empty()
        : Stream.of(
            Finding.warning(
                request.bond(),
                "its members are in different VLANs, "
                    + vlans.stream().map(VfVlan::toString).sorted().toList()
                    + ", so a failover changes the network; set the same vlan in their"
                    + " SriovNetworks"));
  }

  private static Map<String, List<String>> groups(
      PreflightInput request, Function<ResolvedMember, Optional<String>> key) {
    Map<String, List<String>> groups = new LinkedHashMap<>();
    request
        .vfs()
        .forEach(member ->
            key.apply(member)
                .ifPresent(name ->
                    groups
                        .computeIfAbsent(name, _ -> new ArrayList<>())
                        .add(member.spec().label())));
    return groups;
  }
}
