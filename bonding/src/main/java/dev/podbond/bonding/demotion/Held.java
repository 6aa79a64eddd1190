package dev.podbond.bonding.demotion;

import java.util.OptionalInt;

/// How a member is kept from carrying its bond's traffic, with what it was before.
public sealed interface Held {
  /// In active-backup it is the last that the kernel chooses.
  ///
  /// @param before its priority; empty on a kernel without priorities, before Linux 6.0
  /// @param lowered the priority that was set instead; empty if none was
  /// @param wasPrimary whether it was the bond's primary, so that the bond has none now
  record Lowered(OptionalInt before, OptionalInt lowered, boolean wasPrimary) implements Held {}

  /// In balance-rr, balance-xor, broadcast, balance-tlb and balance-alb, where all members carry
  /// traffic, it is out of its bond.
  ///
  /// @param queueId its queue in the bond
  /// @param priority its priority there, if that is not the kernel's default
  record Outside(OptionalInt queueId, OptionalInt priority) implements Held {}
}
