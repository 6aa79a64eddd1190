package dev.podbond.bonding.lldp;

import java.util.List;

/// What was heard on one PF by LLDP since somebody listened last.
///
/// @param said what was understood, the first one first
/// @param isMore whether there was more than this, so that some devices may not be among them
public record Heard(List<Lldpdu> said, boolean isMore) {
  /// Copies the list.
  public Heard {
    said = List.copyOf(said);
  }
}
