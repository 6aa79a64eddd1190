package dev.podbond.bonding.uplink;

import java.util.OptionalInt;

/// One of the signals about one PF.
///
/// @param vlan the VLAN in which a probe is sent; empty for frames without a tag, and for other
///   signals
public record SignalKey(Signal signal, OptionalInt vlan) implements Comparable<SignalKey> {
  /// A signal of the whole PF.
  public static SignalKey of(Signal signal) {
    return new SignalKey(signal, OptionalInt.empty());
  }

  @Override
  public int compareTo(SignalKey other) {
    int bySignal = signal.compareTo(other.signal);
    return bySignal != 0 ? bySignal : Integer.compare(vlan.orElse(0), other.vlan.orElse(0));
  }

  @Override
  public String toString() {
    return signal + (vlan.isPresent() ? " in VLAN " + vlan.getAsInt() : "");
  }
}
