package dev.podbond.bonding.attachment;

import dev.podbond.json.JsonObject;
import dev.podbond.json.LenientObject;
import java.util.Optional;
import java.util.regex.Pattern;

/// The BondNetwork that a network configuration was rendered from, as `namespace/name`. Without it
/// nobody on a node could tell it from another network of the same name: a configuration has a
/// name, and its namespace stays with the network attachment.
public final class RenderedFrom {
  /// The field of the configuration. Plugins ignore it.
  public static final String FIELD = "bondNetwork";

  private static final Pattern PATH =
      Pattern.compile("[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?/[a-z0-9]([-.a-z0-9]{0,251}[a-z0-9])?");

  private RenderedFrom() {}

  /// The BondNetwork; empty if the configuration names none, or what can be none.
  public static Optional<String> in(JsonObject config) {
    return LenientObject.text(config, FIELD).filter(path -> PATH.matcher(path).matches());
  }
}
