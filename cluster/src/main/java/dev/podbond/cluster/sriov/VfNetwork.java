package dev.podbond.cluster.sriov;

import dev.podbond.json.JsonObject;
import dev.podbond.json.LenientObject;
import java.util.Locale;
import java.util.Optional;

/// A SriovNetwork as its pods see it: one VF from one resource.
///
/// @param object the SriovNetwork itself, as "openshift-sriov-network-operator/sriovnet1"
/// @param namespace of the network attachment that is rendered from it
/// @param name of both
/// @param resource without a prefix
/// @param vlanId 0 for none
/// @param trusted whether the VF may change its MAC; empty if the network leaves it alone
/// @param spoofChecked whether frames with a foreign MAC are dropped; empty if left alone
/// @param linkState auto, enable or disable; empty if left alone
/// @param addressed whether the VF gets addresses of its own
public record VfNetwork(
    String object,
    String namespace,
    String name,
    String resource,
    int vlanId,
    int vlanQos,
    String vlanProto,
    Optional<Boolean> trusted,
    Optional<Boolean> spoofChecked,
    Optional<String> linkState,
    boolean addressed) {
  public VfNetwork {
    ObjectNames.require(namespace, name, resource, vlanProto, linkState.orElse(""));
  }

  /// The network of a SriovNetwork object.
  public static VfNetwork of(JsonObject manifest) {
    JsonObject metadata = LenientObject.object(manifest, "metadata");
    JsonObject spec = LenientObject.object(manifest, "spec");
    String namespace = LenientObject.text(metadata, "namespace").orElse("default");
    String name = LenientObject.text(metadata, "name").orElse("");
    return new VfNetwork(
        namespace + "/" + name,
        LenientObject.text(spec, "networkNamespace").orElse(namespace),
        name,
        LenientObject.text(spec, "resourceName").orElse(""),
        LenientObject.number(spec, "vlan").orElse(0),
        LenientObject.number(spec, "vlanQoS").orElse(0),
        LenientObject.text(spec, "vlanProto").orElse("802.1q").toLowerCase(Locale.ROOT),
        LenientObject.text(spec, "trust").map("on"::equals),
        LenientObject.text(spec, "spoofChk").map("on"::equals),
        LenientObject.text(spec, "linkState"),
        LenientObject.text(spec, "ipam").filter(ipam -> ipam.contains("\"type\"")).isPresent());
  }

  /// The network attachment, as "demo/sriovnet1".
  public String attachment() {
    return namespace + "/" + name;
  }
}
