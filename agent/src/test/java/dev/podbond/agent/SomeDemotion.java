package dev.podbond.agent;

import dev.podbond.bonding.demotion.Demotion;
import dev.podbond.bonding.demotion.Held;
import dev.podbond.bonding.demotion.HeldMember;
import dev.podbond.value.AttachmentKey;
import dev.podbond.value.PciAddress;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/// What is written down of a bond one of whose members was taken out.
public final class SomeDemotion {
  private SomeDemotion() {}

  /// That of this attachment's bond.
  public static Demotion of(AttachmentKey key) {
    return new Demotion(
        key,
        List.of(
            new HeldMember(
                "net1",
                Optional.empty(),
                new PciAddress(0, 1, 0, 0),
                "no partner",
                Instant.EPOCH,
                new Held.Outside(OptionalInt.empty(), OptionalInt.empty()))));
  }
}
