package dev.podbond.cli.bond;

import dev.podbond.bonding.redundancy.Survival;
import dev.podbond.cluster.nodestate.AskedMembers;
import dev.podbond.cluster.observed.Health;
import dev.podbond.json.JsonBoolean;
import dev.podbond.json.JsonObject;
import dev.podbond.json.LenientObject;
import java.util.List;
import java.util.Optional;

/// A bond, as an agent tells of it. What an agent of another release does not say is empty.
///
/// @param said the agent's own words
/// @param pod the pod's namespace and name, or its container's id
/// @param container the id of the pod's container
/// @param ifname the interface for which the runtime called
/// @param mode the kernel's name of its mode
/// @param healthy whether it has no problem
/// @param active the active member; empty if there is none, and in modes where all are active
/// @param configured how many members it was made with
/// @param members those in it, and those that are missing
/// @param problems what is wrong, in words
/// @param since when it last changed, or when the agent first saw it
/// @param changes its last changes, the latest last
/// @param survival what it survives when all its members are up
public record KnownBond(
    JsonObject said,
    String pod,
    String container,
    String ifname,
    String bond,
    String mode,
    Health health,
    boolean healthy,
    String active,
    int configured,
    List<KnownMember> members,
    List<String> problems,
    String since,
    List<KnownChange> changes,
    Survival survival) {
  public KnownBond {
    members = List.copyOf(members);
    problems = List.copyOf(problems);
    changes = List.copyOf(changes);
  }

  /// Reads a bond of an agent's answer to the question `bonds`, or of the object that tells the
  /// cluster of a node's bonds. That names the pod's namespace beside the pod.
  public static KnownBond of(JsonObject said) {
    List<KnownMember> members =
        AskedMembers.among(
                LenientObject.objects(said, "members"),
                LenientObject.number(said, "configured").orElse(Integer.MAX_VALUE))
            .stream()
            .map(KnownMember::of)
            .toList();
    Health health = health(said);
    String pod = text(said, "pod");
    return new KnownBond(
        said,
        LenientObject.text(said, "namespace").map(namespace -> namespace + "/" + pod).orElse(pod),
        text(said, "container"),
        text(said, "ifname"),
        text(said, "bond"),
        text(said, "mode"),
        health,
        said.get("healthy")
            .map(healthy -> healthy.equals(JsonBoolean.TRUE))
            .orElse(health == Health.HEALTHY),
        text(said, "active"),
        LenientObject.number(said, "configured").orElse(members.size()),
        members,
        LenientObject.texts(said, "problems"),
        text(said, "since"),
        LenientObject.objects(said, "transitions").stream().map(KnownChange::of).toList(),
        Survival.ofJson(LenientObject.objects(said, "survives")));
  }

  /// Earlier agents have no word for it.
  private static Health health(JsonObject said) {
    return LenientObject.text(said, "health")
        .map(Health::of)
        .orElse(
            said.get("healthy").equals(Optional.of(JsonBoolean.TRUE))
                ? Health.HEALTHY
                : Health.DEGRADED);
  }

  private static String text(JsonObject said, String key) {
    return LenientObject.text(said, key).orElse("");
  }

  /// Whether the bond is of this pod or container, or has this name. An empty text is any bond's.
  public boolean isOf(String wanted) {
    return wanted.isEmpty() || isOfPod(wanted) || bond.equals(wanted);
  }

  /// Whether the bond is of this pod, named with its namespace or without, or of this container.
  public boolean isOfPod(String wanted) {
    return pod.equals(wanted) || pod.endsWith("/" + wanted) || container.equals(wanted);
  }

  /// What the agent says of it under a key that this command needs nowhere else; empty if it says
  /// nothing.
  public String word(String key) {
    return text(said, key);
  }

  /// How many of its members are up.
  public int up() {
    return (int) members.stream().filter(KnownMember::isUp).count();
  }

  /// The latest change that the agent saw.
  public Optional<KnownChange> latest() {
    return changes.isEmpty() ? Optional.empty() : Optional.of(changes.getLast());
  }
}
