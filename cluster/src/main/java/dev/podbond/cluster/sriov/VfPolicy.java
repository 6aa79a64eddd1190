package dev.podbond.cluster.sriov;

import dev.podbond.json.JsonObject;
import dev.podbond.json.LenientObject;
import java.util.Locale;
import java.util.OptionalInt;

/// A SriovNetworkNodePolicy: which VFs form a resource, and how they are set up.
///
/// @param resource without a prefix
/// @param mtuBytes empty if the policy leaves it alone
/// @param deviceType netdevice or vfio-pci
/// @param linkType eth or ib
public record VfPolicy(
    String name, String resource, OptionalInt mtuBytes, String deviceType, String linkType) {
  public VfPolicy {
    ObjectNames.require(name, resource, deviceType, linkType);
  }

  /// The policy of a SriovNetworkNodePolicy object.
  public static VfPolicy of(JsonObject manifest) {
    JsonObject spec = LenientObject.object(manifest, "spec");
    return new VfPolicy(
        LenientObject.text(LenientObject.object(manifest, "metadata"), "name").orElse(""),
        LenientObject.text(spec, "resourceName").orElse(""),
        LenientObject.number(spec, "mtu"),
        LenientObject.text(spec, "deviceType").orElse("netdevice"),
        LenientObject.text(spec, "linkType").orElse("eth").toLowerCase(Locale.ROOT));
  }

  /// Whether its VFs are network interfaces of the kernel, which a bond needs.
  public boolean makesInterfaces() {
    return deviceType.equals("netdevice");
  }
}
