package dev.podbond.cli.apply;

import dev.podbond.cli.multus.Delegate;
import dev.podbond.cli.multus.NetworkStatus;
import dev.podbond.json.JsonArray;
import dev.podbond.json.JsonObject;
import dev.podbond.json.JsonString;
import dev.podbond.json.JsonValue;
import java.util.ArrayList;
import java.util.List;

/// One line on the networks of a pod.
final class PodSummary {
  private PodSummary() {}

  static String of(List<Delegate> delegates, List<JsonObject> status) {
    List<String> parts = new ArrayList<>();
    for (int i = 0; i < delegates.size(); i++) {
      Delegate delegate = delegates.get(i);
      StringBuilder part = new StringBuilder(delegate.ifname());
      delegate.device().ifPresent(pci -> part.append(" (VF ").append(pci).append(')'));
      NetworkStatus.entryOf(i, delegates, status)
          .ifPresent(entry -> part.append(interfaceAndAddresses(delegate, entry)));
      parts.add(part.toString());
    }
    return String.join(", ", parts);
  }

  private static String interfaceAndAddresses(Delegate delegate, JsonObject entry) {
    StringBuilder text = new StringBuilder();
    if (entry.get("interface").orElse(entry) instanceof JsonString(String name)
        && !name.equals(delegate.ifname())) {
      text.append(" = ").append(name);
    }
    if (entry.get("ips").orElse(entry) instanceof JsonArray ips) {
      for (JsonValue ip : ips.elements()) {
        if (ip instanceof JsonString(String address)) {
          text.append(' ').append(address);
        }
      }
    }
    return text.toString();
  }
}
