package dev.podbond.value;

import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/// Whether a VF's carrier follows its PF's (`IFLA_VF_LINK_STATE_*`).
public enum VfLinkState {
  /// It follows.
  AUTO(0),
  /// The VF always has a carrier: a dead cable stays unseen.
  ENABLE(1),
  /// The VF never has one.
  DISABLE(2);

  private final int number;

  VfLinkState(int number) {
    this.number = number;
  }

  /// The kernel's number.
  public int number() {
    return number;
  }

  /// The state with a kernel number; empty for an unknown number.
  public static Optional<VfLinkState> of(long number) {
    for (VfLinkState state : values()) {
      if (state.number == number) {
        return Optional.of(state);
      }
    }
    return Optional.empty();
  }

  /// The state that a text names, such as `auto`, in any case of letters; empty for any other text.
  public static Optional<VfLinkState> parse(String text) {
    return Stream.of(values()).filter(state -> state.toString().equalsIgnoreCase(text)).findFirst();
  }

  /// As iproute2 writes it: `auto`.
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
