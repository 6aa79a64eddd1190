package dev.podbond.operator.observe;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Which write is next. Of one object at most one write is under way, and a newer one takes the
/// place of the one that waits. An object whose write failed waits, for longer each time. Each
/// object has an owner, and no owner has all the turns, since its writes may last until they time
/// out. An owner of whose objects one failed has at most a quarter of the turns, and with others
/// like it at most half of them. Not thread-safe.
final class WriteQueue<W> {
  /// How long an object waits after its first failure.
  static final Duration FIRST_PAUSE = Duration.ofSeconds(1);

  /// How long an object waits at most.
  static final Duration LONGEST_PAUSE = Duration.ofMinutes(5);

  private static final int MOST_DOUBLINGS = 10;

  private final int atOnce;
  private final int most;
  private final Map<String, Place<W>> places = new HashMap<>();
  private final Map<String, WritesOfOwner> owners = new HashMap<>();
  private int underWay;
  private int waiting;

  /// @param atOnce how many are under way
  /// @param most how many wait that have not failed; beyond that the oldest are dropped
  WriteQueue(int atOnce, int most) {
    this.atOnce = atOnce;
    this.most = most;
  }

  /// A write whose turn it is.
  record Turn<W>(String key, W write) {}

  /// The next of an owner's.
  private record Candidate(WritesOfOwner owner, WritesOfOwner.Due due) {}

  /// An object of which a write waits, or is under way, or both.
  private static final class Place<W> {
    final String owner;
    @Nullable W next;
    boolean isUnderWay;
    boolean isForgotten;
    int failures;

    /// When it is its turn after a failure.
    Instant due = Instant.MIN;

    Place(String owner) {
      this.owner = owner;
    }
  }

  /// Adds a write.
  ///
  /// @param owner whose object it is, always the same for one object
  /// @param key the object; a write of the same key that waits is replaced
  /// @return whether another one was dropped
  boolean add(String owner, String key, W write, Instant now) {
    Place<W> place = places.computeIfAbsent(key, _ -> new Place<>(owner));
    place.next = write;
    place.isForgotten = false;
    if (!place.isUnderWay && place.failures == 0) {
      waiting += owner(place).add(key, now) ? 1 : 0;
    }
    if (waiting <= most) {
      return false;
    }
    dropOldest();
    return true;
  }

  private void dropOldest() {
    owners.values().stream()
        .flatMap(owner -> owner.first().map(due -> new Candidate(owner, due)).stream())
        .min(Comparator.comparing(candidate -> candidate.due().time()))
        .ifPresent(oldest -> {
          String key = oldest.due().key();
          waiting -= oldest.owner().remove(key) ? 1 : 0;
          Place<W> place = place(key);
          places.remove(key);
          leave(place);
        });
  }

  private WritesOfOwner owner(Place<W> place) {
    return owners.computeIfAbsent(place.owner, _ -> new WritesOfOwner());
  }

  private void leave(Place<W> place) {
    if (owner(place).isEmpty()) {
      owners.remove(place.owner);
    }
  }

  /// The write whose turn it is; it is under way until it is [#made] or has [#failed].
  Optional<Turn<W>> next(Instant now) {
    // Of those that fail, who has no turn is before who has one: none of them holds up the others.
    return candidates()
        .filter(candidate -> !candidate.due().time().isAfter(now))
        .min(
            Comparator.<Candidate>comparingInt(
                    candidate -> candidate.owner().failing() > 0 ? candidate.owner().underWay() : 0)
                .thenComparing(candidate -> candidate.due().time()))
        .map(this::begin);
  }

  private Turn<W> begin(Candidate candidate) {
    String key = candidate.due().key();
    Place<W> place = place(key);
    if (place.next == null) {
      throw new IllegalStateException(key + " waits without a write");
    }
    W write = place.next;
    place.next = null;
    place.isUnderWay = true;
    underWay++;
    waiting -= candidate.due().isRetry() ? 0 : 1;
    candidate.owner().begin(candidate.due());
    return new Turn<>(key, write);
  }

  /// The first of each owner that may have another turn; it may not be due yet.
  private Stream<Candidate> candidates() {
    if (underWay == atOnce) {
      return Stream.empty();
    }
    int ofFailing =
        owners.values().stream()
            .filter(owner -> owner.failing() > 0)
            .mapToInt(WritesOfOwner::underWay)
            .sum();
    boolean mayFailing = ofFailing < Math.max(1, atOnce / 2);
    return owners.values().stream()
        .filter(owner ->
            owner.failing() > 0
                ? mayFailing && owner.underWay() < quarter()
                : owner.underWay() < Math.max(1, atOnce - quarter()))
        .flatMap(
            // One of the turns, if there are more, is not for what failed itself.
            owner ->
                owner
                    .next(Math.max(1, quarter() / 2))
                    .map(due -> new Candidate(owner, due))
                    .stream());
  }

  private int quarter() {
    return Math.max(1, atOnce / 4);
  }

  /// How long nothing has its turn unless something happens; empty if without end.
  Optional<Duration> pause(Instant now) {
    return candidates()
        .map(candidate -> candidate.due().time())
        .min(Comparator.naturalOrder())
        .map(first -> first.isAfter(now) ? Duration.between(now, first) : Duration.ZERO);
  }

  /// A write was made, or there was no need for it any more.
  void made(String key, Instant now) {
    Place<W> place = end(key);
    endFailures(place);
    if (place.next == null) {
      places.remove(key);
      leave(place);
    } else {
      waiting += owner(place).add(key, now) ? 1 : 0;
    }
  }

  private void endFailures(Place<W> place) {
    if (place.failures > 0) {
      owner(place).failing(-1);
      place.failures = 0;
    }
  }

  /// A write failed. It is made again later, unless a newer one waits or nobody wants it any more.
  ///
  /// @return whether it is the object's first failure in a row
  boolean failed(Turn<W> turn, Instant now) {
    String key = turn.key();
    Place<W> place = end(key);
    if (place.isForgotten) {
      endFailures(place);
      places.remove(key);
      leave(place);
      return false;
    }
    if (place.next == null) {
      place.next = turn.write();
    }
    place.failures++;
    place.due = now.plus(pauseAfter(place.failures));
    owner(place).retry(key, place.due);
    if (place.failures == 1) {
      owner(place).failing(1);
    }
    return place.failures == 1;
  }

  private static Duration pauseAfter(int failures) {
    Duration pause = FIRST_PAUSE.multipliedBy(1L << Math.min(failures - 1, MOST_DOUBLINGS));
    return pause.compareTo(LONGEST_PAUSE) < 0 ? pause : LONGEST_PAUSE;
  }

  private Place<W> end(String key) {
    Place<W> place = place(key);
    if (!place.isUnderWay) {
      throw new IllegalStateException(key + " is not under way");
    }
    underWay--;
    owner(place).end(place.failures > 0);
    place.isUnderWay = false;
    return place;
  }

  private Place<W> place(String key) {
    Place<W> place = places.get(key);
    if (place == null) {
      throw new IllegalStateException("nothing is known of " + key);
    }
    return place;
  }

  /// Drops the write of this object that waits. One that is under way is not made again.
  void forget(String key) {
    Place<W> place = places.get(key);
    if (place == null) {
      return;
    }
    place.next = null;
    place.isForgotten = true;
    if (!place.isUnderWay) {
      waiting -= owner(place).remove(key) ? 1 : 0;
      owner(place).removeRetry(key, place.due);
      endFailures(place);
      places.remove(key);
      leave(place);
    }
  }

  /// How many objects have a write that waits or is under way.
  int size() {
    return places.size();
  }

  /// How many objects have a write that failed and was not made since.
  int failing() {
    return owners.values().stream().mapToInt(WritesOfOwner::failing).sum();
  }
}
