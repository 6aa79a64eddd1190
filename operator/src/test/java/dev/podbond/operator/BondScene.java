package dev.podbond.operator;

import java.util.ArrayList;
import java.util.List;

/// A bond with all it depends on, as YAML: two SriovNetworks over a PF each, their policies, one
/// node with eight VFs of both, and the network attachments that the SR-IOV Network Operator
/// renders. All its names have its own ending, so that one cluster holds many.
///
/// @param id letters and digits; its namespace is `ns-ID`, its bond is `bond`
/// @param policies more of the spec of each policy
/// @param networks more of the spec of each SriovNetwork
/// @param bond the spec of the BondNetwork, but for its members
record BondScene(
    String id, List<String> policies, List<String> networks, String node, String bond) {
  private static final String OPERATOR_NAMESPACE = "openshift-sriov-network-operator";

  static BondScene of(String id) {
    return new BondScene(
        id,
        List.of("mtu: 9000", "mtu: 9000"),
        List.of("linkState: auto", "linkState: auto"),
        interfaces("pf0", "pf1", 8, id),
        "mode: active-backup");
  }

  BondScene withPolicies(String first, String second) {
    return new BondScene(id, List.of(first, second), networks, node, bond);
  }

  BondScene withNetworks(String first, String second) {
    return new BondScene(id, policies, List.of(first, second), node, bond);
  }

  BondScene withNode(String interfaces) {
    return new BondScene(id, policies, networks, interfaces, bond);
  }

  BondScene withBond(String spec) {
    return new BondScene(id, policies, networks, node, spec);
  }

  String namespace() {
    return "ns-" + id;
  }

  String namespaceYaml() {
    return """
    apiVersion: v1
    kind: Namespace
    metadata: {name: %s}
    """
        .formatted(namespace());
  }

  String policiesYaml() {
    List<String> documents = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      documents.add(
          """
          apiVersion: sriovnetwork.openshift.io/v1
          kind: SriovNetworkNodePolicy
          metadata: {name: p%d-%s, namespace: %s}
          spec:
            resourceName: r%d_%s
            nodeSelector: {}
            numVfs: 8
            nicSelector: {pfNames: [pf%d]}
            %s
          """
              .formatted(i, id, OPERATOR_NAMESPACE, i, id, i, indented(policies.get(i))));
    }
    return String.join("---\n", documents);
  }

  String networksYaml() {
    List<String> documents = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      String spec = indented(networks.get(i));
      if (!spec.contains("resourceName")) {
        spec += "\n  resourceName: r" + i + "_" + id;
      }
      if (!spec.contains("networkNamespace")) {
        spec += "\n  networkNamespace: " + namespace();
      }
      documents.add(
          """
          apiVersion: sriovnetwork.openshift.io/v1
          kind: SriovNetwork
          metadata: {name: n%d-%s, namespace: %s}
          spec:
            %s
          """
              .formatted(i, id, OPERATOR_NAMESPACE, spec));
    }
    return String.join("---\n", documents);
  }

  /// What the SR-IOV Network Operator makes of the networks.
  String attachmentsYaml() {
    List<String> documents = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      documents.add(
          """
          apiVersion: k8s.cni.cncf.io/v1
          kind: NetworkAttachmentDefinition
          metadata:
            name: n%d-%s
            namespace: %s
            annotations: {k8s.v1.cni.cncf.io/resourceName: openshift.io/r%d_%s}
          spec: {config: '{"cniVersion": "1.0.0", "name": "n%d-%s", "type": "sriov", "ipam": {}}'}
          """
              .formatted(i, id, namespace(), i, id, i, id));
    }
    return String.join("---\n", documents);
  }

  String nodeYaml() {
    return """
    apiVersion: sriovnetwork.openshift.io/v1
    kind: SriovNetworkNodeState
    metadata: {name: node-%s, namespace: %s}
    spec:
      interfaces:
    %s
    """
        .formatted(id, OPERATOR_NAMESPACE, node);
  }

  String bondYaml() {
    return """
    apiVersion: podbond.dev/v1alpha1
    kind: BondNetwork
    metadata: {name: bond, namespace: %s}
    spec:
      members: [{sriovNetwork: n0-%s}, {sriovNetwork: n1-%s}]
      %s
    """
        .formatted(namespace(), id, id, indented(bond));
  }

  /// Everything but the bond and its namespace.
  String surroundingsYaml() {
    return String.join("---\n", policiesYaml(), networksYaml(), attachmentsYaml(), nodeYaml());
  }

  /// A pod that runs on the scene's node.
  String podYaml(String name, String networks) {
    return """
    apiVersion: v1
    kind: Pod
    metadata:
      name: %s
      namespace: %s
      annotations: {k8s.v1.cni.cncf.io/networks: '%s'}
    spec:
      nodeName: node-%s
      containers: [{name: main, image: "registry.k8s.io/pause:3.10"}]
    """
        .formatted(name, namespace(), networks, id);
  }

  /// The interfaces of a node on which both resources have as many VFs.
  static String interfaces(String pf0, String pf1, int vfs, String id) {
    return nic(pf0, vfs, "r0_" + id) + "\n" + nic(pf1, vfs, "r1_" + id);
  }

  private static String nic(String pf, int vfs, String resource) {
    return ("    - {name: %s, pciAddress: \"0000:0%d:00.0\", numVfs: %d, vfGroups:"
            + " [{resourceName: %s, deviceType: netdevice, vfRange: \"0-%d\"}]}")
        .formatted(pf, resource.charAt(1) - '0' + 1, vfs, resource, vfs - 1);
  }

  private static String indented(String lines) {
    return lines.strip().replace("\n", "\n  ");
  }
}
