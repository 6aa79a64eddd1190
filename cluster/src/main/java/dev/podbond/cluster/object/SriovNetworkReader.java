package dev.podbond.cluster.object;

import dev.podbond.cluster.source.LocatedException;
import dev.podbond.json.JsonObject;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Reads a SriovNetwork with the checks and the defaults of its schema.
final class SriovNetworkReader {
  private static final Set<String> SPEC =
      Set.of(
          "networkNamespace",
          "resourceName",
          "capabilities",
          "ipam",
          "vlan",
          "vlanQoS",
          "vlanProto",
          "spoofChk",
          "trust",
          "linkState",
          "minTxRate",
          "maxTxRate",
          "metaPlugins",
          "logLevel",
          "logFile");

  private static final int MAX_VLAN = 4096;
  private static final int MAX_QOS = 7;

  private SriovNetworkReader() {}

  static SriovNetwork read(ObjectKey key, JsonObject manifest, Fields top) throws LocatedException {
    Fields spec = top.requiredObject("spec").onlyKnowing(SPEC);
    Optional<String> target = spec.nonEmptyString("networkNamespace");
    List<String> onOff = List.of("on", "off");
    return new SriovNetwork(
        key,
        top.at(),
        manifest,
        target.orElse(key.namespace()),
        NodePolicyReader.resourceName(spec),
        spec.integer("vlan", 0, MAX_VLAN).orElse(0),
        spec.integer("vlanQoS", 0, MAX_QOS).orElse(0),
        spec.oneOf("vlanProto", List.of("802.1q", "802.1Q", "802.1ad", "802.1AD")),
        spec.oneOf("spoofChk", onOff),
        spec.oneOf("trust", onOff),
        spec.oneOf("linkState", List.of("auto", "enable", "disable")),
        spec.integer("minTxRate", 0, Integer.MAX_VALUE),
        spec.integer("maxTxRate", 0, Integer.MAX_VALUE),
        spec.nonEmptyString("capabilities"),
        spec.nonEmptyString("ipam"),
        spec.nonEmptyString("metaPlugins"),
        logLevel(spec),
        spec.nonEmptyString("logFile"));
  }

  /// The schema's default is "info"; only an empty text asks for none.
  private static Optional<String> logLevel(Fields spec) throws LocatedException {
    if (spec.string("logLevel").isEmpty()) {
      return Optional.of("info");
    }
    return spec.oneOf("logLevel", List.of("panic", "error", "warning", "info", "debug"));
  }
}
