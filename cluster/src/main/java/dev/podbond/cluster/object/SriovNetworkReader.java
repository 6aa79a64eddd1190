package dev.podbond.cluster.object;

import dev.podbond.cluster.source.LocatedException;
import dev.podbond.json.Json;
import dev.podbond.json.JsonException;
import dev.podbond.json.JsonObject;
import dev.podbond.json.JsonValue;
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
        json(spec, "capabilities", Json::parse),
        json(spec, "ipam", SriovNetworkReader::ipam),
        json(spec, "metaPlugins", Json::parseElements),
        logLevel(spec),
        spec.nonEmptyString("logFile"));
  }

  /// A text that becomes part of the configuration. An error in it is reported here, in the text
  /// that its author wrote, and not in the rendered whole, which nobody wrote.
  private static Optional<String> json(Fields spec, String key, Reading reading)
      throws LocatedException {
    Optional<String> text = spec.nonEmptyString(key);
    if (text.isPresent()) {
      try {
        JsonValue _ = reading.read(text.get());
      } catch (JsonException e) {
        throw spec.notJson(key, text.get(), "no JSON", e);
      }
    }
    return text;
  }

  /// Errors that consist only of white space are accepted: the operator removes all white space.
  private static JsonValue ipam(String text) throws JsonException {
    try {
      return Json.parse(text);
    } catch (JsonException e) {
      try {
        return Json.parse(text.replaceAll("\\s+", ""));
      } catch (JsonException _) {
        throw e;
      }
    }
  }

  private interface Reading {
    JsonValue read(String text) throws JsonException;
  }

  /// The schema's default is "info"; only an empty text means no level.
  private static Optional<String> logLevel(Fields spec) throws LocatedException {
    if (spec.string("logLevel").isEmpty()) {
      return Optional.of("info");
    }
    return spec.oneOf("logLevel", List.of("panic", "error", "warning", "info", "debug"));
  }
}
