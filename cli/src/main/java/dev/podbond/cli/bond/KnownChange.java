package dev.podbond.cli.bond;

import dev.podbond.json.JsonObject;
import dev.podbond.json.LenientObject;

/// One change of a bond that an agent saw.
///
/// @param at when, as the agent writes it
/// @param change what is different, in words
/// @param cause why; empty if the node cannot tell
public record KnownChange(String at, String change, String cause) {
  static KnownChange of(JsonObject said) {
    return new KnownChange(
        LenientObject.text(said, "at").orElse(""),
        LenientObject.text(said, "change").orElse(""),
        LenientObject.text(said, "cause").orElse(""));
  }
}
