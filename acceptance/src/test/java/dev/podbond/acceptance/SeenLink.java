package dev.podbond.acceptance;

import dev.podbond.json.JsonArray;
import dev.podbond.json.JsonNumber;
import dev.podbond.json.JsonObject;
import dev.podbond.json.JsonString;
import dev.podbond.json.JsonValue;
import java.util.List;
import java.util.Optional;

/// A link as `ip -d -j link` prints it.
record SeenLink(JsonObject json) {
  String name() {
    return text(json, "ifname");
  }

  String mac() {
    return text(json, "address");
  }

  int mtu() {
    return Integer.parseInt(text(json, "mtu"));
  }

  /// Its master; empty if it has none.
  String master() {
    return text(json, "master");
  }

  boolean isUp() {
    return words(json, "flags").contains("UP");
  }

  boolean hasCarrier() {
    return words(json, "flags").contains("LOWER_UP");
  }

  List<String> altNames() {
    return words(json, "altnames");
  }

  boolean answersTo(String name) {
    return name().equals(name) || altNames().contains(name);
  }

  /// Its kind, such as `bond` or `dummy`; empty for hardware.
  String kind() {
    return text(object(json, "linkinfo"), "info_kind");
  }

  /// The PCI address of a VF or PF.
  String pci() {
    return text(json, "parentdev");
  }

  /// One of the properties of its kind, as a bond's `mode`.
  String info(String key) {
    return text(object(object(json, "linkinfo"), "info_data"), key);
  }

  /// All properties of its kind.
  JsonObject infos() {
    return object(object(json, "linkinfo"), "info_data");
  }

  /// One of the properties it has as a bond's member, such as `state`.
  String memberInfo(String key) {
    return text(object(object(json, "linkinfo"), "info_slave_data"), key);
  }

  /// The PF's report about one of its VFs.
  JsonObject vf(int index) {
    return objects(json, "vfinfo_list").stream()
        .filter(vf -> text(vf, "vf").equals(Integer.toString(index)))
        .findFirst()
        .orElseThrow(() -> new AssertionError(name() + " has no VF " + index));
  }

  static JsonObject object(JsonObject in, String key) {
    return in.get(key).orElse(JsonObject.of()) instanceof JsonObject object
        ? object
        : JsonObject.of();
  }

  static List<JsonObject> objects(JsonObject in, String key) {
    return in.get(key).orElse(JsonArray.of()) instanceof JsonArray(List<JsonValue> elements)
        ? elements.stream().map(JsonObject.class::cast).toList()
        : List.of();
  }

  static List<String> words(JsonObject in, String key) {
    return in.get(key).orElse(JsonArray.of()) instanceof JsonArray(List<JsonValue> elements)
        ? elements.stream().map(SeenLink::text).toList()
        : List.of();
  }

  /// A string or number as text; empty if there is none.
  static String text(JsonObject in, String key) {
    Optional<JsonValue> value = in.get(key);
    return value.map(SeenLink::text).orElse("");
  }

  private static String text(JsonValue value) {
    return switch (value) {
      case JsonString(String text) -> text;
      case JsonNumber(String text) -> text;
      default -> value.toString();
    };
  }
}
