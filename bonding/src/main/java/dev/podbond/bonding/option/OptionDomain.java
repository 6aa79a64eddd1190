package dev.podbond.bonding.option;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// The values that the kernel takes for an option.
public sealed interface OptionDomain {
  /// The allowed values, as a phrase that follows "must be".
  String phrase();

  /// A number in the form that people write: by its name, if it has one.
  default String show(long number) {
    return Long.toString(number);
  }

  /// A number in a range, both ends included.
  ///
  /// @param unit "ms", "s", or "" for a plain number
  record Range(long min, long max, String unit) implements OptionDomain {
    @Override
    public String phrase() {
      return "a number from " + min + " to " + max + (unit.isEmpty() ? "" : " " + unit);
    }
  }

  /// One of several names; the position of a name in the list is its kernel number.
  record Choice(List<Name> names) implements OptionDomain {
    /// A name and other spellings of it that are in use.
    public record Name(String text, List<String> aliases) {
      public Name {
        aliases = List.copyOf(aliases);
      }

      boolean matches(String candidate) {
        return text.equals(candidate) || aliases.contains(candidate);
      }
    }

    public Choice {
      names = List.copyOf(names);
    }

    static Choice of(String... names) {
      return new Choice(Stream.of(names).map(name -> new Name(name, List.of())).toList());
    }

    static Choice ofModes() {
      return new Choice(
          Stream.of(BondMode.values())
              .map(mode -> new Name(mode.toString(), mode.aliases()))
              .toList());
    }

    /// The number of a name or alias, in any letter case.
    public OptionalInt number(String text) {
      String lower = text.toLowerCase(Locale.ROOT);
      return IntStream.range(0, names.size()).filter(i -> names.get(i).matches(lower)).findFirst();
    }

    /// The name of a number; empty for a number that this version does not know.
    public Optional<String> name(long number) {
      return number >= 0 && number < names.size()
          ? Optional.of(names.get((int) number).text())
          : Optional.empty();
    }

    @Override
    public String show(long number) {
      return name(number).orElseGet(() -> OptionDomain.super.show(number));
    }

    @Override
    public String phrase() {
      return "one of "
          + names.stream().map(Name::text).collect(Collectors.joining(", "))
          + ", or its number, 0 to "
          + (names.size() - 1);
    }
  }

  /// Off or on, 0 or 1.
  record Flag() implements OptionDomain {
    @Override
    public String show(long number) {
      return number == 0 ? "off" : number == 1 ? "on" : OptionDomain.super.show(number);
    }

    @Override
    public String phrase() {
      return "0 or 1";
    }
  }

  /// Addresses to probe, at most `BOND_MAX_ARP_TARGETS` and `BOND_MAX_NS_TARGETS`, without
  /// duplicates.
  ///
  /// @param ipv6 whether the targets are IPv6
  record Targets(boolean ipv6) implements OptionDomain {
    /// Most targets of one family.
    public static final int MAX = 16;

    @Override
    public String phrase() {
      return "a list of 1 to " + MAX + (ipv6 ? " IPv6" : " IPv4") + " addresses";
    }
  }

  /// A MAC address that is not a group address; zero means the bond's own.
  record MacValue() implements OptionDomain {
    @Override
    public String phrase() {
      return "a MAC address that is not a multicast address";
    }
  }

  /// A member of the bond.
  record Member() implements OptionDomain {
    @Override
    public String phrase() {
      return "the name of one of the links";
    }
  }

  /// No value: the kernel only reports the option, or it can be set only later in the bond's life.
  ///
  /// @param reason why, and what to use instead
  record NotSettable(String reason) implements OptionDomain {
    @Override
    public String phrase() {
      return "left out: " + reason;
    }
  }
}
