package dev.podbond.bonding.model;

import dev.podbond.value.MacAddress;

/// The kernel's random MACs; here they are only fresh.
final class RandomMacs {
  private long next = 0x0af0_0000_0000L;

  MacAddress next() {
    return new MacAddress(next++);
  }
}
