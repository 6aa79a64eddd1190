package dev.podbond.parity;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Replaces a case's variables by their values, and hides random values: MACs that a kernel chose,
/// PCI addresses, paths.
final class Labels {
  private static final Pattern MAC = Pattern.compile("(?:[0-9a-f]{2}:){5}[0-9a-f]{2}");
  private static final String CHOSEN = "02:00:00:";
  private static final String NONE = "00:00:00:00:00:00";
  private static final String BROADCAST = "ff:ff:ff:ff:ff:ff";
  private static final int LOCAL = 2;
  private static final int GROUP = 1;

  private final Map<String, String> variables = new LinkedHashMap<>();
  private final Map<String, String> owners = new HashMap<>();

  /// Defines the value of `$NAME` in a case.
  void define(String name, String value) {
    variables.put("$" + name, value);
  }

  /// Remembers which link had this MAC before the first call.
  void own(String mac, String link) {
    owners.putIfAbsent(mac, "MAC of " + link);
  }

  /// The text with the values of all variables.
  String expand(String text) {
    String expanded = text;
    for (var variable : variables.entrySet()) {
      expanded = expanded.replace(variable.getKey(), variable.getValue());
    }
    return expanded;
  }

  /// The text with names in place of random values.
  String hide(String text) {
    String hidden = text;
    for (var variable : variables.entrySet()) {
      hidden = hidden.replace(variable.getValue(), variable.getKey());
    }
    Matcher matcher = MAC.matcher(hidden);
    return matcher.replaceAll(found -> Matcher.quoteReplacement(mac(found.group())));
  }

  private String mac(String mac) {
    if (mac.startsWith(CHOSEN) || mac.equals(NONE) || mac.equals(BROADCAST)) {
      return mac;
    }
    String owner = owners.get(mac);
    return owner != null ? owner : kind(Integer.parseInt(mac.substring(0, 2), 16));
  }

  private static String kind(int first) {
    if ((first & GROUP) != 0) {
      return "a group MAC";
    }
    return (first & LOCAL) != 0 ? "a local MAC" : "a global MAC";
  }
}
