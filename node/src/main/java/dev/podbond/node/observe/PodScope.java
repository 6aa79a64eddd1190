package dev.podbond.node.observe;

import dev.podbond.value.IpPrefix;
import java.util.Map;
import java.util.Set;

/// What is looked at in a pod, whose namespace may hold any number of anything.
public sealed interface PodScope {
  /// All there is. For a pod of which a person wants to know; it fails for one that holds too much.
  record Everything() implements PodScope {}

  /// What is named: the links, and of bonds among them the members, however many others there are.
  ///
  /// @param links names, or alternative names
  /// @param addresses that are looked for on the links; of others only some are told
  /// @param routes the destinations that are looked for, by the name of the link they lead out of
  record Named(Set<String> links, Set<IpPrefix> addresses, Map<String, Set<IpPrefix>> routes)
      implements PodScope {
    public Named {
      links = Set.copyOf(links);
      addresses = Set.copyOf(addresses);
      routes = Map.copyOf(routes);
    }

    /// Links alone.
    public static Named links(Set<String> names) {
      return new Named(names, Set.of(), Map.of());
    }
  }
}
