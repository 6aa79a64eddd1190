package dev.podbond.cluster.object;

import dev.podbond.cluster.source.LocatedException;
import dev.podbond.json.Json;
import dev.podbond.json.JsonException;
import dev.podbond.json.JsonObject;
import dev.podbond.json.JsonValue;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/// Reads a SriovNetwork with the checks of its schema.
final class SriovNetworkReader {
  private static final int MAX_VLAN = 4096;
  private static final int MAX_QOS = 7;

  /// The fields of `spec`, in the order in which they are checked.
  private static final List<Field> SPEC =
      List.of(
          new Field("networkNamespace", Fields::nonEmptyString),
          new Field("resourceName", (spec, _) -> NodePolicyReader.resourceName(spec)),
          new Field("vlan", (spec, key) -> spec.integer(key, 0, MAX_VLAN)),
          new Field("vlanQoS", (spec, key) -> spec.integer(key, 0, MAX_QOS)),
          new Field("vlanProto", word("802.1q", "802.1Q", "802.1ad", "802.1AD")),
          new Field("spoofChk", word("on", "off")),
          new Field("trust", word("on", "off")),
          new Field("linkState", word("auto", "enable", "disable")),
          new Field("minTxRate", (spec, key) -> spec.integer(key, 0, Integer.MAX_VALUE)),
          new Field("maxTxRate", (spec, key) -> spec.integer(key, 0, Integer.MAX_VALUE)),
          new Field("capabilities", json(Json::parse)),
          new Field("ipam", json(SriovNetworkReader::ipam)),
          new Field("metaPlugins", json(Json::parseElements)),
          new Field("logLevel", word("panic", "error", "warning", "info", "debug")),
          new Field("logFile", Fields::nonEmptyString));

  private static final Set<String> KNOWN =
      SPEC.stream().map(Field::key).collect(Collectors.toUnmodifiableSet());

  private SriovNetworkReader() {}

  static SriovNetwork read(ObjectKey key, JsonObject manifest, Fields top) throws LocatedException {
    Fields spec = top.requiredObject("spec").onlyKnowing(KNOWN);
    for (Field field : SPEC) {
      field.check().require(spec, field.key());
    }
    return new SriovNetwork(
        key,
        top.at(),
        manifest,
        spec.nonEmptyString("networkNamespace").orElse(key.namespace()),
        spec.requiredString("resourceName"));
  }

  private record Field(String key, Check check) {}

  private interface Check {
    void require(Fields spec, String key) throws LocatedException;
  }

  private static Check word(String... words) {
    return (spec, key) -> spec.oneOf(key, List.of(words));
  }

  /// A text that becomes part of the configuration. An error in it is reported here, in the text
  /// that its author wrote, and not in the rendered whole, which nobody wrote.
  private static Check json(Reading reading) {
    return (spec, key) -> {
      String text = spec.string(key).orElse("");
      try {
        if (!text.isEmpty()) {
          JsonValue _ = reading.read(text);
        }
      } catch (JsonException e) {
        throw spec.notJson(key, text, "not JSON", e);
      }
    };
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
}
