package dev.podbond.bonding.uplink;

import dev.podbond.json.JsonObject;

/// What is known of a PF's uplink: by one signal at one moment, or as a verdict on all of them over
/// time. What is not known counts as usable, since nobody may lose a path for want of knowledge.
public sealed interface Reading {
  /// It carries traffic, as far as this tells.
  record Good() implements Reading {
    @Override
    public String toString() {
      return "good";
    }
  }

  /// It carries no traffic.
  ///
  /// @param why in words
  record Bad(String why) implements Reading {
    @Override
    public String toString() {
      return "bad: " + why;
    }
  }

  /// This tells nothing.
  ///
  /// @param why in words
  record Unknown(String why) implements Reading {
    @Override
    public String toString() {
      return "unknown: " + why;
    }
  }

  /// One that is good.
  static Reading good() {
    return new Good();
  }

  /// Whether it is known to carry no traffic.
  default boolean isBad() {
    return this instanceof Bad;
  }

  /// Whether it is known to carry traffic.
  default boolean isGood() {
    return this instanceof Good;
  }

  /// As an agent's answer has it: `state`, and `why` unless it is good.
  default JsonObject toJson() {
    return switch (this) {
      case Good() -> JsonObject.builder().put("state", "good").build();
      case Bad(String why) -> JsonObject.builder().put("state", "bad").put("why", why).build();
      case Unknown(String why) ->
          JsonObject.builder().put("state", "unknown").put("why", why).build();
    };
  }
}
