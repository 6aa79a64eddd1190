package dev.podbond.bonding.uplink;

import dev.podbond.value.PciAddress;
import java.util.Comparator;
import java.util.OptionalInt;

/// The way through which hosts are asked: a PF, and a VLAN behind it.
///
/// @param vlan empty for frames without a tag
public record ProbePath(PciAddress pf, OptionalInt vlan) implements Comparable<ProbePath> {
  private static final Comparator<ProbePath> ORDER =
      Comparator.comparing(ProbePath::pf).thenComparingInt(path -> path.vlan().orElse(0));

  /// What answers on this way say of the PF.
  public SignalKey key() {
    return new SignalKey(Signal.PROBE, vlan);
  }

  @Override
  public int compareTo(ProbePath other) {
    return ORDER.compare(this, other);
  }
}
