package dev.podbond.cluster.assess;

import dev.podbond.bonding.option.BondMode;
import dev.podbond.cluster.bond.BondNetwork;
import dev.podbond.cluster.bond.BondRules;
import dev.podbond.cluster.claim.ClusterClaims;
import dev.podbond.cluster.source.LocatedException;
import dev.podbond.cluster.sriov.SriovNodeState;
import dev.podbond.cluster.sriov.VfNetwork;
import dev.podbond.cluster.sriov.VfPolicy;
import dev.podbond.cluster.yaml.YamlReader;
import dev.podbond.json.JsonObject;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// A bond `demo/storage` of two members, `a` and `b`, from the resources `r0` and `r1`, with which
/// nothing is wrong: a node `n1` has eight VFs of each, on a PF of its own. A test changes one
/// thing and sees what is said. What it adds is the inside of a YAML mapping, as `mtu: 9000, trust:
/// "on"`.
///
/// @param bond the BondNetwork's specification
/// @param networks the specifications of the SriovNetworks, by name
/// @param policies the specifications of the policies, by name
/// @param nodes SriovNetworkNodeStates
/// @param rendered the network attachments that exist, by path
/// @param claims what is known of dynamic resource allocation
/// @param companions other BondNetworks
record Scene(
    JsonObject bond,
    Map<String, JsonObject> networks,
    Map<String, JsonObject> policies,
    List<JsonObject> nodes,
    Map<String, JsonObject> rendered,
    DeviceUsage usage,
    ClusterClaims claims,
    List<Companion> companions) {

  static Scene sound() {
    return new Scene(
            yaml("{members: [{sriovNetwork: a}, {sriovNetwork: b}], mode: active-backup}"),
            Map.of("a", network("r0"), "b", network("r1")),
            Map.of("p0", policy("r0"), "p1", policy("r1")),
            List.of(),
            Map.of("demo/a", JsonObject.of(), "demo/b", JsonObject.of()),
            DeviceUsage.none(),
            new ClusterClaims.Disabled(),
            List.of())
        .withNode("n1", "pf0", "pf1");
  }

  private static JsonObject network(String resource) {
    return yaml("{networkNamespace: demo, resourceName: %s}".formatted(resource));
  }

  private static JsonObject policy(String resource) {
    return yaml("{resourceName: %s}".formatted(resource));
  }

  /// The bond says this as well, or instead.
  Scene withBond(String members) {
    return new Scene(
        over(bond, members), networks, policies, nodes, rendered, usage, claims, companions);
  }

  /// The network says this as well, or instead.
  Scene withNetwork(String name, String members) {
    return new Scene(
        bond,
        with(networks, name, over(networks.get(name), members)),
        policies,
        nodes,
        rendered,
        usage,
        claims,
        companions);
  }

  /// Both networks say this as well, or instead.
  Scene withNetworks(String members) {
    return withNetwork("a", members).withNetwork("b", members);
  }

  /// The policy says this as well, or instead.
  Scene withPolicy(String name, String members) {
    return new Scene(
        bond,
        networks,
        with(policies, name, over(policies.get(name), members)),
        nodes,
        rendered,
        usage,
        claims,
        companions);
  }

  /// One more node, whose VFs of the two resources are on these PFs.
  Scene withNode(String name, String pf0, String pf1) {
    return withNodeState(
        """
        metadata: {name: %s}
        spec:
          interfaces:
          - {name: %s, numVfs: 8, vfGroups: [{resourceName: r0, vfRange: 0-7}]}
          - {name: %s, numVfs: 8, vfGroups: [{resourceName: r1, vfRange: 0-7}]}
        """
            .formatted(name, pf0, pf1));
  }

  /// One more node.
  Scene withNodeState(String manifest) {
    List<JsonObject> more = new ArrayList<>(nodes);
    more.add(yaml(manifest));
    return new Scene(bond, networks, policies, more, rendered, usage, claims, companions);
  }

  Scene withoutNodes() {
    return new Scene(bond, networks, policies, List.of(), rendered, usage, claims, companions);
  }

  /// A network attachment of this path is there.
  Scene withRendered(String path, String manifest) {
    return new Scene(
        bond,
        networks,
        policies,
        nodes,
        with(rendered, path, yaml(manifest)),
        usage,
        claims,
        companions);
  }

  Scene withoutRendered(String path) {
    Map<String, JsonObject> less = new HashMap<>(rendered);
    less.remove(path);
    return new Scene(bond, networks, policies, nodes, less, usage, claims, companions);
  }

  Scene withUsage(DeviceUsage used) {
    return new Scene(bond, networks, policies, nodes, rendered, used, claims, companions);
  }

  /// The cluster can do this with claims.
  Scene withClaims(ClusterClaims known) {
    return new Scene(bond, networks, policies, nodes, rendered, usage, known, companions);
  }

  /// Another bond is there, whose VFs are of this resource.
  Scene withCompanion(String namespace, String name, BondMode mode, String resource) {
    List<Companion> more = new ArrayList<>(companions);
    more.add(new Companion(namespace, name, mode, Set.of(resource)));
    return new Scene(bond, networks, policies, nodes, rendered, usage, claims, more);
  }

  Assessment assess() {
    Map<String, VfNetwork> found = new HashMap<>();
    networks.forEach((name, spec) -> {
      VfNetwork network = VfNetwork.of(manifest("{name: %s, namespace: sriov}", name, spec));
      found.put(network.attachment(), network);
    });
    return Assessment.of(
        BondNetwork.of(
            manifest("{name: %s, namespace: demo, uid: u, generation: 1}", "storage", bond)),
        new ClusterSnapshot(
            found,
            policies.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .map(policy ->
                    VfPolicy.of(manifest("{name: %s}", policy.getKey(), policy.getValue())))
                .toList(),
            nodes.stream().map(SriovNodeState::of).toList(),
            rendered,
            usage,
            new ClusterNames("openshift.io", "podbond"),
            BondRules.DEFAULT,
            claims,
            companions));
  }

  private static JsonObject manifest(String metadata, String name, JsonObject spec) {
    return JsonObject.of("metadata", yaml(metadata.formatted(name)), "spec", spec);
  }

  private static JsonObject over(JsonObject spec, String members) {
    return JsonObject.builder().putAll(spec).putAll(yaml("{" + members + "}")).build();
  }

  private static <V> Map<String, V> with(Map<String, V> map, String key, V value) {
    Map<String, V> changed = new HashMap<>(map);
    changed.put(key, value);
    return changed;
  }

  static JsonObject yaml(String text) {
    try {
      return (JsonObject) YamlReader.read("scene", text).getFirst().toJson();
    } catch (LocatedException e) {
      throw new IllegalArgumentException(text, e);
    }
  }
}
