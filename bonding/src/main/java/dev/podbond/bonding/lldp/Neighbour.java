package dev.podbond.bonding.lldp;

import dev.podbond.json.JsonObject;
import dev.podbond.json.JsonString;
import dev.podbond.json.LenientObject;
import java.util.Optional;

/// Who is at the other end of a PF's cable, as far as LLDP says. Nobody signs that: whoever can
/// send frames to the PF, as a pod with a VF of it, can say it is anybody, as long as nobody else
/// speaks.
public sealed interface Neighbour {
  /// A device speaks, and no other one.
  ///
  /// @param systemName what people call it
  record Device(StationId chassis, StationId port, Optional<String> systemName)
      implements Neighbour {
    static Device of(Lldpdu said) {
      return new Device(said.chassis(), said.port(), said.systemName());
    }

    @Override
    public String toString() {
      return text(chassis.toString(), port.toString(), systemName);
    }
  }

  /// Somebody speaks, and it cannot be told who is there.
  ///
  /// @param why in words
  record Unclear(String why) implements Neighbour {
    @Override
    public String toString() {
      return "unknown: " + why;
    }
  }

  /// As an agent's answer has it: `chassis`, `port` and perhaps `systemName`, or `unknown` with the
  /// reason.
  default JsonObject toJson() {
    return switch (this) {
      case Device(StationId chassis, StationId port, Optional<String> systemName) ->
          JsonObject.builder()
              .put("chassis", chassis.toString())
              .put("port", port.toString())
              .putIfPresent("systemName", systemName, JsonString::new)
              .build();
      case Unclear(String why) -> JsonObject.builder().put("unknown", why).build();
    };
  }

  /// The words for what an agent's answer has; empty if it names nobody and no reason.
  static Optional<String> text(JsonObject said) {
    Optional<String> chassis = LenientObject.text(said, "chassis");
    Optional<String> port = LenientObject.text(said, "port");
    return chassis.isPresent() && port.isPresent()
        ? Optional.of(text(chassis.get(), port.get(), LenientObject.text(said, "systemName")))
        : LenientObject.text(said, "unknown").map(why -> new Unclear(why).toString());
  }

  private static String text(String chassis, String port, Optional<String> systemName) {
    return systemName.map(name -> name + " (" + chassis + ")").orElse(chassis) + ", port " + port;
  }
}
