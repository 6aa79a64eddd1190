package dev.podbond.operator;

import dev.podbond.cluster.assess.ClusterNames;
import dev.podbond.cluster.bond.BondRules;
import dev.podbond.cluster.bond.ChainRule;
import dev.podbond.cluster.bond.IpamRule;
import dev.podbond.cluster.claim.ClaimRules;
import dev.podbond.cluster.claim.SriovDriver;
import dev.podbond.cluster.object.OperatorNamespaces;
import dev.podbond.cluster.render.NetworkRendering;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// The settings of this operator, from the environment variables of its manifest.
///
/// @param namespace where it runs, with its lease and its certificates
/// @param identity this replica's name
/// @param webhookPort 1 to 65535
/// @param healthPort 1 to 65535
/// @param webhookNames the names by which the API server calls the webhooks
/// @param webhookConfigurations the name of both webhook configurations
/// @param secret holds the webhooks' certificates if this operator issues them
/// @param globalNamespaces the namespaces whose BondNetworks all pods may request, as with Multus
/// @param clientAuthority a file with the authorities that vouch for the API server; empty if any
///   client may use the webhooks
/// @param certificates a directory with tls.crt and tls.key that another program renews
/// @param names of device resources and of the plugin
/// @param rules what a BondNetwork may do
/// @param rendersNetworks whether to render networks in place of the SR-IOV Network Operator
/// @param publishesPolicies whether to tell nodes which VFs to make, in place of that operator
/// @param operatorNamespaces the namespaces whose SriovNetworks may be rendered into other
///   namespaces
/// @param readsNodeStates whether to say how pods' bonds are, as the nodes' BondNodeStates have it
/// @param followsMonitors whether to tell nodes what UplinkMonitors set for them
/// @param claims how VFs are claimed; empty if BondNetworks may not have that
record OperatorSettings(
    String namespace,
    String identity,
    int webhookPort,
    int healthPort,
    List<String> webhookNames,
    String webhookConfigurations,
    String secret,
    Set<String> globalNamespaces,
    Optional<Path> clientAuthority,
    Optional<Path> certificates,
    ClusterNames names,
    BondRules rules,
    boolean rendersNetworks,
    boolean publishesPolicies,
    OperatorNamespaces operatorNamespaces,
    boolean readsNodeStates,
    boolean followsMonitors,
    Optional<Claims> claims) {
  OperatorSettings {
    webhookNames = List.copyOf(webhookNames);
    globalNamespaces = Set.copyOf(globalNamespaces);
  }

  static OperatorSettings of(Map<String, String> environment) {
    String namespace = environment.getOrDefault("PODBOND_NAMESPACE", "podbond");
    String service = "podbond-webhook." + namespace + ".svc";
    return new OperatorSettings(
        namespace,
        environment.getOrDefault("PODBOND_IDENTITY", "podbond"),
        port(environment, "PODBOND_WEBHOOK_PORT", "9443"),
        port(environment, "PODBOND_HEALTH_PORT", "8081"),
        List.of(environment.getOrDefault("PODBOND_WEBHOOK_NAMES", service).split(",", -1)),
        environment.getOrDefault("PODBOND_WEBHOOK_CONFIGURATIONS", "podbond"),
        environment.getOrDefault("PODBOND_SECRET", "podbond-webhook"),
        words(environment.getOrDefault("PODBOND_GLOBAL_NAMESPACES", "")),
        Optional.ofNullable(environment.get("PODBOND_CLIENT_AUTHORITY")).map(Path::of),
        Optional.ofNullable(environment.get("PODBOND_CERTIFICATES")).map(Path::of),
        new ClusterNames(
            environment.getOrDefault(
                "PODBOND_RESOURCE_PREFIX", NetworkRendering.OKD_RESOURCE_PREFIX),
            environment.getOrDefault("PODBOND_PLUGIN", "podbond")),
        rules(environment),
        Boolean.parseBoolean(environment.getOrDefault("PODBOND_RENDER_NETWORKS", "false")),
        Boolean.parseBoolean(environment.getOrDefault("PODBOND_PUBLISH_POLICIES", "false")),
        Optional.ofNullable(environment.get("PODBOND_OPERATOR_NAMESPACES"))
            .map(OperatorNamespaces::parse)
            .orElse(OperatorNamespaces.DEFAULT),
        Boolean.parseBoolean(environment.getOrDefault("PODBOND_NODE_STATES", "false")),
        Boolean.parseBoolean(environment.getOrDefault("PODBOND_UPLINK_MONITORS", "false")),
        Boolean.parseBoolean(environment.getOrDefault("PODBOND_DRA", "false"))
            ? Optional.of(claims(environment))
            : Optional.empty());
  }

  /// How VFs are claimed.
  ///
  /// @param deviceClass the DeviceClass of the VFs
  /// @param comparison what is said of the scheduler
  record Claims(String deviceClass, ClaimRules.Comparison comparison) {}

  /// Whether it does any part of the SR-IOV Network Operator's work.
  boolean standsAlone() {
    return rendersNetworks || publishesPolicies;
  }

  private static Set<String> words(String text) {
    return Arrays.stream(text.split(",", -1))
        .map(String::strip)
        .filter(word -> !word.isEmpty())
        .collect(Collectors.toSet());
  }

  private static BondRules rules(Map<String, String> environment) {
    return new BondRules(
        IpamRule.of(
            environment.getOrDefault(
                "PODBOND_IPAM_TYPES", String.join(",", IpamRule.DEFAULT.types())),
            Boolean.parseBoolean(environment.getOrDefault("PODBOND_IPAM_PATHS", "false"))),
        ChainRule.of(
            environment.getOrDefault(
                "PODBOND_CHAIN_TYPES", String.join(",", ChainRule.DEFAULT.types()))));
  }

  private static Claims claims(Map<String, String> environment) {
    String comparison = environment.getOrDefault("PODBOND_DRA_DISTINCT", "auto");
    return new Claims(
        environment.getOrDefault("PODBOND_DRA_DEVICE_CLASS", SriovDriver.NAME),
        switch (comparison) {
          case "auto" -> ClaimRules.Comparison.AUTO;
          case "true" -> ClaimRules.Comparison.TRUE;
          case "false" -> ClaimRules.Comparison.FALSE;
          default ->
              throw new IllegalArgumentException(
                  "PODBOND_DRA_DISTINCT is \"" + comparison + "\": it must be auto, true or false");
        });
  }

  private static int port(Map<String, String> environment, String key, String otherwise) {
    String text = environment.getOrDefault(key, otherwise);
    if (!text.matches("[0-9]{1,5}") || Integer.parseInt(text) > 65535) {
      throw new IllegalArgumentException(key + " is \"" + text + "\": it must be a port");
    }
    return Integer.parseInt(text);
  }
}
