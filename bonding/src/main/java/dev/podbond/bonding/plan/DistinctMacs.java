package dev.podbond.bonding.plan;

import dev.podbond.bonding.config.BondConfig;
import dev.podbond.bonding.option.BondMode;
import dev.podbond.value.MacAddress;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// New MACs for members whose MAC equals an earlier member's, in modes that do not allow it:
/// balance-tlb and balance-alb tell members apart by MAC (`alb_handle_addr_collision_on_attach`).
final class DistinctMacs {
  private static final long LOCALLY_ADMINISTERED = 0x02L << 40;
  private static final long GROUP = 0x01L << 40;
  private static final long LOWER_BITS = (1L << 40) - 1;

  private DistinctMacs() {}

  /// The new MAC of each member that cannot keep its own.
  static Map<Member, MacAddress> choose(BondConfig config, List<Member> members) {
    if (bears(config.mode())) {
      return Map.of();
    }
    Set<MacAddress> taken = new HashSet<>();
    members.forEach(member -> member.arrivingMac().ifPresent(taken::add));
    config.mac().ifPresent(taken::add);
    Set<MacAddress> seen = new HashSet<>();
    Map<Member, MacAddress> chosen = new HashMap<>();
    for (Member member : members) {
      member
          .arrivingMac()
          .filter(mac -> !seen.add(mac))
          .ifPresent(mac -> {
            MacAddress fresh = near(mac, member, taken);
            taken.add(fresh);
            chosen.put(member, fresh);
          });
    }
    return chosen;
  }

  /// The new MAC of a member that joins a bond whose members have these MACs; empty if the member
  /// can keep its own.
  static Optional<MacAddress> choose(BondConfig config, Member member, Set<MacAddress> taken) {
    return member
        .arrivingMac()
        .filter(mac -> !bears(config.mode()) && taken.contains(mac))
        .map(mac -> near(mac, member, taken));
  }

  /// Whether a mode allows members with equal MACs.
  private static boolean bears(BondMode mode) {
    return mode != BondMode.BALANCE_TLB && mode != BondMode.BALANCE_ALB;
  }

  /// A free unicast, locally administered address. It is the same for the same facts. It is not the
  /// successor of the old MAC, which another pod with the same problem would choose too.
  private static MacAddress near(MacAddress mac, Member member, Set<MacAddress> taken) {
    long seed = mac.bits() * 31 + member.podName().hashCode() * 0x9E3779B97F4A7C15L;
    long bits = seed ^ (long) member.link().index() * 0xC2B2AE3D27D4EB4FL;
    for (long n = 0; ; n++) {
      long mixed = (bits + n) * 0xFF51AFD7ED558CCDL;
      long octets = ((mixed >>> 20) & LOWER_BITS) | (mac.bits() & ~LOWER_BITS);
      MacAddress candidate = new MacAddress((octets | LOCALLY_ADMINISTERED) & ~GROUP);
      if (!taken.contains(candidate)) {
        return candidate;
      }
    }
  }
}
