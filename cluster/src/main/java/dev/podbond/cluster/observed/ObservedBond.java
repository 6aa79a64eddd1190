package dev.podbond.cluster.observed;

import dev.podbond.cluster.nodestate.MemberEntry;
import dev.podbond.json.JsonObject;
import dev.podbond.json.LenientObject;
import java.util.List;
import java.util.stream.Collectors;

/// A bond as its node reports it, in the little that decisions need. Every text has a limit and no
/// control characters: a node that was taken over may have written it.
///
/// @param podUid "" if the node does not know it
/// @param bond its interface in the pod
/// @param network `namespace/name` of its network attachment; "" if the node does not know it
/// @param configured how many members it was made with
/// @param up how many of them are up
/// @param lost the names of those that are not, in one text
/// @param isHeldBack whether there are such, and the agent keeps each of them from carrying traffic
/// @param pfs the addresses of its members' PFs
/// @param lostPfs the addresses of the PFs of members that are not up
/// @param why the cause of its last change, or else what is wrong with it; if all its members are
///   up, what is wrong with it first; "" if nothing is known
/// @param grade what it survives
public record ObservedBond(
    String namespace,
    String pod,
    String podUid,
    String bond,
    String network,
    Health health,
    int configured,
    int up,
    String lost,
    boolean isHeldBack,
    List<String> pfs,
    List<String> lostPfs,
    String why,
    ObservedGrade grade) {
  private static final int MAX_MEMBERS = 16;

  public ObservedBond {
    pfs = List.copyOf(pfs);
    lostPfs = List.copyOf(lostPfs);
  }

  /// An element of `status.bonds` of a BondNodeState. What is missing counts as not known.
  static ObservedBond of(JsonObject json) {
    List<JsonObject> members =
        LenientObject.objects(json, "members").stream().limit(MAX_MEMBERS).toList();
    int configured = Math.max(0, LenientObject.number(json, "configured").orElse(0));
    int up = Math.max(0, LenientObject.number(json, "up").orElse(0));
    List<JsonObject> lost =
        members.stream().filter(member -> !Texts.of(member, "state").equals("up")).toList();
    return new ObservedBond(
        Texts.of(json, "namespace"),
        Texts.of(json, "pod"),
        Texts.of(json, "podUID"),
        Texts.of(json, "bond"),
        Texts.path(json, "network"),
        Health.of(Texts.of(json, "health")),
        configured,
        up,
        Texts.limited(
            lost.stream()
                .map(member -> Texts.of(member, "name"))
                .collect(Collectors.joining(", "))),
        !lost.isEmpty() && lost.stream().allMatch(ObservedBond::isHeld),
        pfs(members),
        pfs(lost),
        why(json, up < configured),
        ObservedGrade.of(json));
  }

  private static boolean isHeld(JsonObject member) {
    return Texts.of(member, "state").equals(MemberEntry.State.HELD.toString());
  }

  /// With all members up, the last change is often that one came back.
  private static String why(JsonObject json, boolean isReduced) {
    String cause = Texts.of(json, "cause");
    String problem =
        LenientObject.texts(json, "problems").stream().findFirst().map(Texts::limited).orElse("");
    String first = isReduced ? cause : problem;
    return first.isEmpty() ? (isReduced ? problem : cause) : first;
  }

  private static List<String> pfs(List<JsonObject> members) {
    return members.stream()
        .map(member -> Texts.of(member, "pfPciAddress"))
        .filter(pf -> !pf.isEmpty())
        .distinct()
        .toList();
  }

  Standing standing() {
    if (health == Health.DOWN) {
      return Standing.DOWN;
    }
    if (configured == 0 || up < configured) {
      return isHeldBack ? Standing.HELD_BACK : Standing.REDUCED;
    }
    if (health == Health.DEGRADED) {
      return Standing.DEGRADED;
    }
    return switch (pfs.size()) {
      case 0 -> Standing.UNPROVEN;
      case 1 -> Standing.ONE_PF;
      default -> Standing.REDUNDANT;
    };
  }

  /// Its approximate size in memory, in bytes.
  int cost() {
    return 450 + pod.length() + podUid.length() + lost.length() + why.length();
  }
}
