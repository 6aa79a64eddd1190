package dev.podbond.cli.multus;

import dev.podbond.cni.spec.CniInterface;
import dev.podbond.cni.spec.CniIp;
import dev.podbond.cni.spec.CniResult;
import dev.podbond.json.JsonArray;
import dev.podbond.json.JsonObject;
import dev.podbond.json.JsonString;
import dev.podbond.value.IpText;
import dev.podbond.value.PciAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/// The annotation `k8s.v1.cni.cncf.io/network-status` that Multus writes to a pod.
public final class NetworkStatus {
  /// The annotation's key.
  public static final String ANNOTATION = "k8s.v1.cni.cncf.io/network-status";

  private NetworkStatus() {}

  /// The entries of one network: one per interface in the pod. A result with a single interface
  /// gives exactly one, with every address; a result without interfaces gives no entry.
  public static List<JsonObject> entries(Delegate delegate, CniResult result) {
    if (result.interfaces().size() == 1) {
      CniInterface only = result.interfaces().getFirst();
      return List.of(entry(delegate, result, Optional.of(only), result.ips()));
    }
    List<JsonObject> entries = new ArrayList<>();
    int lastInPod = -1;
    for (int i = 0; i < result.interfaces().size(); i++) {
      lastInPod = result.interfaces().get(i).sandbox().isPresent() ? i : lastInPod;
    }
    for (int i = 0; i < result.interfaces().size(); i++) {
      CniInterface link = result.interfaces().get(i);
      if (link.sandbox().isPresent()) {
        int index = i;
        boolean last = i == lastInPod;
        List<CniIp> ips =
            result.ips().stream()
                .filter(ip -> ip.interfaceIndex().orElse(last ? index : -1) == index)
                .toList();
        entries.add(entry(delegate, result, Optional.of(link), ips));
      }
    }
    return List.copyOf(entries);
  }

  /// The entry of the annotation for one of the pod's networks. It is the entry with its interface.
  /// If the plugin chose another name, it is the next of the remaining entries of that network, in
  /// order, since one network may be attached several times.
  ///
  /// @param index of the network among the delegates
  public static Optional<JsonObject> entryOf(
      int index, List<Delegate> delegates, List<JsonObject> entries) {
    Delegate delegate = delegates.get(index);
    List<JsonObject> ofNetwork =
        entries.stream().filter(entry -> isText(entry, "name", delegate.network())).toList();
    Optional<JsonObject> ofInterface =
        ofNetwork.stream()
            .filter(entry -> isText(entry, "interface", delegate.ifname()))
            .findFirst();
    if (ofInterface.isPresent()) {
      return ofInterface;
    }
    List<String> ifnames = delegates.stream().map(Delegate::ifname).toList();
    List<JsonObject> left =
        ofNetwork.stream()
            .filter(entry -> ifnames.stream().noneMatch(name -> isText(entry, "interface", name)))
            .toList();
    long turn =
        delegates.subList(0, index).stream()
            .filter(before -> before.network().equals(delegate.network()))
            .filter(before ->
                ofNetwork.stream().noneMatch(entry -> isText(entry, "interface", before.ifname())))
            .count();
    return left.stream().skip(turn).findFirst();
  }

  private static boolean isText(JsonObject entry, String key, String text) {
    return entry.get(key).equals(Optional.of(new JsonString(text)));
  }

  /// The annotation's text: each entry indented, without blanks between them.
  public static String text(List<JsonObject> entries) {
    return entries.stream()
        .map(JsonObject::toPrettyString)
        .collect(Collectors.joining(",", "[", "]"));
  }

  private static JsonObject entry(
      Delegate delegate, CniResult result, Optional<CniInterface> reported, List<CniIp> ips) {
    Optional<CniInterface> inPod = reported.filter(link -> link.sandbox().isPresent());
    JsonObject.Builder entry = JsonObject.builder().put("name", delegate.network());
    inPod.ifPresent(link -> entry.put("interface", link.name()));
    if (!ips.isEmpty()) {
      entry.put(
          "ips",
          JsonArray.ofStrings(
              ips.stream().map(ip -> IpText.format(ip.address().address())).toList()));
    }
    inPod.flatMap(CniInterface::mac).ifPresent(mac -> entry.put("mac", mac));
    inPod.ifPresent(link -> entry.putIfPresent("mtu", link.mtu()));
    entry.put("dns", dns(result));
    delegate.device().ifPresent(pci -> entry.put("device-info", deviceInfo(pci)));
    List<String> gateways = gateways(result);
    if (!gateways.isEmpty()) {
      entry.put("gateway", JsonArray.ofStrings(gateways));
    }
    return entry.build();
  }

  private static JsonObject dns(CniResult result) {
    JsonObject.Builder dns = JsonObject.builder();
    putNonEmpty(dns, "nameservers", result.dns().nameservers());
    dns.putIfPresent("domain", result.dns().domain(), JsonString::new);
    putNonEmpty(dns, "search", result.dns().search());
    putNonEmpty(dns, "options", result.dns().options());
    return dns.build();
  }

  private static void putNonEmpty(JsonObject.Builder object, String key, List<String> values) {
    if (!values.isEmpty()) {
      object.put(key, JsonArray.ofStrings(values));
    }
  }

  private static JsonObject deviceInfo(PciAddress pci) {
    return JsonObject.of(
        "type",
        new JsonString("pci"),
        "version",
        new JsonString("1.1.0"),
        "pci",
        JsonObject.of("pci-address", new JsonString(pci.toString())));
  }

  private static List<String> gateways(CniResult result) {
    return result.routes().stream()
        .filter(route -> route.dst().length() == 0)
        .map(route -> route.gw())
        .flatMap(Optional::stream)
        .map(IpText::format)
        .toList();
  }
}
