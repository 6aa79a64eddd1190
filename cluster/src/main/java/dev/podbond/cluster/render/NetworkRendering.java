package dev.podbond.cluster.render;

import dev.podbond.cluster.object.ClusterObject;
import dev.podbond.cluster.object.Kind;
import dev.podbond.cluster.object.NetworkAttachment;
import dev.podbond.cluster.object.ObjectKey;
import dev.podbond.cluster.object.ObjectReader;
import dev.podbond.cluster.object.SriovNetwork;
import dev.podbond.cluster.source.LocatedException;
import dev.podbond.json.JsonObject;
import dev.podbond.json.JsonReader;
import dev.podbond.json.JsonString;
import dev.podbond.json.LenientObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/// Renders a SriovNetwork as the SR-IOV Network Operator does, including the spaces in the
/// configuration: its manifest writes the configuration over several lines of a quoted YAML scalar,
/// and YAML turns the line ends into spaces.
public final class NetworkRendering {
  /// The operator's resource prefix on OKD.
  public static final String OKD_RESOURCE_PREFIX = "openshift.io";

  private static final String OWNER_KIND = "SriovNetwork.sriovnetwork.openshift.io/";

  private NetworkRendering() {}

  /// The network attachment of a SriovNetwork.
  ///
  /// @param resourcePrefix as [#OKD_RESOURCE_PREFIX]
  /// @throws LocatedException if the JSON texts in the network do not combine to JSON
  public static NetworkAttachment render(SriovNetwork network, String resourcePrefix)
      throws LocatedException {
    JsonObject manifest =
        JsonObject.builder()
            .put("apiVersion", Kind.NETWORK_ATTACHMENT.apiVersion())
            .put("kind", Kind.NETWORK_ATTACHMENT.toString())
            .put("metadata", metadata(network, resourcePrefix))
            .put("spec", JsonObject.of("config", new JsonString(config(network))))
            .build();
    ClusterObject rendered = ObjectReader.restore(manifest, "rendered from " + network.source());
    if (rendered instanceof NetworkAttachment attachment) {
      return attachment;
    }
    throw new AssertionError("rendered a " + rendered.key());
  }

  /// The annotation's value that names the SriovNetwork of a network attachment.
  public static String ownerReference(ObjectKey network) {
    return OWNER_KIND + network.path();
  }

  /// Whether the owner in a network attachment is a SriovNetwork.
  public static boolean isOwnerReference(String owner) {
    return owner.startsWith(OWNER_KIND);
  }

  private static JsonObject metadata(SriovNetwork network, String resourcePrefix) {
    return JsonObject.builder()
        .put(
            "annotations",
            JsonObject.builder()
                .put(NetworkAttachment.RESOURCE_NAME, resourcePrefix + "/" + network.resourceName())
                .put(NetworkAttachment.OWNER, ownerReference(network.key()))
                .build())
        .put("name", network.key().name())
        .put("namespace", network.networkNamespace())
        .build();
  }

  /// `spec.config` of the network attachment.
  static String config(SriovNetwork network) {
    JsonReader<RuntimeException> spec =
        JsonReader.lenient(LenientObject.object(network.manifest(), "spec"));
    List<String> members = new ArrayList<>();
    members.add("\"type\":\"sriov\"");
    members.add("\"vlan\":" + number(spec, "vlan").orElse(0));
    text(members, "spoofchk", spec.string("spoofChk"));
    text(members, "trust", spec.string("trust"));
    members.add("\"vlanQoS\":" + number(spec, "vlanQoS").orElse(0));
    text(members, "vlanProto", spec.string("vlanProto"));
    number(spec, "minTxRate").ifPresent(rate -> members.add("\"min_tx_rate\":" + rate));
    number(spec, "maxTxRate").ifPresent(rate -> members.add("\"max_tx_rate\":" + rate));
    spec.nonEmptyString("capabilities").ifPresent(json -> members.add("\"capabilities\":" + json));
    text(members, "link_state", spec.string("linkState"));
    // The schema's default is "info"; only an empty text means no level.
    text(members, "logLevel", spec.string("logLevel").or(() -> Optional.of("info")));
    text(members, "logFile", spec.string("logFile"));
    members.add(
        "\"ipam\":"
            + spec.nonEmptyString("ipam").map(NetworkRendering::withoutSpaces).orElse("{}"));
    String plugin = String.join(",", members);
    String head = "{\n\"cniVersion\":\"1.0.0\",\n\"name\":\"" + network.key().name() + "\",";
    return fold(
        spec.nonEmptyString("metaPlugins")
            .map(chain -> head + "\"plugins\": [\n{" + plugin + "\n},\n" + chain + "\n]\n}")
            .orElse(head + plugin + "\n}"));
  }

  private static void text(List<String> members, String key, Optional<String> value) {
    value
        .filter(word -> !word.isEmpty())
        .ifPresent(word -> members.add("\"" + key + "\":\"" + word + "\""));
  }

  private static OptionalInt number(JsonReader<RuntimeException> spec, String key) {
    return spec.integer(key, 0, Integer.MAX_VALUE);
  }

  private static String withoutSpaces(String json) {
    return json.replaceAll("\\s+", "");
  }

  /// The meaning of a quoted YAML scalar over several lines: spaces around a line end are removed,
  /// one line end becomes a space, and n empty lines become n line ends (YAML 1.2 section 7.3.2).
  private static String fold(String lines) {
    StringBuilder folded = new StringBuilder();
    int emptyLines = 0;
    for (String line : lines.split("\n", -1)) {
      String content = line.strip();
      if (content.isEmpty()) {
        emptyLines++;
        continue;
      }
      if (!folded.isEmpty()) {
        folded.append(emptyLines == 0 ? " " : "\n".repeat(emptyLines));
      }
      folded.append(content);
      emptyLines = 0;
    }
    return folded.toString();
  }
}
