package dev.podbond.netlink.link;

/// The operational state by RFC 2863, `IF_OPER_*` of `linux/if.h`; the order is the numbers'.
public enum OperState {
  /// The driver does not say; common for interfaces that are up and working, such as loopback.
  UNKNOWN,
  NOT_PRESENT,
  DOWN,
  /// The interface below is down.
  LOWER_LAYER_DOWN,
  TESTING,
  /// Up, but something (such as 802.1X) is still to happen.
  DORMANT,
  UP;

  static OperState of(int number) {
    OperState[] states = values();
    return number < states.length ? states[number] : UNKNOWN;
  }
}
