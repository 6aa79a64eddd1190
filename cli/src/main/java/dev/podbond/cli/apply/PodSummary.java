package dev.podbond.cli.apply;

import dev.podbond.cli.multus.Delegate;
import dev.podbond.cli.multus.NetworkStatus;
import dev.podbond.json.JsonObject;
import dev.podbond.json.LenientObject;
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
    LenientObject.text(entry, "interface")
        .filter(name -> !name.equals(delegate.ifname()))
        .ifPresent(name -> text.append(" = ").append(name));
    LenientObject.texts(entry, "ips").forEach(address -> text.append(' ').append(address));
    return text.toString();
  }
}
