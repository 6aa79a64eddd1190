package dev.podbond.operator.reconcile;

import dev.podbond.cluster.bond.BondNetwork;
import dev.podbond.cluster.claim.ClaimTemplate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/// Deletes the ResourceClaimTemplates that a changed BondNetwork no longer uses. A pod that was
/// admitted a moment ago may still wait for its claim, which Kubernetes makes from the template, so
/// each stays for a while. Whoever takes the lead lets that time begin anew.
final class StaleTemplates {
  /// More than Kubernetes' controller takes to make a claim after a restart.
  static final Duration GRACE = Duration.ofMinutes(10);

  private final InstantSource clock;
  private final Consumer<String> delete;

  /// Since when templates are not used, by the paths of BondNetworks and theirs.
  private final Map<String, Map<String, Instant>> since = new ConcurrentHashMap<>();

  /// @param clock says for how long one is not used: a steady one
  /// @param delete deletes the template of this path
  StaleTemplates(InstantSource clock, Consumer<String> delete) {
    this.clock = clock;
    this.delete = delete;
  }

  /// Deletes those whose time is over.
  ///
  /// @param templates the paths of all templates of the BondNetwork
  /// @param used the one that its pods get now
  /// @return how long until the time of the next one is over; empty if none is left
  Optional<Duration> sweep(BondNetwork bond, Set<String> templates, Optional<ClaimTemplate> used) {
    Instant now = clock.instant();
    Map<String, Instant> stale = new HashMap<>();
    Map<String, Instant> known = since.getOrDefault(bond.path(), Map.of());
    for (String path : templates) {
      if (used.filter(template -> template.path().equals(path)).isEmpty()) {
        Instant first = known.getOrDefault(path, now);
        if (now.isBefore(first.plus(GRACE))) {
          stale.put(path, first);
        } else {
          delete.accept(path);
        }
      }
    }
    if (stale.isEmpty()) {
      since.remove(bond.path());
    } else {
      since.put(bond.path(), Map.copyOf(stale));
    }
    // Those of BondNetworks that are gone, which nobody sweeps any more.
    Instant forgotten = now.minus(GRACE.multipliedBy(2));
    since.values().removeIf(all -> all.values().stream().allMatch(forgotten::isAfter));
    return stale.values().stream()
        .min(Comparator.naturalOrder())
        .map(first -> Duration.between(now, first.plus(GRACE)));
  }
}
