package dev.podbond.parity;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/// What one call of a case left, normalised.
///
/// @param call number and title, as `2.DEL bond`
/// @param facets what was seen, by name: `exit`, `code`, `result.*`, then `POD.LINK.*`
record CallOutcome(String call, SortedMap<String, String> facets) {
  /// In the place of a MAC that chance gives to the bond.
  static final String A_MEMBERS = "a member's";

  CallOutcome {
    facets = Collections.unmodifiableSortedMap(withoutChance(facets));
  }

  /// Which member gives an active-backup bond its MAC may depend on whose carrier comes first: in a
  /// result as well it is then a member's.
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
