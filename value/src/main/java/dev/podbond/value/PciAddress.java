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
    return hex(domain, 4) + ":" + hex(bus, 2) + ":" + hex(device, 2) + "." + function;
  }

  /// As a format would, which is parsed anew each time: a call asks for some fifty of these texts.
  private static String hex(int number, int digits) {
    String text = Integer.toHexString(number);
    return "0".repeat(Math.max(0, digits - text.length())) + text;
  }
}
