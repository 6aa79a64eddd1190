package dev.podbond.cluster.claim;

import dev.podbond.json.JsonLimits;
import dev.podbond.json.JsonObject;
import dev.podbond.json.JsonReader;
import dev.podbond.json.LenientObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/// A ResourceSlice: some devices of a pool, as a driver tells of them.
///
/// @param node where the devices are; empty if they are on no one node
/// @param generation of the pool: slices of an older one no longer count
/// @param slices how many slices the pool has in this generation
public record DeviceSlice(
    String driver, String node, String pool, long generation, int slices, List<Device> devices) {
  /// The size limit of its `spec`: it has at most 128 devices with 32 attributes each.
  public static final JsonLimits SPEC = new JsonLimits(2 << 20, 40_000);

  /// The effects of a taint that keep a device from new pods.
  private static final Set<String> KEEPING = Set.of("NoSchedule", "NoExecute");

  public DeviceSlice {
    devices = List.copyOf(devices);
  }

  /// A VF, as far as claims ask about it. A text is empty where the driver does not tell.
  ///
  /// @param resource which networks it is for
  /// @param pf the PCI address of its PF
  /// @param pcieRoot the root below which its card is
  /// @param tainted whether new pods do not get it
  public record Device(
      String name,
      String resource,
      String pf,
      String pcieRoot,
      OptionalInt numaNode,
      boolean tainted) {}

  /// The slice of a ResourceSlice's `spec`.
  public static DeviceSlice of(JsonObject spec) {
    JsonObject pool = LenientObject.object(spec, "pool");
    List<Device> devices = new ArrayList<>();
    for (JsonObject device : LenientObject.objects(spec, "devices")) {
      devices.add(device(device));
    }
    return new DeviceSlice(
        LenientObject.text(spec, "driver").orElse(""),
        LenientObject.text(spec, "nodeName").orElse(""),
        LenientObject.text(pool, "name").orElse(""),
        JsonReader.lenient(pool).longInteger("generation", 0, Long.MAX_VALUE).orElse(0),
        LenientObject.number(pool, "resourceSliceCount").orElse(1),
        devices);
  }

  private static Device device(JsonObject device) {
    JsonObject attributes = LenientObject.object(device, "attributes");
    OptionalInt numaNode =
        LenientObject.number(LenientObject.object(attributes, SriovDriver.NUMA_NODE), "int");
    return new Device(
        LenientObject.text(device, "name").orElse(""),
        text(attributes, SriovDriver.MULTUS + "/" + SriovDriver.RESOURCE_NAME),
        text(attributes, SriovDriver.PF),
        text(attributes, SriovDriver.PCIE_ROOT),
        numaNode.orElse(-1) < 0 ? OptionalInt.empty() : numaNode,
        LenientObject.objects(device, "taints").stream()
            .flatMap(taint -> LenientObject.text(taint, "effect").stream())
            .anyMatch(KEEPING::contains));
  }

  /// One instance of each text: the devices of a cluster have few different ones.
  private static String text(JsonObject attributes, String name) {
    Optional<String> text = LenientObject.text(LenientObject.object(attributes, name), "string");
    return text.orElse("").intern();
  }
}
