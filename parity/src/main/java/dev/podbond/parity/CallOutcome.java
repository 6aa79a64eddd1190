package dev.podbond.parity;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/// The normalised outcome of one call of a case.
///
/// @param call number and title, such as `2.DEL bond`
/// @param facets the observations by name: `exit`, `code`, `result.*`, then `POD.LINK.*`
record CallOutcome(String call, SortedMap<String, String> facets) {
  /// Replaces a MAC that the bond has by chance.
  static final String A_MEMBERS = "a member's";

  CallOutcome {
    facets = Collections.unmodifiableSortedMap(withoutChance(facets));
  }

  /// The MAC of an active-backup bond may depend on which member first gets a carrier: then it
  /// becomes "a member's", also in a result.
  private static SortedMap<String, String> withoutChance(SortedMap<String, String> seen) {
    SortedMap<String, String> facets = new TreeMap<>(seen);
    seen.forEach((key, value) -> {
      if (key.matches("result\\.interfaces\\.\\d+\\.mac") && isAMembers(key, value, seen)) {
        facets.put(key, A_MEMBERS);
      }
    });
    return facets;
  }

  private static boolean isAMembers(String key, String mac, SortedMap<String, String> seen) {
    String bond = seen.getOrDefault(key.replace(".mac", ".name"), "");
    return seen.entrySet().stream()
        .filter(facet -> facet.getKey().endsWith(".master") && facet.getValue().equals(bond))
        .map(facet -> facet.getKey().replace(".master", ""))
        .filter(member -> mac.equals(seen.get(member + ".mac")))
        .map(member -> member.substring(0, member.indexOf('.')) + "." + bond + ".mac")
        .anyMatch(bondMac -> A_MEMBERS.equals(seen.get(bondMac)));
  }
}
