package dev.podbond.bonding.lldp;

import dev.podbond.value.PciAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/// The devices at the other ends of the cables of a node's PFs, as LLDP says.
///
/// @param pfs who speaks on each PF
public record Neighbours(Map<PciAddress, Speakers> pfs) {
  /// Where nobody listens.
  public static final Neighbours NONE = new Neighbours(Map.of());

  private static final Heard NOTHING = new Heard(List.of(), false);

  /// Copies the map.
  public Neighbours {
    pfs = Map.copyOf(pfs);
  }

  /// After one more look.
  ///
  /// @param present the PFs that count; any other is forgotten
  /// @param unplugged those that have no carrier
  /// @param heard what was heard since the last look
  /// @param now by a clock that never goes back
  public Neighbours next(
      Set<PciAddress> present,
      Set<PciAddress> unplugged,
      Map<PciAddress, Heard> heard,
      Duration now) {
    Map<PciAddress, Speakers> next = new TreeMap<>();
    present.forEach(pf ->
        next.put(
            pf,
            pfs.getOrDefault(pf, Speakers.NONE)
                .next(heard.getOrDefault(pf, NOTHING), unplugged.contains(pf), now)));
    return new Neighbours(next);
  }

  /// Who is at the other end of a PF's cable; empty if nobody says.
  public Optional<Neighbour> of(PciAddress pf) {
    return Optional.ofNullable(pfs.get(pf)).flatMap(Speakers::neighbour);
  }

  /// Each neighbour that there is, and each PF of which it cannot be told.
  public Map<PciAddress, Neighbour> told() {
    Map<PciAddress, Neighbour> told = new TreeMap<>();
    pfs.forEach(
        (pf, speakers) -> speakers.neighbour().ifPresent(neighbour -> told.put(pf, neighbour)));
    return told;
  }

  /// By what the device at the other end of a PF's cable can be compared with others. Who falls
  /// silent or takes its leave is still at the other end of the cable, as far as anybody knows;
  /// where it is in doubt who is there, or nobody listens, nothing is known.
  ///
  /// @param before what was known before
  public Optional<String> chassis(PciAddress pf, Optional<String> before) {
    return Optional.ofNullable(pfs.get(pf))
        .flatMap(speakers -> speakers.neighbour().map(Neighbours::chassis).orElse(before));
  }

  private static Optional<String> chassis(Neighbour neighbour) {
    return switch (neighbour) {
      case Neighbour.Device device -> Optional.of(device.chassis().identity());
      case Neighbour.Unclear _ -> Optional.empty();
    };
  }
}
