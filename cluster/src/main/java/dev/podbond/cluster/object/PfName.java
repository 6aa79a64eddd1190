package dev.podbond.cluster.object;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// An entry of `nicSelector.pfNames`: a PF by its interface, or some of its VFs, as `ens1f0#0-3`.
public record PfName(String pf, Optional<VfRange> range) {
  private static final Pattern TEXT = Pattern.compile("([^#]+)(?:#(\\d{1,4})-(\\d{1,4}))?");

  /// The entry in `text`; empty if it is not one, or its range ends before it begins.
  public static Optional<PfName> parse(String text) {
    Matcher matcher = TEXT.matcher(text);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    if (matcher.group(2) == null) {
      return Optional.of(new PfName(matcher.group(1), Optional.empty()));
    }
    int first = Integer.parseInt(matcher.group(2));
    int last = Integer.parseInt(matcher.group(3));
    return last < first
        ? Optional.empty()
        : Optional.of(new PfName(matcher.group(1), Optional.of(new VfRange(first, last))));
  }

  @Override
  public String toString() {
    return pf + range.map(r -> "#" + r).orElse("");
  }
}
