package dev.podbond.bonding.state;

import dev.podbond.bonding.option.BondOption;
import dev.podbond.bonding.option.BondOptions;
import dev.podbond.bonding.option.OptionValue;

/// How a bond finds out that the link of a member is dead.
public enum LinkMonitoring {
  /// It looks at the members' carriers.
  MIIMON("miimon"),
  /// It asks for answers on the network, by ARP or neighbour solicitations.
  ARP("arp"),
  /// Not at all: it goes on sending into a dead link.
  NONE("none");

  private final String word;

  LinkMonitoring(String word) {
    this.word = word;
  }

  static LinkMonitoring of(BondOptions options) {
    if (isOn(options, BondOption.ARP_INTERVAL)) {
      return ARP;
    }
    return isOn(options, BondOption.MIIMON) ? MIIMON : NONE;
  }

  private static boolean isOn(BondOptions options, BondOption interval) {
    return options
        .get(interval)
        .filter(value -> value instanceof OptionValue.Number(long millis) && millis > 0)
        .isPresent();
  }

  @Override
  public String toString() {
    return word;
  }
}
