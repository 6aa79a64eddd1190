package dev.podbond.cluster.claim;

import dev.podbond.cluster.source.LocatedException;
import dev.podbond.cluster.yaml.YamlReader;
import dev.podbond.json.JsonObject;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/// ResourceSlices as dra-driver-sriov publishes them, with the attributes that it gives to a VF.
public final class Slices {
  private Slices() {}

  /// A VF.
  public static String vf(String name, String resource, String pf, String root, int numaNode) {
    return """
      - name: %s
        attributes:
          dra.net/numaNode: {int: %d}
          k8s.cni.cncf.io/deviceID: {string: "0000:01:10.0"}
          k8s.cni.cncf.io/resourceName: {string: %s}
          resource.kubernetes.io/pcieRoot: {string: "%s"}
          resource.kubernetes.io/pciBusID: {string: "0000:01:10.0"}
          sriovnetwork.k8snetworkplumbingwg.io/PFName: {string: eth0}
          sriovnetwork.k8snetworkplumbingwg.io/pfPciAddress: {string: "%s"}
          sriovnetwork.k8snetworkplumbingwg.io/vfID: {int: 0}
    """
        .formatted(name, numaNode, resource, root, pf);
  }

  /// Some VFs of one PF, called `PREFIX0` and so on.
  public static String vfs(int count, String prefix, String resource, String pf) {
    return String.join(
        "",
        IntStream.range(0, count)
            .mapToObj(i -> vf(prefix + i, resource, pf, "pci0000:00", 0))
            .toList());
  }

  /// The slice of a node's only pool.
  public static DeviceSlice slice(String node, String... devices) {
    return slice(node, 1, 1, devices);
  }

  /// One of several slices of a node's pool.
  public static DeviceSlice slice(String node, long generation, int slices, String... devices) {
    return slice(node, "pool-" + node, generation, slices, devices);
  }

  /// One of several slices of a pool.
  public static DeviceSlice slice(
      String node, String pool, long generation, int slices, String... devices) {
    return DeviceSlice.of(
        yaml(
            """
            driver: sriovnetwork.k8snetworkplumbingwg.io
            nodeName: %s
            pool: {name: %s, generation: %d, resourceSliceCount: %d}
            devices:
            """
                    .formatted(node, pool, generation, slices)
                + String.join("", devices)));
  }

  /// What nodes have, of which no claim has any.
  public static List<NodeDevices> nodes(DeviceSlice... slices) {
    return NodeDevices.of(List.of(slices), Set.of());
  }

  /// A mapping of YAML.
  public static JsonObject yaml(String text) {
    try {
      return (JsonObject) YamlReader.read("slices", text).getFirst().toJson();
    } catch (LocatedException e) {
      throw new IllegalArgumentException(text, e);
    }
  }
}
