package dev.podbond.bonding.config;

import static dev.podbond.bonding.option.BondOption.ARP_INTERVAL;
import static dev.podbond.bonding.option.BondOption.ARP_IP_TARGET;
import static dev.podbond.bonding.option.BondOption.ARP_VALIDATE;
import static dev.podbond.bonding.option.BondOption.DOWNDELAY;
import static dev.podbond.bonding.option.BondOption.MIIMON;
import static dev.podbond.bonding.option.BondOption.MIN_LINKS;
import static dev.podbond.bonding.option.BondOption.NS_IP6_TARGET;
import static dev.podbond.bonding.option.BondOption.PEER_NOTIF_DELAY;
import static dev.podbond.bonding.option.BondOption.PRIMARY;
import static dev.podbond.bonding.option.BondOption.UPDELAY;

import dev.podbond.bonding.option.BondMode;
import dev.podbond.bonding.option.BondOption;
import dev.podbond.bonding.option.BondOptions;
import dev.podbond.bonding.option.ModeRule;
import dev.podbond.bonding.option.OptionValue;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The kernel's demands on combinations of options, and on options in a mode.
final class OptionConstraints {
  private static final List<BondOption> DELAYS = List.of(UPDELAY, DOWNDELAY, PEER_NOTIF_DELAY);

  private OptionConstraints() {}

  static void check(Fields fields, BondMode mode, BondOptions options, List<MemberSpec> members) {
    options.values().keySet().forEach(option -> accepted(fields, option, mode, options));
    oneMonitor(fields, options);
    DELAYS.forEach(delay -> delay(fields, delay, options));
    arpTargets(fields, options);
    arpValidation(fields, options);
    primary(fields, options, members);
    minLinks(fields, mode, options, members);
  }

  /// Removes delays of 0 if there is no miimon: the kernel then refuses even 0, although the bond
  /// has that value anyway.
  static BondOptions withoutIdleDelays(BondOptions options) {
    Map<BondOption, OptionValue> kept = new EnumMap<>(BondOption.class);
    kept.putAll(options.values());
    if (number(options, MIIMON) == 0) {
      DELAYS.forEach(kept::remove);
    }
    return new BondOptions(kept);
  }

  private static void accepted(
      Fields fields, BondOption option, BondMode mode, BondOptions options) {
    ModeRule modes = option.modes();
    if (!modes.accepted().contains(mode)) {
      refuse(
          fields,
          option,
          options,
          "the kernel does not support it in mode "
              + mode
              + "; leave it out, or use "
              + ModeRule.list(modes.accepted()));
    }
  }

  private static void oneMonitor(Fields fields, BondOptions options) {
    if (number(options, MIIMON) > 0 && number(options, ARP_INTERVAL) > 0) {
      refuse(
          fields,
          ARP_INTERVAL,
          options,
          "ARP monitoring cannot be used together with MII monitoring; leave out miimon ("
              + number(options, MIIMON)
              + ") or arpInterval");
    }
  }

  /// The kernel silently rounds a delay down to a multiple of miimon.
  private static void delay(Fields fields, BondOption delay, BondOptions options) {
    long wanted = number(options, delay);
    long miimon = number(options, MIIMON);
    if (wanted == 0) {
      return;
    }
    if (miimon == 0) {
      refuse(fields, delay, options, "it must be a multiple of miimon; set miimon too");
    } else if (wanted % miimon != 0) {
      long below = wanted - wanted % miimon;
      refuse(
          fields,
          delay,
          options,
          "it must be a multiple of miimon ("
              + miimon
              + "), such as "
              + below
              + " or "
              + (below + miimon)
              + "; the kernel would take "
              + below);
    }
  }

  private static void arpTargets(Fields fields, BondOptions options) {
    if (number(options, ARP_INTERVAL) > 0
        && options.get(ARP_IP_TARGET).isEmpty()
        && options.get(NS_IP6_TARGET).isEmpty()) {
      refuse(
          fields,
          ARP_INTERVAL,
          options,
          "ARP monitoring needs arpIpTarget or nsIp6Target, such as [\"10.0.0.1\"]");
    }
  }

  private static void arpValidation(Fields fields, BondOptions options) {
    if (number(options, ARP_VALIDATE) > 0 && number(options, ARP_INTERVAL) == 0) {
      refuse(fields, ARP_VALIDATE, options, "it needs ARP monitoring: set arpInterval, not miimon");
    }
  }

  private static void primary(Fields fields, BondOptions options, List<MemberSpec> members) {
    if (options.get(PRIMARY).isEmpty()
        || !(options.get(PRIMARY).get() instanceof OptionValue.MemberName(String name))) {
      return;
    }
    List<String> known = members.stream().map(OptionConstraints::primaryName).toList();
    if (!known.contains(name)) {
      refuse(fields, PRIMARY, options, "it must be one of links: " + String.join(", ", known));
    }
  }

  /// Refers to a device without a name by its PCI address.
  private static String primaryName(MemberSpec member) {
    return member.knownName().orElseGet(member::label);
  }

  private static void minLinks(
      Fields fields, BondMode mode, BondOptions options, List<MemberSpec> members) {
    if (mode == BondMode.LACP && number(options, MIN_LINKS) > members.size()) {
      refuse(
          fields,
          MIN_LINKS,
          options,
          "with " + members.size() + " links the bond would never have a carrier");
    }
  }

  /// The option as a number; 0 if it is absent.
  static long number(BondOptions options, BondOption option) {
    return options.get(option).orElse(new OptionValue.Number(0))
            instanceof OptionValue.Number(long value)
        ? value
        : 0;
  }

  private static void refuse(Fields fields, BondOption option, BondOptions options, String remedy) {
    Optional<OptionValue> value = options.get(option);
    fields.refuse(
        new ConfigProblem(
            fields.where(option.key()),
            value.map(found -> "is " + option.show(found)).orElse("is missing"),
            remedy));
  }
}
