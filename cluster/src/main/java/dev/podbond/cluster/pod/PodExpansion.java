package dev.podbond.cluster.pod;

import dev.podbond.cluster.assess.Assessment;
import dev.podbond.cluster.assess.Finding;
import dev.podbond.cluster.assess.Reason;
import dev.podbond.cluster.bond.Allocation;
import dev.podbond.cluster.claim.ClaimTemplate;
import dev.podbond.cluster.multus.NetworkSelection;
import dev.podbond.cluster.multus.SelectionAnnotation;
import dev.podbond.cluster.multus.SelectionException;
import dev.podbond.cluster.object.PodObject;
import dev.podbond.cluster.observed.PodCondition;
import dev.podbond.json.JsonArray;
import dev.podbond.json.JsonObject;
import dev.podbond.json.JsonString;
import dev.podbond.json.JsonValue;
import dev.podbond.json.LenientObject;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// Adds to a pod that requests a bond the bond's VFs and VLANs: the VF networks before the bond,
/// under the names that the bond uses, the VLANs after it, and the devices to the requests of the
/// first container, or a claim of them to the pod. Everything else stays as it was, including the
/// names of other interfaces. A second expansion changes nothing.
public final class PodExpansion {
  /// How many networks a pod with a bond may list, including the bond's members. A pod without a
  /// bond may list as many as Multus accepts.
  public static final int MAX_NETWORKS = 128;

  private static final String GATES = "readinessGates";
  private static final String GATE_TYPE = "conditionType";

  /// Kubernetes' limit for all annotations of an object together.
  private static final int MAX_ANNOTATION_CHARS = 256 << 10;

  private final ClusterNetworks networks;
  private final JsonObject pod;
  private final String namespace;
  private final SelectionAnnotation asked;

  private PodExpansion(
      ClusterNetworks networks, JsonObject pod, String namespace, SelectionAnnotation asked) {
    this.networks = networks;
    this.pod = pod;
    this.namespace = namespace;
    this.asked = asked;
  }

  /// The JSON patch (RFC 6902) for a pod; empty if there is nothing to change. A pod whose bond
  /// cannot work is not changed either: [#refusal] says why.
  ///
  /// @param namespace the pod's namespace, which a new pod need not contain
  public static JsonArray patch(JsonObject pod, String namespace, ClusterNetworks networks) {
    return of(pod, namespace, networks)
        .filter(expansion -> expansion.problem().isEmpty())
        .map(PodExpansion::patch)
        .orElse(JsonArray.of());
  }

  /// The JSON patch for an existing pod whose annotation was changed, for example because its
  /// manifest was applied again. After a reboot the sandbox is created from the annotation as it is
  /// then. The containers, claims and readiness gates of an existing pod are immutable; if it
  /// neither requests nor claims the devices, the patch is empty.
  public static JsonArray renewal(JsonObject pod, String namespace, ClusterNetworks networks) {
    return of(pod, namespace, networks)
        .filter(expansion -> expansion.contradiction().isEmpty() && expansion.missing().isEmpty())
        .filter(expansion -> expansion.claims().missing().isEmpty())
        .map(PodExpansion::renewed)
        .orElse(JsonArray.of());
  }

  /// Why a pod cannot work: its bond cannot work, or the pod was not expanded.
  public static Optional<String> refusal(
      JsonObject pod, String namespace, ClusterNetworks networks) {
    return wrongGate(pod)
        .or(() -> tooMany(pod, namespace, networks))
        .or(() ->
            of(pod, namespace, networks)
                .flatMap(expansion -> expansion.problem().or(expansion::incomplete)));
  }

  /// Redundancy is lost in many pods at a time, and all of them go on working.
  private static Optional<String> wrongGate(JsonObject pod) {
    return hasGate(pod, PodCondition.REDUNDANT)
        ? Optional.of(
            "the readiness gate "
                + PodCondition.REDUNDANT
                + " is not allowed: a switch that restarts takes a member from every bond behind it,"
                + " and with this gate all these pods would leave their services at once although"
                + " their bonds pass traffic; use "
                + PodCondition.UP)
        : Optional.empty();
  }

  private static boolean hasGate(JsonObject pod, String type) {
    return LenientObject.objects(LenientObject.object(pod, "spec"), GATES).stream()
        .anyMatch(gate -> LenientObject.text(gate, GATE_TYPE).equals(Optional.of(type)));
  }

  /// Uses only what is known already: looking up a list that is too long would itself be too much.
  private static Optional<String> tooMany(
      JsonObject pod, String namespace, ClusterNetworks networks) {
    return asked(pod, namespace)
        .map(SelectionAnnotation::networks)
        .filter(items -> items.size() > MAX_NETWORKS)
        .flatMap(items ->
            items.stream()
                .filter(item -> networks.isKnownBond(item.namespace(), item.name()))
                .findFirst()
                .map(bond ->
                    "the annotation "
                        + PodObject.NETWORKS
                        + " lists "
                        + items.size()
                        + " networks, of which "
                        + bond.path()
                        + " is a BondNetwork: a pod with a bond may have at most "
                        + MAX_NETWORKS));
  }

  /// The pod's annotation; empty if it is malformed, which Multus reports.
  private static Optional<SelectionAnnotation> asked(JsonObject pod, String namespace) {
    Optional<String> text =
        LenientObject.text(
            LenientObject.object(LenientObject.object(pod, "metadata"), "annotations"),
            PodObject.NETWORKS);
    try {
      return text.isPresent() && text.get().length() <= MAX_ANNOTATION_CHARS
          ? Optional.of(SelectionAnnotation.of(text.get(), namespace))
          : Optional.empty();
    } catch (SelectionException _) {
      return Optional.empty();
    }
  }

  private static Optional<PodExpansion> of(
      JsonObject pod, String namespace, ClusterNetworks networks) {
    return asked(pod, namespace)
        .filter(asked -> asked.networks().size() <= MAX_NETWORKS)
        .map(asked -> new PodExpansion(networks, pod, namespace, asked))
        .filter(PodExpansion::asksForBond);
  }

  private boolean asksForBond() {
    return asked.networks().stream().anyMatch(item -> bond(item).isPresent());
  }

  private Optional<Assessment> bond(NetworkSelection item) {
    return networks.bond(item.namespace(), item.name());
  }

  private Optional<String> problem() {
    for (NetworkSelection item : asked.networks()) {
      List<Finding> against =
          bond(item).map(found -> found.findings(Reason.Effect.REFUSES_PODS)).orElse(List.of());
      if (!against.isEmpty()) {
        return Optional.of(
            "BondNetwork "
                + item.path()
                + ": "
                + against.stream().map(Finding::message).collect(Collectors.joining("; ")));
      }
    }
    return contradiction();
  }

  /// The errors of the annotation itself.
  private Optional<String> contradiction() {
    return misplaced()
        .or(this::misplacedVlan)
        .or(this::otherwiseNamed)
        .or(this::twice)
        .or(this::claimedElsewhere)
        .or(this::mixed)
        .or(this::requestedAndClaimed);
  }

  /// A claim is made from a template of the pod's own namespace.
  private Optional<String> claimedElsewhere() {
    return asked.networks().stream()
        .filter(item -> isClaimed(item) && !item.namespace().equals(namespace))
        .findFirst()
        .map(item ->
            "the VFs of BondNetwork "
                + item.path()
                + " are claimed (spec.allocation: dra), and Kubernetes makes claims only from"
                + " templates of the pod's own namespace; make a BondNetwork in namespace "
                + namespace);
  }

  /// Multus puts the devices of all claims of a pod together, resource by resource, and gives them
  /// to the networks in the order of the devices' names. So of two takers of one resource, one can
  /// get both VFs of a PF.
  private Optional<String> mixed() {
    Map<String, NetworkSelection> takers = new HashMap<>();
    for (NetworkSelection bond : asked.networks()) {
      for (NetworkSelection member :
          isClaimed(bond) ? members(bond) : List.<NetworkSelection>of()) {
        Optional<String> resource = resource(member);
        if (resource.isPresent()) {
          NetworkSelection first = takers.putIfAbsent(resource.get(), bond);
          if (first != null && !first.path().equals(bond.path())) {
            return Optional.of(mixed(resource.get(), first, bond));
          }
        }
      }
    }
    for (NetworkSelection item : expanded()) {
      Optional<NetworkSelection> bond =
          resource(item).flatMap(resource -> Optional.ofNullable(takers.get(resource)));
      if (bond.isPresent() && members(bond.get()).stream().noneMatch(item::isLike)) {
        return Optional.of(mixed(resource(item).orElse(""), bond.get(), item));
      }
    }
    return Optional.empty();
  }

  private static String mixed(String resource, NetworkSelection taker, NetworkSelection rival) {
    return "the bond "
        + taker.path()
        + " and the network "
        + rival.path()
        + " both take VFs of the resource "
        + resource
        + ", and Multus does not keep apart which were claimed for the bond, so its members could"
        + " come from one PF; give one of them another resource";
  }

  /// As if by the network resources injector, which knows nothing of claims. No node has both.
  private Optional<String> requestedAndClaimed() {
    return asked.networks().stream()
        .filter(this::isClaimed)
        .flatMap(bond -> members(bond).stream())
        .flatMap(member -> resource(member).stream())
        .filter(resource -> ContainerDevices.requested(containers(), resource) > 0)
        .findFirst()
        .map(resource ->
            "the pod's containers request "
                + resource
                + ", which the pod also claims for its bond (spec.allocation: dra); take the"
                + " request away, and see that the network resources injector adds none");
  }

  /// Multus would attach a VLAN that precedes its bond too early.
  private Optional<String> misplacedVlan() {
    for (int i = 0; i < asked.networks().size(); i++) {
      NetworkSelection item = asked.networks().get(i);
      List<NetworkSelection> before = asked.networks().subList(0, i);
      for (NetworkSelection vlan : vlans(item)) {
        if (before.stream().anyMatch(other -> other.path().equals(vlan.path()))) {
          return Optional.of(
              "the annotation "
                  + PodObject.NETWORKS
                  + " has "
                  + vlan.path()
                  + " before the bond "
                  + item.path()
                  + ", whose VLAN it is; leave it out: podbond adds it");
        }
      }
    }
    return Optional.empty();
  }

  /// The VLANs look for their bond under the name from its BondNetwork.
  private Optional<String> otherwiseNamed() {
    for (NetworkSelection item : asked.networks()) {
      String name = bond(item).map(found -> found.bond().interfaceName()).orElse("");
      if (!vlans(item).isEmpty() && !item.interfaceName().orElse(name).equals(name)) {
        return Optional.of(
            "the annotation "
                + PodObject.NETWORKS
                + " calls the bond "
                + item.asName()
                + ", and its VLANs are made on "
                + name
                + "; leave the name out, or set spec.ifname in the BondNetwork");
      }
    }
    return Optional.empty();
  }

  /// Multus would attach a member that follows its bond too late.
  private Optional<String> misplaced() {
    for (int i = 0; i < asked.networks().size(); i++) {
      for (NetworkSelection member : members(asked.networks().get(i))) {
        if (asked.networks().subList(i + 1, asked.networks().size()).stream()
            .anyMatch(member::isLike)) {
          return Optional.of(
              "the annotation "
                  + PodObject.NETWORKS
                  + " has "
                  + member.asName()
                  + " behind the bond "
                  + asked.networks().get(i).path()
                  + ", whose member it is; leave it out: podbond adds it");
        }
      }
    }
    return Optional.empty();
  }

  private Optional<String> twice() {
    Set<String> names = new HashSet<>();
    for (NetworkSelection item : expanded()) {
      if (item.interfaceName().isPresent() && !names.add(item.interfaceName().get())) {
        return Optional.of(
            "network "
                + item.path()
                + " is the second one to want the interface name "
                + item.interfaceName().get()
                + " in the pod; set another spec.ifname in one of the BondNetworks, or another"
                + " name in the annotation");
      }
    }
    return Optional.empty();
  }

  private Optional<String> incomplete() {
    if (!new SelectionAnnotation(expanded(), asked.json()).equals(asked)) {
      return Optional.of(
          "the pod asks for a bond and was not given its VFs: the mutating webhook of podbond did"
              + " not see it; look at the MutatingWebhookConfiguration, or name the members before"
              + " the bond, as "
              + new SelectionAnnotation(expanded(), false).text());
    }
    return missing().entrySet().stream()
        .findFirst()
        .map(missing ->
            "the pod's containers do not request the "
                + missing.getKey()
                + " that its bond needs, "
                + missing.getValue()
                + " more")
        .or(() ->
            claims().missing().stream()
                .findFirst()
                .map(claim ->
                    "the pod lacks the claim "
                        + claim
                        + " for the VFs of its bond, or no container uses it: the mutating webhook"
                        + " of podbond did not see it; look at the MutatingWebhookConfiguration"));
  }

  private boolean isClaimed(NetworkSelection item) {
    return bond(item)
        .filter(found -> found.bond().allocation() instanceof Allocation.Dra)
        .isPresent();
  }

  /// What the pod must claim.
  private PodClaims claims() {
    Map<String, String> wanted = new TreeMap<>();
    for (NetworkSelection item : asked.networks()) {
      bond(item)
          .ifPresent(found ->
              found
                  .claim()
                  .ifPresent(template ->
                      wanted.put(ClaimTemplate.claimName(found.bond()), template.name())));
    }
    return new PodClaims(pod, wanted);
  }

  private List<NetworkSelection> members(NetworkSelection item) {
    return bond(item).map(found -> found.bond().memberNetworks()).orElse(List.of());
  }

  private List<NetworkSelection> vlans(NetworkSelection item) {
    return bond(item).map(found -> found.bond().vlanNetworks()).orElse(List.of());
  }

  /// The entries as they must be.
  private List<NetworkSelection> expanded() {
    List<NetworkSelection> result = new ArrayList<>();
    boolean shifted = false;
    for (int i = 0; i < asked.networks().size(); i++) {
      NetworkSelection item = asked.networks().get(i);
      Optional<Assessment> bond = bond(item);
      if (bond.isEmpty()) {
        Optional<String> vlan = vlanName(item);
        if (item.interfaceName().isEmpty() && vlan.isPresent()) {
          result.add(item.named(vlan.get()));
        } else {
          // The name that Multus would have given it: its place in the list has changed.
          result.add(
              shifted && item.interfaceName().isEmpty() ? item.named("net" + (i + 1)) : item);
        }
        continue;
      }
      for (NetworkSelection member : members(item)) {
        if (result.stream().noneMatch(member::isLike)) {
          result.add(member);
          shifted = true;
        }
      }
      result.add(
          item.interfaceName().isPresent() ? item : item.named(bond.get().bond().interfaceName()));
      for (NetworkSelection vlan : vlans(item)) {
        if (asked.networks().stream().noneMatch(other -> other.path().equals(vlan.path()))) {
          result.add(vlan);
          shifted = true;
        }
      }
    }
    return result;
  }

  /// The name of an entry that is a VLAN of a bond in this pod. A user may write such an entry, to
  /// request an address for the VLAN.
  private Optional<String> vlanName(NetworkSelection item) {
    return asked.networks().stream()
        .flatMap(other -> vlans(other).stream())
        .filter(vlan -> vlan.path().equals(item.path()))
        .findFirst()
        .flatMap(NetworkSelection::interfaceName);
  }

  /// The operation that adds the readiness gate, if one of its bonds wants it and nobody added it
  /// before.
  private Optional<JsonObject> gate() {
    boolean isWanted =
        networks.hasConditions()
            && asked.networks().stream()
                .anyMatch(item -> bond(item).filter(found -> found.bond().gatesPods()).isPresent());
    if (!isWanted || hasGate(pod, PodCondition.UP)) {
      return Optional.empty();
    }
    JsonObject gate = JsonObject.of(GATE_TYPE, new JsonString(PodCondition.UP));
    boolean hasOthers = !LenientObject.objects(LenientObject.object(pod, "spec"), GATES).isEmpty();
    return Optional.of(
        hasOthers
            ? operation("add", "/spec/" + GATES + "/-", gate)
            : operation("add", "/spec/" + GATES, JsonArray.of(gate)));
  }

  /// What is missing of a new pod.
  private JsonArray patch() {
    List<JsonValue> operations = new ArrayList<>();
    gate().ifPresent(operations::add);
    renamed().ifPresent(operations::add);
    PodClaims claims = claims();
    operations.addAll(claims.declare());
    Map<String, Integer> missing = missing();
    Set<String> unused = claims.unused();
    List<JsonObject> containers = containers();
    if (!containers.isEmpty() && !(missing.isEmpty() && unused.isEmpty())) {
      JsonObject resources = ContainerDevices.with(containers.getFirst(), missing);
      operations.add(
          operation(
              "add",
              "/spec/containers/0/resources",
              unused.isEmpty() ? resources : PodClaims.with(resources, unused)));
    }
    return new JsonArray(operations);
  }

  /// What can still be changed of a pod that exists.
  private JsonArray renewed() {
    return renamed().map(JsonArray::of).orElse(JsonArray.of());
  }

  /// The operation that makes the annotation as it must be.
  private Optional<JsonObject> renamed() {
    List<NetworkSelection> expanded = expanded();
    return expanded.equals(asked.networks())
        ? Optional.empty()
        : Optional.of(
            operation(
                "replace",
                "/metadata/annotations/" + PodObject.NETWORKS.replace("/", "~1"),
                new JsonString(new SelectionAnnotation(expanded, asked.json()).text())));
  }

  private List<JsonObject> containers() {
    return LenientObject.objects(LenientObject.object(pod, "spec"), "containers");
  }

  /// What the containers request too little of, for resources of bonds whose VFs they request.
  /// Every network with such a resource counts, even without the bond: once a container requests
  /// some of a resource, the network resources injector adds no more.
  private Map<String, Integer> missing() {
    List<NetworkSelection> expanded = expanded();
    Set<String> resources = new HashSet<>();
    asked.networks().stream()
        .filter(item -> !isClaimed(item))
        .flatMap(item -> members(item).stream())
        .forEach(member -> resource(member).ifPresent(resources::add));
    Map<String, Integer> missing = new TreeMap<>();
    for (NetworkSelection item : expanded) {
      resource(item)
          .filter(resources::contains)
          .ifPresent(resource -> missing.merge(resource, 1, Integer::sum));
    }
    missing.replaceAll(
        (resource, need) -> need - ContainerDevices.requested(containers(), resource));
    missing.values().removeIf(count -> count <= 0);
    return missing;
  }

  private Optional<String> resource(NetworkSelection item) {
    return networks.resource(item.namespace(), item.name());
  }

  private static JsonObject operation(String op, String path, JsonValue value) {
    return JsonObject.of("op", new JsonString(op), "path", new JsonString(path), "value", value);
  }
}
