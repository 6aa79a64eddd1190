package dev.podbond.bonding.config;

import dev.podbond.bonding.option.OptionDomain.Targets;
import dev.podbond.bonding.option.OptionValue;
import dev.podbond.json.JsonArray;
import dev.podbond.json.JsonString;
import dev.podbond.json.JsonValue;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// Reads monitoring targets: a list of strings, or one string separated by commas as `ip link`
/// takes it.
final class TargetList {
  private TargetList() {}

  /// Empty if the value is not a list of addresses at all. It refuses each bad address in a list by
  /// name, and returns the others.
  static Optional<OptionValue> read(Fields fields, String key, JsonValue json, Targets targets) {
    Optional<List<String>> texts = texts(json);
    if (texts.isEmpty() || texts.get().isEmpty() || texts.get().size() > Targets.MAX) {
      return Optional.empty();
    }
    List<InetAddress> addresses = new ArrayList<>();
    for (String text : texts.get()) {
      Optional<InetAddress> address = targets.ipv6() ? ipv6(text) : ipv4(text);
      if (address.isEmpty()) {
        fields.refuse(
            new ConfigProblem(
                fields.where(key),
                "has the target \"" + text + "\"",
                targets.ipv6()
                    ? "it must be a unicast IPv6 address, without a scope"
                    : "it must be an IPv4 address other than 0.0.0.0 and 255.255.255.255"));
      }
      address.ifPresent(addresses::add);
    }
    if (new HashSet<>(addresses).size() < addresses.size()) {
      fields.refuse(
          new ConfigProblem(
              fields.where(key),
              "has a target twice",
              "give each target once, as the kernel demands"));
    }
    return Optional.of(new OptionValue.Targets(addresses));
  }

  private static Optional<List<String>> texts(JsonValue json) {
    return switch (json) {
      case JsonString(String text) ->
          Optional.of(Stream.of(text.split(",", -1)).map(String::strip).toList());
      case JsonArray(List<JsonValue> elements) -> {
        List<String> texts = new ArrayList<>();
        for (JsonValue element : elements) {
          if (element instanceof JsonString(String text)) {
            texts.add(text);
          }
        }
        yield texts.size() == elements.size() ? Optional.of(List.copyOf(texts)) : Optional.empty();
      }
      default -> Optional.empty();
    };
  }

  /// Four decimal parts only: Java accepts `10.1` as an address, but in a configuration it is a
  /// mistake.
  private static Optional<InetAddress> ipv4(String text) {
    if (!text.matches("\\d{1,3}(\\.\\d{1,3}){3}")) {
      return Optional.empty();
    }
    return literal(text)
        .filter(Inet4Address.class::isInstance)
        .filter(address -> !address.isAnyLocalAddress() && !text.equals("255.255.255.255"));
  }

  /// Without a scope: Java would look it up among this machine's interfaces.
  private static Optional<InetAddress> ipv6(String text) {
    if (!text.matches("[0-9A-Fa-f:.]+")) {
      return Optional.empty();
    }
    return literal(text)
        .filter(Inet6Address.class::isInstance)
        .filter(address ->
            !address.isAnyLocalAddress()
                && !address.isMulticastAddress()
                && !address.isLoopbackAddress());
  }

  private static Optional<InetAddress> literal(String text) {
    try {
      return Optional.of(InetAddress.ofLiteral(text));
    } catch (IllegalArgumentException _) {
      return Optional.empty();
    }
  }
}
