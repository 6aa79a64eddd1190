package dev.podbond.cluster.claim;

import dev.podbond.cluster.bond.Allocation;
import dev.podbond.cluster.bond.BondAttachment;
import dev.podbond.cluster.bond.BondNetwork;
import dev.podbond.json.JsonArray;
import dev.podbond.json.JsonObject;
import dev.podbond.json.JsonString;
import dev.podbond.json.JsonValue;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/// The ResourceClaimTemplate of a BondNetwork: what the claim of each of its pods asks for. The API
/// lets no template change, so a changed one has another name.
///
/// @param name its name, from the BondNetwork's and its content
/// @param distinct what the scheduler keeps members from having in common; empty if it only keeps
///   them to different resources
/// @param manifest the object to apply; it is deleted with the BondNetwork
public record ClaimTemplate(
    String namespace, String name, Optional<Allocation.Distinct> distinct, JsonObject manifest) {
  /// The group and version of the API.
  public static final String API_VERSION = "resource.k8s.io/v1";

  /// The kind.
  public static final String KIND = "ResourceClaimTemplate";

  private static final String CLAIM = "podbond-";

  /// The length of a DNS label, which the name of a pod's claim must be.
  private static final int MAX_LABEL = 63;

  private static final int DIGITS = 8;

  /// The template of a bond.
  ///
  /// @param resources the names under which Multus knows the members' devices, in the order of the
  ///   members
  public static ClaimTemplate of(
      BondNetwork bond, Allocation.Dra dra, List<String> resources, ClaimRules rules) {
    Optional<Allocation.Distinct> distinct =
        rules.comparesDevices() ? Optional.of(dra.distinct()) : Optional.empty();
    JsonObject spec =
        JsonObject.of(
            "spec",
            JsonObject.of(
                "devices",
                JsonObject.builder()
                    .put("requests", requests(resources, distinct, dra, rules))
                    .putIfPresent("constraints", constraints(distinct, dra))
                    .build()));
    String name = name(bond.name(), digest(bond.name() + "\n" + spec), MAX_LABEL);
    return new ClaimTemplate(bond.namespace(), name, distinct, manifest(bond, name, spec));
  }

  /// The name that a pod's claim has within the pod. It is the same whatever the template, and
  /// begins like no claim of a user.
  public static String claimName(BondNetwork bond) {
    String name = bond.name();
    int room = MAX_LABEL - CLAIM.length();
    return CLAIM
        + (name.length() <= room && name.indexOf('.') < 0 ? name : name(name, digest(name), room));
  }

  /// How the paths of a bond's templates begin, whatever is in them; few of others do.
  public static String pathStart(BondNetwork bond) {
    return bond.namespace() + "/" + stem(bond.name(), MAX_LABEL - DIGITS - 1) + "-";
  }

  /// `namespace/name`.
  public String path() {
    return namespace + "/" + name;
  }

  /// Every member has its own request: so a constraint can compare them, and a member that waits
  /// can be told from the others.
  private static JsonArray requests(
      List<String> resources,
      Optional<Allocation.Distinct> distinct,
      Allocation.Dra dra,
      ClaimRules rules) {
    List<JsonValue> requests = new ArrayList<>();
    for (String resource : resources) {
      requests.add(
          JsonObject.of(
              "name",
              new JsonString("member-" + (requests.size() + 1)),
              "exactly",
              JsonObject.builder()
                  .put("deviceClassName", rules.deviceClass())
                  .put("selectors", selectors(resource, distinct, dra))
                  .put("allocationMode", "ExactCount")
                  .put("count", 1)
                  .build()));
    }
    return new JsonArray(requests);
  }

  private static JsonArray selectors(
      String resource, Optional<Allocation.Distinct> distinct, Allocation.Dra dra) {
    List<JsonValue> selectors = new ArrayList<>();
    // An attribute that a device lacks would be an error, which stops the scheduler altogether.
    selectors.add(
        selector(
            has(SriovDriver.MULTUS, SriovDriver.RESOURCE_NAME)
                + " && "
                + attribute(SriovDriver.MULTUS, SriovDriver.RESOURCE_NAME)
                + " == "
                // Escapes of JSON mean the same in CEL: whoever named the resource ends no text.
                + new JsonString(resource)));
    if (distinct.equals(Optional.of(Allocation.Distinct.CARD))) {
      selectors.add(known(SriovDriver.PCIE_ROOT, "!= \"\""));
    }
    if (dra.sameNumaNode()) {
      selectors.add(known(SriovDriver.NUMA_NODE, ">= 0"));
    }
    return new JsonArray(selectors);
  }

  /// Otherwise "not known" would count as a place that devices have in common.
  private static JsonObject known(String attribute, String comparison) {
    int slash = attribute.indexOf('/');
    String domain = attribute.substring(0, slash);
    String key = attribute.substring(slash + 1);
    return selector(has(domain, key) + " && " + attribute(domain, key) + " " + comparison);
  }

  private static String has(String domain, String key) {
    return "\"" + key + "\" in device.attributes[\"" + domain + "\"]";
  }

  private static String attribute(String domain, String key) {
    return "device.attributes[\"" + domain + "\"]." + key;
  }

  private static JsonObject selector(String expression) {
    return JsonObject.of("cel", JsonObject.of("expression", new JsonString(expression)));
  }

  private static Optional<JsonArray> constraints(
      Optional<Allocation.Distinct> distinct, Allocation.Dra dra) {
    List<JsonValue> constraints = new ArrayList<>();
    distinct.ifPresent(by ->
        constraints.add(
            JsonObject.of("distinctAttribute", new JsonString(NodeDevices.attribute(by)))));
    if (dra.sameNumaNode()) {
      constraints.add(JsonObject.of("matchAttribute", new JsonString(SriovDriver.NUMA_NODE)));
    }
    return constraints.isEmpty() ? Optional.empty() : Optional.of(new JsonArray(constraints));
  }

  private static JsonObject manifest(BondNetwork bond, String name, JsonObject spec) {
    return JsonObject.builder()
        .put("apiVersion", API_VERSION)
        .put("kind", KIND)
        .put(
            "metadata",
            JsonObject.builder()
                .put("name", name)
                .put("namespace", bond.namespace())
                .put(
                    "labels",
                    JsonObject.of("app.kubernetes.io/managed-by", new JsonString("podbond")))
                .put("ownerReferences", JsonArray.of(BondAttachment.ownerReference(bond)))
                .build())
        .put("spec", spec)
        .build();
  }

  /// A DNS label of this length at most that begins like a name and ends with a digest.
  private static String name(String name, String digest, int length) {
    return stem(name, length - digest.length() - 1) + "-" + digest;
  }

  private static String stem(String name, int room) {
    String stem = name.replace('.', '-');
    return stem.length() <= room ? stem : stem.substring(0, room);
  }

  private static String digest(String text) {
    try {
      byte[] all =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(all).substring(0, DIGITS);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
