package dev.podbond.agent.uplink;

import dev.podbond.bonding.uplink.NodeUplinks;
import dev.podbond.bonding.uplink.PfUplink;
import dev.podbond.bonding.uplink.Reading;
import dev.podbond.value.PciAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Two PFs with verdicts.
final class SomeUplinks {
  static final PciAddress ONE = new PciAddress(0, 1, 0, 0);
  static final PciAddress TWO = new PciAddress(0, 2, 0, 0);

  private SomeUplinks() {}

  /// @param bad the others are good
  static NodeUplinks of(boolean storm, PciAddress... bad) {
    Map<PciAddress, PfUplink> pfs = new HashMap<>();
    for (PciAddress pf : new PciAddress[] {ONE, TWO}) {
      boolean isBad = List.of(bad).contains(pf);
      pfs.put(
          pf,
          new PfUplink(
              Map.of(),
              isBad ? new Reading.Bad("no partner") : Reading.good(),
              Duration.ZERO,
              Duration.ofSeconds(30),
              Optional.empty()));
    }
    return new NodeUplinks(
        pfs,
        storm
            ? Optional.of(new NodeUplinks.CurrentStorm("a storm", Duration.ZERO, Duration.ZERO))
            : Optional.empty());
  }
}
