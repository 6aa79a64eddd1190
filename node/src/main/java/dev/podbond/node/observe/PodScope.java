package dev.podbond.node.observe;

import dev.podbond.value.IpPrefix;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/// What to read in a pod, whose namespace may hold any number of anything.
public sealed interface PodScope {
  /// Everything, for a person who asks about a pod; fails for a pod that holds too much.
  record Everything() implements PodScope {}

  /// The named links, and the members of bonds among them, however many other links there are.
  ///
  /// @param links names, or alternative names
  /// @param addresses the addresses to look for, by the name of the link that has them; of its
  ///   others only some are reported, and of other links none
  /// @param routes the destinations to look for, by the name of the link they lead out of
  record Named(
      Set<String> links, Map<String, Set<IpPrefix>> addresses, Map<String, Set<IpPrefix>> routes)
      implements PodScope {
    public Named {
      links = Set.copyOf(links);
      addresses = Map.copyOf(addresses);
      routes = Map.copyOf(routes);
    }

    /// Links with some of their addresses, whichever they are.
    public static Named withAddresses(Set<String> names) {
      return new Named(
          names, names.stream().collect(Collectors.toMap(name -> name, _ -> Set.of())), Map.of());
    }

    /// Links alone.
    public static Named links(Set<String> names) {
      return new Named(names, Map.of(), Map.of());
    }
  }
}
