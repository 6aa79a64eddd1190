package dev.podbond.cli.show;

import dev.podbond.cli.machine.VfState;
import dev.podbond.cli.multus.NetworkStatus;
import dev.podbond.cli.policy.ResourcePools;
import dev.podbond.cli.store.PodState;
import dev.podbond.cluster.object.NetworkAttachment;
import dev.podbond.cluster.object.NetworkPlugins;
import dev.podbond.cluster.object.ObjectKey;
import dev.podbond.json.Json;
import dev.podbond.json.JsonArray;
import dev.podbond.json.JsonException;
import dev.podbond.json.JsonObject;
import dev.podbond.json.JsonString;
import dev.podbond.json.JsonValue;
import dev.podbond.value.PciAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Tables of pods, network attachments and VFs.
public final class Listings {
  private Listings() {}

  /// The pods.
  ///
  /// @param hasNetns whether a pod still has its network namespace
  public static Table pods(Map<ObjectKey, PodState> pods, Predicate<PodState> hasNetns) {
    List<JsonObject> rows = new ArrayList<>();
    new TreeMap<>(pods)
        .forEach((key, pod) ->
            rows.add(
                JsonObject.builder()
                    .put("namespace", key.namespace())
                    .put("name", key.name())
                    .put("state", state(pod, hasNetns))
                    .put("netns", pod.identity().netns().toString())
                    .put("networks", networks(pod))
                    .build()));
    return new Table(List.of("namespace", "name", "state", "netns", "networks"), rows);
  }

  private static String state(PodState pod, Predicate<PodState> hasNetns) {
    if (!hasNetns.test(pod)) {
      return "gone";
    }
    return pod.running() ? "running" : "unfinished";
  }

  private static JsonArray networks(PodState pod) {
    List<JsonValue> networks = new ArrayList<>();
    List<JsonObject> status = status(pod);
    for (int i = 0; i < pod.delegates().size(); i++) {
      JsonObject.Builder network =
          JsonObject.builder().put("interface", pod.delegates().get(i).ifname());
      NetworkStatus.entryOf(i, pod.delegates(), status)
          .flatMap(entry -> entry.get("ips"))
          .ifPresent(ips -> network.put("ips", ips));
      networks.add(network.build());
    }
    return new JsonArray(networks);
  }

  private static List<JsonObject> status(PodState pod) {
    try {
      if (!pod.networkStatus().isEmpty()
          && Json.parse(pod.networkStatus()) instanceof JsonArray entries) {
        return entries.stream()
            .flatMap(entry ->
                entry instanceof JsonObject object ? Stream.of(object) : Stream.<JsonObject>of())
            .toList();
      }
      return List.of();
    } catch (JsonException _) {
      return List.of();
    }
  }

  /// The network attachments.
  public static Table attachments(Collection<NetworkAttachment> attachments) {
    List<JsonObject> rows = new ArrayList<>();
    attachments.stream()
        .sorted(Comparator.comparing(NetworkAttachment::key))
        .forEach(attachment ->
            rows.add(
                JsonObject.builder()
                    .put("namespace", attachment.key().namespace())
                    .put("name", attachment.key().name())
                    .put("type", type(attachment.config()))
                    .put("resource", attachment.resourceName().orElse(""))
                    .put("owner", attachment.owner().orElse(""))
                    .build()));
    return new Table(List.of("namespace", "name", "type", "resource", "owner"), rows);
  }

  private static String type(JsonObject config) {
    String types =
        NetworkPlugins.of(config).stream()
            .map(plugin ->
                plugin.find("type").orElse(plugin) instanceof JsonString(String type) ? type : "?")
            .collect(Collectors.joining(" + "));
    return types.isEmpty() ? "?" : types;
  }

  /// The VFs.
  ///
  /// @param holders the pods that have VFs, by PCI address
  public static Table vfs(
      Collection<VfState> vfs, ResourcePools pools, Map<PciAddress, ObjectKey> holders) {
    List<JsonObject> rows = new ArrayList<>();
    for (VfState vf : vfs) {
      rows.add(
          JsonObject.builder()
              .put("pf", vf.device().ref().pf())
              .put("vf", vf.device().ref().index())
              .put("pci", vf.pci().toString())
              .put("resource", pools.resourceOf(vf.pci()).orElse(""))
              .put("driver", vf.device().driver().orElse(""))
              .put("interface", vf.device().hostName().orElse(""))
              .put("mac", vf.mac().map(Object::toString).orElse(""))
              .put("mtu", vf.mtuBytes().isPresent() ? "" + vf.mtuBytes().getAsInt() : "")
              .put("adminMac", vf.adminMac().map(Object::toString).orElse(""))
              .put("holder", holder(vf, holders))
              .build());
    }
    return new Table(
        List.of(
            "pf",
            "vf",
            "pci",
            "resource",
            "driver",
            "interface",
            "mac",
            "mtu",
            "adminMac",
            "holder"),
        rows);
  }

  private static String holder(VfState vf, Map<PciAddress, ObjectKey> holders) {
    if (holders.containsKey(vf.pci())) {
      return holders.get(vf.pci()).path();
    }
    return vf.isInUse() ? "another" : "";
  }
}
