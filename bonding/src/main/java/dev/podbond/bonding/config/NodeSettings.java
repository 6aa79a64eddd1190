package dev.podbond.bonding.config;

import dev.podbond.json.JsonObject;

/// The limits that the owner of a node sets for the authors of network configurations. They belong
/// to the node (`/etc/podbond/node.json`), since the author of a configuration could lift a limit
/// in it.
///
/// @param hostLinksAllowed whether `linksInContainer: false` may take links from the host: this
///   lets any author of a configuration take any interface from the node
/// @param strict whether warnings become errors for every attachment
/// @param multusDirectory where Multus keeps the networks of pods on this node: its `cniDir`
/// @param rebind when to rebind a VF that comes back from a pod
/// @param builtInIpam whether host-local and static may be carried out without their processes
public record NodeSettings(
    boolean hostLinksAllowed,
    boolean strict,
    String multusDirectory,
    RebindRule rebind,
    boolean builtInIpam) {
  /// The rules of bond-cni: host links may be taken, and warnings only warn. The directory is
  /// Multus' own default.
  public static final NodeSettings DEFAULT =
      new NodeSettings(true, false, "/var/lib/cni/multus", RebindRule.ON_SIGN, true);

  /// The rules with Multus' default directory.
  public NodeSettings(boolean hostLinksAllowed, boolean strict) {
    this(hostLinksAllowed, strict, DEFAULT.multusDirectory);
  }

  /// The rules with the defaults for rebinding VFs and for IPAM.
  public NodeSettings(boolean hostLinksAllowed, boolean strict, String multusDirectory) {
    this(hostLinksAllowed, strict, multusDirectory, DEFAULT.rebind, DEFAULT.builtInIpam);
  }

  /// The intersection: neither can lift a limit of the other. For Multus' directory, the value that
  /// differs from the default counts.
  public NodeSettings and(NodeSettings other) {
    return new NodeSettings(
        hostLinksAllowed && other.hostLinksAllowed,
        strict || other.strict,
        multusDirectory.equals(DEFAULT.multusDirectory) ? other.multusDirectory : multusDirectory,
        rebind == RebindRule.ALWAYS ? rebind : other.rebind,
        builtInIpam && other.builtInIpam);
  }

  /// Reads `allowHostLinks`, `strict`, `multusDirectory`, `rebindVfs` and `builtInIpam`.
  public static NodeSettings parse(JsonObject settings) throws InvalidConfigException {
    Fields fields = Fields.of(settings);
    String rebind =
        fields.filledString("rebindVfs", "\"onSign\" or \"always\"").orElse(DEFAULT.rebind.key());
    NodeSettings parsed =
        new NodeSettings(
            fields.flag("allowHostLinks", DEFAULT.hostLinksAllowed),
            fields.flag("strict", DEFAULT.strict),
            fields
                .filledString("multusDirectory", "an absolute path, Multus' cniDir")
                .orElse(DEFAULT.multusDirectory),
            RebindRule.of(rebind).orElse(DEFAULT.rebind),
            fields.flag("builtInIpam", DEFAULT.builtInIpam));
    if (RebindRule.of(rebind).isEmpty()) {
      fields.refuse(ConfigProblem.of("rebindVfs", rebind, "it must be \"onSign\" or \"always\""));
    }
    if (!parsed.multusDirectory.startsWith("/") || parsed.multusDirectory.contains("\0")) {
      fields.refuse(
          ConfigProblem.of(
              "multusDirectory",
              parsed.multusDirectory,
              "it must be an absolute path, Multus' cniDir"));
    }
    fields.throwIfRefused();
    return parsed;
  }
}
