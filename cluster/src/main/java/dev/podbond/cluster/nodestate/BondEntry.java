package dev.podbond.cluster.nodestate;

import dev.podbond.bonding.redundancy.Survival;
import dev.podbond.bonding.state.BondHealth;
import dev.podbond.json.JsonArray;
import dev.podbond.json.JsonObject;
import dev.podbond.json.JsonString;
import dev.podbond.json.JsonValue;
import dev.podbond.json.LenientObject;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// A bond of a pod on the node. Texts and lists that are too long are cut.
///
/// @param namespace of the pod; empty if the runtime named none
/// @param pod its name, or its container's id if the runtime named none
/// @param podUid its uid, if known
/// @param container the id of its sandbox
/// @param network the network attachment, as `demo/bond-net`
/// @param since when it last changed, to the second
/// @param active the active member, if there is one
/// @param configured with how many members it was asked for
/// @param up how many of these are up
/// @param cause of its last change, as far as the node can tell
/// @param members those that it was asked for with, by name
/// @param survival what it survives when all of them are up
/// @param vfLag the host's bond into which the NIC itself joins all their ports, if it does
public record BondEntry(
    String namespace,
    String pod,
    Optional<String> podUid,
    String container,
    String bond,
    Optional<String> network,
    Optional<String> mode,
    BondHealth health,
    Optional<Instant> since,
    Optional<String> active,
    int configured,
    int up,
    List<String> problems,
    Optional<String> cause,
    List<MemberEntry> members,
    Optional<String> lacpPartner,
    Survival survival,
    Optional<String> vfLag) {
  /// Whose owner has to act comes first: if not all fit, these do.
  static final Comparator<BondEntry> WORST_FIRST =
      Comparator.<BondEntry, BondHealth>comparing(BondEntry::health, Comparator.reverseOrder())
          .thenComparing(BondEntry::namespace)
          .thenComparing(BondEntry::pod)
          .thenComparing(BondEntry::bond)
          .thenComparing(BondEntry::container)
          .thenComparing(bond -> bond.toJson().toString());

  /// Cuts what is too long.
  public BondEntry {
    namespace = Limits.text(namespace, Limits.OBJECT_NAME_CHARS);
    pod = Limits.text(pod, Limits.OBJECT_NAME_CHARS);
    podUid = Limits.text(podUid, Limits.UID_CHARS);
    container = Limits.text(container, Limits.CONTAINER_CHARS);
    bond = Limits.text(bond, Limits.INTERFACE_CHARS);
    network = Limits.text(network, Limits.NETWORK_CHARS);
    mode = Limits.text(mode, Limits.MODE_CHARS);
    since = since.flatMap(BondEntry::toTheSecond);
    active = Limits.text(active, Limits.INTERFACE_CHARS);
    problems = first(problems);
    cause = Limits.text(cause, Limits.SENTENCE_CHARS);
    members = members.stream().sorted(MemberEntry.BY_NAME).limit(Limits.MOST_MEMBERS).toList();
    lacpPartner = Limits.text(lacpPartner, Limits.ADDRESS_CHARS);
    vfLag = Limits.text(vfLag, Limits.INTERFACE_CHARS);
  }

  /// The first problems; the last of them says how many more there are.
  private static List<String> first(List<String> problems) {
    int most = Limits.MOST_PROBLEMS;
    List<String> all =
        problems.size() <= most
            ? problems
            : Stream.concat(
                    problems.stream().limit(most - 1L),
                    Stream.of("and " + (problems.size() - most + 1) + " more"))
                .toList();
    return all.stream().map(problem -> Limits.text(problem, Limits.SENTENCE_CHARS)).toList();
  }

  /// An API server takes no date-time of another length.
  private static Optional<Instant> toTheSecond(Instant since) {
    return since.isBefore(Instant.EPOCH) || since.isAfter(Instant.parse("9999-12-31T23:59:59Z"))
        ? Optional.empty()
        : Optional.of(since.truncatedTo(ChronoUnit.SECONDS));
  }

  /// The time that a text says.
  static Optional<Instant> time(String text) {
    try {
      return Optional.of(Instant.parse(text));
    } catch (DateTimeException _) {
      return Optional.empty();
    }
  }

  /// A bond of a BondNodeState. What is missing or of an unknown word reads as if nothing were
  /// known.
  public static BondEntry of(JsonObject bond) {
    return new BondEntry(
        LenientObject.text(bond, "namespace").orElse(""),
        LenientObject.text(bond, "pod").orElse(""),
        LenientObject.text(bond, "podUID"),
        LenientObject.text(bond, "container").orElse(""),
        LenientObject.text(bond, "bond").orElse(""),
        LenientObject.text(bond, "network"),
        LenientObject.text(bond, "mode"),
        LenientObject.text(bond, "health").flatMap(BondEntry::health).orElse(BondHealth.DEGRADED),
        LenientObject.text(bond, "since").flatMap(BondEntry::time),
        LenientObject.text(bond, "active"),
        LenientObject.number(bond, "configured").orElse(0),
        LenientObject.number(bond, "up").orElse(0),
        LenientObject.texts(bond, "problems"),
        LenientObject.text(bond, "cause"),
        LenientObject.objects(bond, "members").stream().map(MemberEntry::of).toList(),
        LenientObject.text(bond, "lacpPartner"),
        Survival.ofJson(LenientObject.objects(bond, "survives")),
        LenientObject.text(bond, "vfLag"));
  }

  /// The health of this word.
  static Optional<BondHealth> health(String word) {
    for (BondHealth health : BondHealth.values()) {
      if (health.toString().equals(word)) {
        return Optional.of(health);
      }
    }
    return Optional.empty();
  }

  /// The same bond with another story of its last change.
  BondEntry with(Optional<Instant> otherSince, Optional<String> otherCause) {
    return new BondEntry(
        namespace,
        pod,
        podUid,
        container,
        bond,
        network,
        mode,
        health,
        otherSince,
        active,
        configured,
        up,
        problems,
        otherCause,
        members,
        lacpPartner,
        survival,
        vfLag);
  }

  /// Whether both are the same bond in the same state, whenever and why it came to that.
  boolean isAs(BondEntry other) {
    return with(Optional.empty(), Optional.empty())
        .equals(other.with(Optional.empty(), Optional.empty()));
  }

  JsonObject toJson() {
    return JsonObject.builder()
        .put("namespace", namespace)
        .put("pod", pod)
        .putIfPresent("podUID", podUid, JsonString::new)
        .put("container", container)
        .put("bond", bond)
        .putIfPresent("network", network, JsonString::new)
        .putIfPresent("mode", mode, JsonString::new)
        .put("health", health.toString())
        .putIfPresent("since", since, at -> new JsonString(at.toString()))
        .putIfPresent("active", active, JsonString::new)
        .put("configured", configured)
        .put("up", up)
        .put("problems", JsonArray.ofStrings(problems))
        .putIfPresent("cause", cause, JsonString::new)
        .put(
            "members", new JsonArray(members.stream().<JsonValue>map(MemberEntry::toJson).toList()))
        .putIfPresent("lacpPartner", lacpPartner, JsonString::new)
        .putIfPresent("survives", survival.toJson())
        .putIfPresent("vfLag", vfLag, JsonString::new)
        .build();
  }
}
