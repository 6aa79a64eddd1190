package dev.podbond.bonding.config;

import dev.podbond.json.JsonObject;
import java.util.ArrayList;

/// What the owner of a node allows the authors of network configurations. It belongs to the node
/// (`/etc/podbond/node.json`), since whoever may write a configuration could also lift a limit in
/// it.
///
/// @param hostLinksAllowed whether `linksInContainer: false` may take links from the host: with it
///   any author of a configuration can take any interface from the node
/// @param strict whether warnings are errors for every attachment
public record NodeSettings(boolean hostLinksAllowed, boolean strict) {
  /// The rules of bond-cni: host links may be taken, warnings only warn.
  public static final NodeSettings DEFAULT = new NodeSettings(true, false);

  /// What both allow: neither can lift what the other forbids.
  public NodeSettings and(NodeSettings other) {
    return new NodeSettings(hostLinksAllowed && other.hostLinksAllowed, strict || other.strict);
  }

  /// Reads `allowHostLinks` and `strict`.
  public static NodeSettings parse(JsonObject settings) throws InvalidConfigException {
    Fields fields = new Fields(settings, "", new ArrayList<>());
    NodeSettings parsed =
        new NodeSettings(
            fields.flag("allowHostLinks", DEFAULT.hostLinksAllowed),
            fields.flag("strict", DEFAULT.strict));
    fields.throwIfRefused();
    return parsed;
  }
}
