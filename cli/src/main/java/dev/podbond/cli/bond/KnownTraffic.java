package dev.podbond.cli.bond;

import dev.podbond.json.Printable;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// What members of bonds have carried, by an agent's answer to the question `metrics traffic`. A
/// line that is not understood, as of an agent of another release, is passed over.
///
/// @param bonds the members of each bond by their names
public record KnownTraffic(Map<Bond, Map<String, Octets>> bonds) {
  private static final String RECEIVED = "podbond_member_receive_bytes_total{";
  private static final String TRANSMITTED = "podbond_member_transmit_bytes_total{";

  public KnownTraffic {
    Map<Bond, Map<String, Octets>> copy = new HashMap<>();
    bonds.forEach((bond, members) -> copy.put(bond, Map.copyOf(members)));
    bonds = Map.copyOf(copy);
  }

  /// A bond as metrics name it.
  ///
  /// @param pod the pod's namespace and name, or its container's id
  public record Bond(String pod, String bond) {
    /// In metrics no character is without a shape.
    public static Bond of(KnownBond bond) {
      return new Bond(Printable.line(bond.pod()), Printable.line(bond.bond()));
    }
  }

  /// What went each way since the link was made.
  public record Octets(long received, long transmitted) {
    /// Whether it can come after what was counted before. A link that was made anew begins with 0.
    public boolean isSince(Octets before) {
      return received >= before.received && transmitted >= before.transmitted;
    }
  }

  private record Member(Bond bond, String name) {}

  /// Reads the text of Prometheus' format.
  public static KnownTraffic of(String text) {
    Map<Member, Long> received = new HashMap<>();
    Map<Member, Long> transmitted = new HashMap<>();
    text.lines()
        .forEach(line -> {
          if (line.startsWith(RECEIVED)) {
            read(line, RECEIVED.length(), received);
          } else if (line.startsWith(TRANSMITTED)) {
            read(line, TRANSMITTED.length(), transmitted);
          }
        });
    Map<Bond, Map<String, Octets>> bonds = new HashMap<>();
    received.forEach((member, octets) ->
        Optional.ofNullable(transmitted.get(member))
            .ifPresent(other ->
                bonds
                    .computeIfAbsent(member.bond(), _ -> new HashMap<>())
                    .put(member.name(), new Octets(octets, other))));
    return new KnownTraffic(bonds);
  }

  /// Reads `label="value",…} number`.
  private static void read(String line, int from, Map<Member, Long> counts) {
    Map<String, String> labels = new HashMap<>();
    int at = from;
    while (true) {
      int quote = line.indexOf("=\"", at);
      StringBuilder value = new StringBuilder();
      int end = quote < 0 ? -1 : unquoted(line, quote + 2, value);
      if (end < 0) {
        return;
      }
      labels.put(line.substring(at, quote), value.toString());
      if (line.startsWith("} ", end)) {
        count(line.substring(end + 2))
            .ifPresent(count -> member(labels).ifPresent(member -> counts.put(member, count)));
        return;
      }
      if (!line.startsWith(",", end)) {
        return;
      }
      at = end + 1;
    }
  }

  /// @return the place behind the closing quote, or -1
  private static int unquoted(String line, int from, StringBuilder value) {
    int at = from;
    while (at < line.length() && line.charAt(at) != '"') {
      char c = line.charAt(at);
      if (c == '\\' && at + 1 < line.length()) {
        at++;
        c = line.charAt(at) == 'n' ? '\n' : line.charAt(at);
      }
      value.append(c);
      at++;
    }
    return at < line.length() ? at + 1 : -1;
  }

  private static Optional<Member> member(Map<String, String> labels) {
    String namespace = labels.getOrDefault("namespace", "");
    return Optional.ofNullable(labels.get("pod"))
        .map(pod -> namespace.isEmpty() ? pod : namespace + "/" + pod)
        .flatMap(pod ->
            Optional.ofNullable(labels.get("bond"))
                .flatMap(bond ->
                    Optional.ofNullable(labels.get("member"))
                        .map(member -> new Member(new Bond(pod, bond), member))));
  }

  /// Nothing of a number that no link can have carried.
  private static Optional<Long> count(String text) {
    try {
      long count = Long.parseLong(text);
      return count < 0 ? Optional.empty() : Optional.of(count);
    } catch (NumberFormatException _) {
      return Optional.empty();
    }
  }
}
