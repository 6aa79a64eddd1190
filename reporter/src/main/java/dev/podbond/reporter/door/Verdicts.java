package dev.podbond.reporter.door;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.function.LongSupplier;

/// Who may read metrics, as the API server said a short while ago. It keeps no token, only what a
/// token's SHA-256 is.
///
/// Whoever reaches the port can present any number of tokens. So those that were allowed have a
/// memory and a turn of their own, which tokens that nobody knows do not take from them; and
/// unknown ones lead to so many reviews a second, whoever they come from. Thread-safe.
final class Verdicts {
  private final Reviewer reviewer;
  private final Limits limits;
  private final LongSupplier nanoTime;
  private final Map<String, Known> allowed;
  private final Map<String, Known> refused;
  private final Semaphore turnsOfAllowed;
  private final Semaphore turnsOfOthers;
  private long spent;

  /// Decides about a token.
  interface Reviewer {
    /// What is true of it now.
    Verdict of(String token) throws UndecidedException;
  }

  /// What is bounded.
  ///
  /// @param keptAllowed how long a verdict for somebody counts, and so how long a right that was
  ///   taken away is still one
  /// @param keptRefused how long one against him counts
  /// @param allowed how many of those are known
  /// @param refused how many of these
  /// @param atOnce how many reviews are under way for tokens that were allowed before, and how many
  ///   for others
  /// @param pause from one review of a token that was not allowed before to the next, on average;
  ///   ten may follow each other at once
  record Limits(
      Duration keptAllowed,
      Duration keptRefused,
      int allowed,
      int refused,
      int atOnce,
      Duration pause) {
    static final Limits USUAL =
        new Limits(
            Duration.ofMinutes(2), Duration.ofSeconds(10), 64, 256, 2, Duration.ofMillis(200));
  }

  private static final int BURST = 10;

  private record Known(Verdict verdict, long at) {}

  /// @param nanoTime the time, as [System#nanoTime]
  Verdicts(Reviewer reviewer, Limits limits, LongSupplier nanoTime) {
    this.reviewer = reviewer;
    this.limits = limits;
    this.nanoTime = nanoTime;
    this.allowed = bounded(limits.allowed());
    this.refused = bounded(limits.refused());
    this.turnsOfAllowed = new Semaphore(limits.atOnce());
    this.turnsOfOthers = new Semaphore(limits.atOnce());
    this.spent = nanoTime.getAsLong() - BURST * limits.pause().toNanos();
  }

  /// The one that nobody has asked for longest is forgotten.
  private static Map<String, Known> bounded(int most) {
    return new LinkedHashMap<>(16, 0.75f, true) {
      private static final long serialVersionUID = 1L;

      @Override
      protected boolean removeEldestEntry(Map.Entry<String, Known> eldest) {
        return size() > most;
      }
    };
  }

  /// Whether who has this token may read metrics.
  ///
  /// @throws UndecidedException if the API server does not say, or is asked too much already
  Verdict of(String token) throws UndecidedException {
    String key = hash(token);
    Optional<Verdict> fresh = fresh(key);
    if (fresh.isPresent()) {
      return fresh.get();
    }
    boolean before = wasAllowed(key);
    Semaphore turns = before ? turnsOfAllowed : turnsOfOthers;
    if (!turns.tryAcquire()) {
      throw tooMany();
    }
    try {
      if (!before) {
        spend();
      }
      return keep(key, reviewer.of(token));
    } finally {
      turns.release();
    }
  }

  private synchronized Optional<Verdict> fresh(String key) {
    return Optional.ofNullable(allowed.get(key))
        .filter(known -> isWithin(known, limits.keptAllowed()))
        .or(() ->
            Optional.ofNullable(refused.get(key))
                .filter(known -> isWithin(known, limits.keptRefused())))
        .map(Known::verdict);
  }

  private boolean isWithin(Known known, Duration kept) {
    return nanoTime.getAsLong() - known.at() < kept.toNanos();
  }

  private synchronized boolean wasAllowed(String key) {
    return allowed.containsKey(key);
  }

  private synchronized Verdict keep(String key, Verdict verdict) {
    allowed.remove(key);
    refused.remove(key);
    (verdict == Verdict.ALLOWED ? allowed : refused)
        .put(key, new Known(verdict, nanoTime.getAsLong()));
    return verdict;
  }

  /// Each review moves a mark that must not pass the present.
  private synchronized void spend() throws UndecidedException {
    long now = nanoTime.getAsLong();
    long least = now - BURST * limits.pause().toNanos();
    long next = Math.max(spent - least, 0) + least + limits.pause().toNanos();
    if (next - now > 0) {
      throw tooMany();
    }
    spent = next;
  }

  private static UndecidedException tooMany() {
    return new UndecidedException(
        "too many are asking who are not known yet: ask again in a second", "");
  }

  /// By what it knows tokens.
  synchronized Set<String> keys() {
    Set<String> keys = new HashSet<>(allowed.keySet());
    keys.addAll(refused.keySet());
    return keys;
  }

  private static String hash(String token) {
    try {
      return HexFormat.of()
          .formatHex(
              MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
