package dev.podbond.cluster.object;

import dev.podbond.cluster.source.LocatedException;
import dev.podbond.json.JsonObject;
import dev.podbond.value.PciAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.regex.Pattern;

/// Reads a SriovNetworkNodePolicy with those checks of its schema and its admission webhook that
/// need no node.
final class NodePolicyReader {
  private static final Set<String> SPEC =
      Set.of(
          "resourceName",
          "nodeSelector",
          "priority",
          "mtu",
          "numVfs",
          "nicSelector",
          "deviceType",
          "isRdma",
          "needVhostNet",
          "linkType",
          "eSwitchMode",
          "vdpaType",
          "excludeTopology",
          "externallyManaged",
          "bridge");
  private static final Set<String> NIC_SELECTOR =
      Set.of("vendor", "deviceID", "rootDevices", "pfNames", "netFilter");
  private static final Pattern RESOURCE_NAME = Pattern.compile("\\w+(-+\\w+)*+");
  private static final Pattern HEX_ID = Pattern.compile("\\p{XDigit}{4}");

  /// The limit for qualified names of Kubernetes, without the prefix.
  static final int MAX_RESOURCE_NAME = 63;

  private static final int LOWEST_PRIORITY = 99;

  private NodePolicyReader() {}

  static NodePolicy read(ObjectKey key, JsonObject manifest, Fields top) throws LocatedException {
    Fields spec = top.requiredObject("spec").onlyKnowing(SPEC);
    refuseWhatOneMachineLacks(spec);
    int numVfs =
        spec.integer("numVfs", 1, Integer.MAX_VALUE)
            .orElseThrow(() -> spec.problem("numVfs", "it must say how many VFs each PF gets"));
    return new NodePolicy(
        key,
        top.at(),
        manifest,
        resourceName(spec),
        spec.integer("priority", 0, LOWEST_PRIORITY).orElse(LOWEST_PRIORITY),
        spec.integer("mtu", 1, 65535),
        numVfs,
        nicSelector(spec.requiredObject("nicSelector").onlyKnowing(NIC_SELECTOR), numVfs),
        spec.flag("externallyManaged"));
  }

  /// The name of a device pool, without its prefix.
  static String resourceName(Fields spec) throws LocatedException {
    String name = spec.requiredString("resourceName");
    if (name.length() > MAX_RESOURCE_NAME || !RESOURCE_NAME.matcher(name).matches()) {
      throw spec.problem(
          "resourceName",
          "\""
              + name
              + "\" is not a resource name: letters, digits, '_' and '-' between them, "
              + MAX_RESOURCE_NAME
              + " at most");
    }
    return name;
  }

  private static void refuseWhatOneMachineLacks(Fields spec) throws LocatedException {
    if (spec.oneOf("deviceType", List.of("netdevice", "vfio-pci"))
        .filter("vfio-pci"::equals)
        .isPresent()) {
      throw spec.problem(
          "deviceType",
          "a VF bound to vfio-pci has no interface that a bond could use; write netdevice");
    }
    if (spec.flag("isRdma")) {
      throw spec.problem(
          "isRdma",
          "RDMA devices are not handed out here; leave it out, and have the pods use the VFs without,"
              + " or another device plugin hand them out");
    }
    if (spec.oneOf("linkType", List.of("eth", "ETH", "ib", "IB"))
        .filter(type -> type.equalsIgnoreCase("ib"))
        .isPresent()) {
      throw spec.problem("linkType", "InfiniBand VFs are not made here; write eth");
    }
    if (spec.oneOf("eSwitchMode", List.of("legacy", "switchdev"))
        .filter("switchdev"::equals)
        .isPresent()) {
      throw spec.problem("eSwitchMode", "switchdev is not set up here; write legacy");
    }
    for (String key : List.of("vdpaType", "bridge")) {
      if (spec.mapping().entries().containsKey(key)) {
        throw spec.problem(key, "needs eSwitchMode switchdev, which is not set up here");
      }
    }
  }

  private static NicSelector nicSelector(Fields selector, int numVfs) throws LocatedException {
    if (selector.nonEmptyString("netFilter").isPresent()) {
      throw selector.problem(
          "netFilter", "needs the metadata service of a cloud; select by pfNames instead");
    }
    List<PciAddress> rootDevices = new ArrayList<>();
    for (String text : selector.strings("rootDevices")) {
      rootDevices.add(
          PciAddress.parse(text)
              .orElseThrow(() ->
                  selector.problem(
                      "rootDevices",
                      "\"" + text + "\" is not a PCI address; write it like 0000:01:00.0")));
    }
    List<PfName> pfNames = new ArrayList<>();
    for (String text : selector.strings("pfNames")) {
      pfNames.add(pfName(selector, text, numVfs));
    }
    NicSelector read =
        new NicSelector(
            hexId(selector, "vendor"), hexId(selector, "deviceID"), rootDevices, pfNames);
    if (read.isEmpty()) {
      throw new LocatedException(
          selector.at(),
          selector.object(),
          "spec.nicSelector selects nothing; give vendor, deviceID, rootDevices or pfNames");
    }
    return read;
  }

  private static PfName pfName(Fields selector, String text, int numVfs) throws LocatedException {
    PfName name =
        PfName.parse(text)
            .orElseThrow(() ->
                selector.problem(
                    "pfNames",
                    "\"" + text + "\" is neither a PF, like ens1f0, nor VFs, like ens1f0#0-3"));
    if (name.range().isPresent() && name.range().get().last() >= numVfs) {
      throw selector.problem(
          "pfNames",
          text + " goes beyond the last VF: with numVfs " + numVfs + " that is " + (numVfs - 1));
    }
    return name;
  }

  private static OptionalInt hexId(Fields selector, String key) throws LocatedException {
    var text = selector.nonEmptyString(key);
    if (text.isEmpty()) {
      return OptionalInt.empty();
    }
    if (!HEX_ID.matcher(text.get()).matches()) {
      throw selector.problem(
          key,
          "\"" + text.get() + "\" is not a PCI id; write four hexadecimal digits, like \"8086\"");
    }
    return OptionalInt.of(Integer.parseInt(text.get(), 16));
  }
}
