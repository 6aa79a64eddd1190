package dev.podbond.ipam.hostlocal;

import dev.podbond.ipam.config.IpNumber;
import dev.podbond.ipam.config.Members;
import dev.podbond.ipam.config.UnfamiliarException;
import dev.podbond.json.JsonArray;
import dev.podbond.json.JsonValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/// Ranges of one family, out of which an attachment gets one address. They do not overlap.
record RangeSet(List<AddressRange> ranges) {
  RangeSet {
    ranges = List.copyOf(ranges);
  }

  /// An address, and the range that it is from.
  record Candidate(IpNumber address, AddressRange range) {
    boolean isGateway() {
      return address.equals(range.gateway());
    }
  }

  /// Reads a list of ranges. What host-local would refuse is unfamiliar.
  static RangeSet of(String where, JsonValue value) throws UnfamiliarException {
    if (!(value instanceof JsonArray array)) {
      throw new UnfamiliarException(where + " is not a list of ranges");
    }
    List<AddressRange> ranges = new ArrayList<>();
    for (JsonValue element : array.elements()) {
      ranges.add(AddressRange.of(where + "[]", element));
    }
    return of(where, ranges);
  }

  static RangeSet of(String where, List<AddressRange> ranges) throws UnfamiliarException {
    Members.requireFew(ranges.size(), where);
    if (ranges.isEmpty()) {
      throw new UnfamiliarException(where + " has no range");
    }
    for (int i = 0; i < ranges.size(); i++) {
      AddressRange range = ranges.get(i);
      if (range.isIpv4() != ranges.getFirst().isIpv4()
          || ranges.subList(0, i).stream().anyMatch(range::overlaps)) {
        throw new UnfamiliarException(where + " has ranges that do not go together");
      }
    }
    return new RangeSet(ranges);
  }

  boolean isIpv4() {
    return ranges.getFirst().isIpv4();
  }

  boolean overlaps(RangeSet other) {
    return ranges.stream().anyMatch(range -> other.ranges.stream().anyMatch(range::overlaps));
  }

  Optional<AddressRange> rangeOf(IpNumber address) {
    return ranges.stream().filter(range -> range.contains(address)).findFirst();
  }

  boolean contains(IpNumber address) {
    return rangeOf(address).isPresent();
  }

  /// The next free address, round the ranges in their order, each address once. An address that was
  /// given back is so given away again as late as possible.
  ///
  /// @param last the address that was given away last; the search begins behind it, or with the
  ///   first address if it is not one of these
  Optional<Candidate> next(Optional<IpNumber> last, Predicate<IpNumber> isTaken) {
    Candidate begin = last.flatMap(this::after).orElseGet(() -> first(0));
    Candidate candidate = begin;
    do {
      if (!candidate.isGateway() && !isTaken.test(candidate.address())) {
        return Optional.of(candidate);
      }
      candidate = after(candidate);
    } while (!candidate.address().equals(begin.address()));
    return Optional.empty();
  }

  private Candidate first(int range) {
    return new Candidate(ranges.get(range).start(), ranges.get(range));
  }

  private Optional<Candidate> after(IpNumber address) {
    return rangeOf(address).map(range -> after(new Candidate(address, range)));
  }

  private Candidate after(Candidate candidate) {
    return candidate.address().equals(candidate.range().end())
        ? first((ranges.indexOf(candidate.range()) + 1) % ranges.size())
        : new Candidate(candidate.address().plus(1), candidate.range());
  }

  @Override
  public String toString() {
    return String.join(",", ranges.stream().map(AddressRange::toString).toList());
  }
}
