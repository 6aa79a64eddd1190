package dev.podbond.cluster.assess;

import dev.podbond.bonding.redundancy.Failure;
import dev.podbond.cluster.bond.BondNetwork;
import dev.podbond.cluster.observed.ObservedGrade;
import dev.podbond.cluster.observed.PodBond;
import dev.podbond.json.JsonArray;
import dev.podbond.json.JsonObject;
import dev.podbond.json.JsonString;
import dev.podbond.json.JsonValue;
import dev.podbond.json.LenientObject;
import dev.podbond.json.Printable;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/// What the bonds that pods have tell against a BondNetwork: what only their nodes know. It is part
/// of the status, so that it lasts while reports are being read.
public final class ObservedFindings {
  /// The member of [BondStatus#BONDS].
  static final String KEY = "findings";

  /// Bonds that are named; of more only their number is said.
  private static final int MOST_NAMES = 5;

  private static final int MOST = 16;

  /// Nothing that a node says refuses a pod.
  private static final Set<Reason> OURS =
      Set.of(Reason.SURVIVAL_UNMET, Reason.SURVIVAL_UNPROVEN, Reason.VF_LAG, Reason.SAME_SWITCH);

  private static final int MAX_MESSAGE = 1000;

  private ObservedFindings() {}

  /// The sum of a BondNetwork's bonds with what they tell against it.
  ///
  /// @param bonds those that nodes report, and those of silent nodes
  public static JsonObject with(JsonObject sum, BondNetwork bond, List<PodBond> bonds) {
    List<JsonValue> findings = new ArrayList<>();
    for (Finding finding : of(bond, bonds)) {
      findings.add(
          JsonObject.of(
              "reason",
              new JsonString(finding.reason().toString()),
              "message",
              new JsonString(Printable.head(finding.message(), MAX_MESSAGE))));
    }
    return findings.isEmpty() ? sum : sum.with(KEY, new JsonArray(findings));
  }

  /// The findings in a sum.
  ///
  /// @param sum how the pods' bonds are; empty if nobody observes them
  static List<Finding> in(BondNetwork bond, Optional<JsonObject> sum) {
    List<Finding> findings = new ArrayList<>();
    sum.map(said -> LenientObject.objects(said, KEY)).orElse(List.of()).stream()
        .limit(MOST)
        .forEach(said ->
            reason(LenientObject.text(said, "reason").orElse(""))
                .ifPresent(reason ->
                    findings.add(
                        new Finding(reason, LenientObject.text(said, "message").orElse("")))));
    if (bond.survive().contains(Failure.SWITCH)
        && sum.flatMap(said -> said.get("total")).isEmpty()) {
      findings.add(
          new Finding(
              Reason.SURVIVAL_UNPROVEN,
              "spec.survive has switch, and only nodes know into which switches their PFs are"
                  + " plugged; install the chart with agent.nodeState.enabled: true"));
    }
    return findings;
  }

  private static Optional<Reason> reason(String word) {
    return OURS.stream().filter(reason -> reason.toString().equals(word)).findFirst();
  }

  private static List<Finding> of(BondNetwork bond, List<PodBond> bonds) {
    List<Finding> findings = new ArrayList<>();
    for (Failure failure : Failure.values()) {
      if (bond.survive().contains(failure)) {
        unmet(failure, bonds).ifPresent(findings::add);
        unproven(failure, bonds).ifPresent(findings::add);
      }
    }
    vfLag(bonds).ifPresent(findings::add);
    if (!bond.survive().contains(Failure.SWITCH)) {
      sameSwitch(bonds).ifPresent(findings::add);
    }
    return findings;
  }

  private static Optional<Finding> unmet(Failure failure, List<PodBond> bonds) {
    return named(bonds, grade -> grade.isLostWith(failure))
        .map(names ->
            new Finding(
                Reason.SURVIVAL_UNMET,
                "spec.survive has "
                    + failure
                    + ", which these bonds do not survive, as far as their nodes tell: "
                    + names
                    + "; kubectl bond describe says by what that is known"));
  }

  private static Optional<Finding> unproven(Failure failure, List<PodBond> bonds) {
    if (failure == Failure.SWITCH && bonds.isEmpty()) {
      return Optional.of(
          new Finding(
              Reason.SURVIVAL_UNPROVEN,
              "spec.survive has switch, and no bond of a pod shows yet into which switches its PFs"
                  + " are plugged; nothing places pods by that"));
    }
    return named(bonds, grade -> !grade.survives(failure) && !grade.isLostWith(failure))
        .map(names ->
            new Finding(
                Reason.SURVIVAL_UNPROVEN,
                "spec.survive has "
                    + failure
                    + ", and nobody can tell whether these bonds survive it: "
                    + names
                    + (failure == Failure.SWITCH
                        ? "; a node tells it where uplinks are watched and switches speak LLDP, and"
                            + " of PFs that are each in a bond of mode 802.3ad on the host"
                        : "")));
  }

  private static Optional<Finding> vfLag(List<PodBond> bonds) {
    return named(bonds, grade -> !grade.vfLag().isEmpty())
        .map(names ->
            new Finding(
                Reason.VF_LAG,
                "the NIC itself joins the PFs of all members (VF-LAG), so that one VF has both"
                    + " ports and a bond of several adds nothing, in: "
                    + names
                    + "; give pods one VF without a bond, or take PFs of two cards"));
  }

  private static Optional<Finding> sameSwitch(List<PodBond> bonds) {
    Predicate<ObservedGrade> concerned =
        grade -> grade.isLostWith(Failure.SWITCH) && grade.survives(Failure.PORT);
    String switches =
        bonds.stream()
            .map(PodBond::grade)
            .filter(concerned)
            .map(ObservedGrade::sharedSwitch)
            .filter(shared -> !shared.isEmpty())
            .distinct()
            .sorted()
            .limit(MOST_NAMES)
            .collect(Collectors.joining(", "));
    return named(bonds, concerned)
        .map(names ->
            new Finding(
                Reason.SAME_SWITCH,
                "all members seem to be plugged into one switch"
                    + (switches.isEmpty() ? "" : " (" + switches + ")")
                    + ", in: "
                    + names
                    + "; such a bond survives a cable and a port, and not the switch"));
  }

  /// The first bonds of this kind by name; empty if there is none.
  private static Optional<String> named(List<PodBond> bonds, Predicate<ObservedGrade> concerned) {
    List<String> found =
        bonds.stream()
            .filter(one -> concerned.test(one.grade()))
            .map(PodBond::toString)
            .sorted()
            .toList();
    return found.isEmpty()
        ? Optional.empty()
        : Optional.of(
            found.stream().limit(MOST_NAMES).collect(Collectors.joining(", "))
                + (found.size() > MOST_NAMES
                    ? " and " + (found.size() - MOST_NAMES) + " more"
                    : ""));
  }
}
