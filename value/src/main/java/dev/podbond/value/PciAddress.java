package dev.podbond.value;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A PCI function's address, written `0000:01:10.0` as in `/sys/bus/pci/devices`.
public record PciAddress(int domain, int bus, int device, int function)
    implements Comparable<PciAddress> {
  private static final Pattern TEXT =
      Pattern.compile("(?:(\\p{XDigit}{4,8}):)?(\\p{XDigit}{2}):([01]\\p{XDigit})\\.([0-7])");

  public PciAddress {
    if (domain < 0 || (bus & ~0xff) != 0 || (device & ~0x1f) != 0 || (function & ~0x7) != 0) {
      throw new IllegalArgumentException("not a PCI address");
    }
  }

  /// The address in `text`, whose domain may be left out (then 0000); empty for any other text.
  public static Optional<PciAddress> parse(String text) {
    Matcher matcher = TEXT.matcher(text.toLowerCase(Locale.ROOT));
    if (!matcher.matches()) {
      return Optional.empty();
    }
    long domain = matcher.group(1) == null ? 0 : Long.parseLong(matcher.group(1), 16);
    if (domain > Integer.MAX_VALUE) {
      return Optional.empty();
    }
    return Optional.of(
        new PciAddress(
            (int) domain,
            Integer.parseInt(matcher.group(2), 16),
            Integer.parseInt(matcher.group(3), 16),
            Integer.parseInt(matcher.group(4))));
  }

  @Override
  public int compareTo(PciAddress other) {
    return toString().compareTo(other.toString());
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder(12);
    hex(text, domain, Math.max(4, (35 - Integer.numberOfLeadingZeros(domain)) / 4));
    hex(text.append(':'), bus, 2);
    hex(text.append(':'), device, 2);
    return text.append('.').append(function).toString();
  }

  /// As a format would, which is parsed anew each time, and makes many objects: a call asks for
  /// some fifty of these texts, an answer with metrics for some hundreds.
  private static void hex(StringBuilder text, int number, int digits) {
    for (int shift = 4 * (digits - 1); shift >= 0; shift -= 4) {
      text.append(Character.forDigit(number >>> shift & 0xf, 16));
    }
  }
}
