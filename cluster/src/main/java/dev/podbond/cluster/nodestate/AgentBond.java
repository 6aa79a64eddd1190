package dev.podbond.cluster.nodestate;

import dev.podbond.bonding.redundancy.Survival;
import dev.podbond.bonding.state.BondHealth;
import dev.podbond.bonding.state.Cause;
import dev.podbond.json.JsonBoolean;
import dev.podbond.json.JsonObject;
import dev.podbond.json.LenientObject;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// A bond of the agent's answer to the question `bonds`. An agent of another release may say less,
/// or say it in other words.
///
/// @param entry what the BondNodeState says of it
/// @param members all members that it was asked for with
/// @param hasChanged whether the agent has seen it change, and so knows since when it is as it is
record AgentBond(BondEntry entry, List<MemberEntry> members, boolean hasChanged) {
  /// One failure may be several changes, as when an LACP bond loses a member and then uses another
  /// aggregator. Of the later ones no cause is known, and what was long before is none.
  private static final Duration ONE_FAILURE = Duration.ofSeconds(10);

  AgentBond {
    members = List.copyOf(members);
  }

  /// Reads it; empty if it has no name.
  static Optional<AgentBond> of(JsonObject json) {
    return LenientObject.text(json, "bond")
        .or(() -> LenientObject.text(json, "ifname"))
        .map(name -> of(name, json));
  }

  private static AgentBond of(String name, JsonObject json) {
    String pod = LenientObject.text(json, "pod").orElse("");
    // Neither name has a slash in Kubernetes, and no container's id has one.
    int slash = pod.indexOf('/');
    int configured = Math.max(0, LenientObject.number(json, "configured").orElse(0));
    List<MemberEntry> members =
        AskedMembers.among(LenientObject.objects(json, "members"), configured).stream()
            .map(MemberEntry::ofAgent)
            .toList();
    List<String> problems = LenientObject.texts(json, "problems");
    List<JsonObject> transitions = LenientObject.objects(json, "transitions");
    BondEntry entry =
        new BondEntry(
            pod.substring(0, Math.max(0, slash)),
            pod.substring(slash + 1),
            LenientObject.text(json, "podUID"),
            LenientObject.text(json, "container").orElse(""),
            name,
            LenientObject.text(json, "network"),
            LenientObject.text(json, "mode"),
            health(json, problems),
            LenientObject.text(json, "since").flatMap(BondEntry::time),
            LenientObject.text(json, "active"),
            configured,
            (int) members.stream().filter(member -> member.state() == MemberEntry.State.UP).count(),
            problems,
            cause(transitions),
            members,
            LenientObject.text(json, "lacpPartner"),
            Survival.ofJson(LenientObject.objects(json, "survives")),
            LenientObject.text(json, "vfLag"));
    return new AgentBond(entry, members, !transitions.isEmpty());
  }

  /// That of the last change, or else of one shortly before it.
  private static Optional<String> cause(List<JsonObject> transitions) {
    if (transitions.isEmpty()) {
      return Optional.empty();
    }
    JsonObject last = transitions.getLast();
    return Optional.of(Cause.ofJson(last))
        .filter(cause -> !cause.isUnknown())
        .or(() ->
            transitions.reversed().stream()
                .filter(transition -> !Cause.ofJson(transition).isUnknown())
                .findFirst()
                .filter(transition -> isOneFailure(transition, last))
                .map(Cause::ofJson)
                .filter(cause -> !cause.isRecovery()))
        .map(Cause::words);
  }

  private static boolean isOneFailure(JsonObject first, JsonObject last) {
    return time(first)
        .flatMap(start -> time(last).map(end -> Duration.between(start, end)))
        .filter(between -> !between.isNegative() && between.compareTo(ONE_FAILURE) <= 0)
        .isPresent();
  }

  private static Optional<Instant> time(JsonObject transition) {
    return LenientObject.text(transition, "at").flatMap(BondEntry::time);
  }

  private static BondHealth health(JsonObject json, List<String> problems) {
    return LenientObject.text(json, "health")
        .flatMap(BondEntry::health)
        .orElseGet(() -> {
          if (json.get("carrier").filter(JsonBoolean.FALSE::equals).isPresent()) {
            return BondHealth.DOWN;
          }
          return problems.isEmpty()
                  && json.get("healthy").filter(JsonBoolean.FALSE::equals).isEmpty()
              ? BondHealth.HEALTHY
              : BondHealth.DEGRADED;
        });
  }
}
