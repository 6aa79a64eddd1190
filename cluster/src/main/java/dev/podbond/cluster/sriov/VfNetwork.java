package dev.podbond.cluster.sriov;

import dev.podbond.bonding.preflight.VfView;
import dev.podbond.json.JsonObject;
import dev.podbond.json.JsonReader;
import dev.podbond.json.LenientObject;
import dev.podbond.value.VfLinkState;
import dev.podbond.value.VfVlan;
import dev.podbond.value.VlanProtocol;
import java.util.Optional;

/// A SriovNetwork as its pods see it: one VF from one resource.
///
/// @param object the SriovNetwork itself, as "openshift-sriov-network-operator/sriovnet1"
/// @param namespace the namespace of the network attachment rendered from it
/// @param name the name of both
/// @param resource without a prefix
/// @param trusted whether the VF may change its MAC
/// @param spoofChecked whether frames with a foreign MAC are dropped
/// @param linkState empty if the network leaves it alone
/// @param addressed whether the VF gets addresses of its own
public record VfNetwork(
    String object,
    String namespace,
    String name,
    String resource,
    VfVlan inVlan,
    boolean trusted,
    boolean spoofChecked,
    Optional<VfLinkState> linkState,
    boolean addressed)
    implements VfView {
  private static final int MAX_VLAN = 4095;
  private static final int MAX_QOS = 7;

  public VfNetwork {
    ObjectNames.require(namespace, name, resource);
  }

  /// The network of a SriovNetwork object. A VF has no trust and a spoof check unless it says
  /// otherwise: so the operator and the drivers leave them.
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
        vlan(spec),
        LenientObject.text(spec, "trust").filter("on"::equals).isPresent(),
        LenientObject.text(spec, "spoofChk").filter("off"::equals).isEmpty(),
        LenientObject.text(spec, "linkState").flatMap(VfLinkState::parse),
        LenientObject.text(spec, "ipam").filter(ipam -> ipam.contains("\"type\"")).isPresent());
  }

  private static VfVlan vlan(JsonObject spec) {
    JsonReader<RuntimeException> in = JsonReader.lenient(spec);
    return new VfVlan(
        in.integer("vlan", 0, MAX_VLAN).orElse(0),
        in.integer("vlanQoS", 0, MAX_QOS).orElse(0),
        in.string("vlanProto").flatMap(VlanProtocol::parse).orElse(VlanProtocol.DOT1Q));
  }

  /// The network attachment, as "demo/sriovnet1".
  public String attachment() {
    return namespace + "/" + name;
  }

  @Override
  public Optional<Boolean> trust() {
    return Optional.of(trusted);
  }

  @Override
  public Optional<Boolean> spoofCheck() {
    return Optional.of(spoofChecked);
  }

  @Override
  public Optional<VfVlan> vlan() {
    return Optional.of(inVlan);
  }
}
