package dev.podbond.parity;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeSet;

/// Finds the differences between two contestants in one case.
final class Comparison {
  private Comparison() {}

  /// Every difference, in the order of the calls. An object that only one of them has is a single
  /// difference, however many properties it has. If a call fails, each of its differences says for
  /// whom, since outcomes of failed calls are judged differently.
  static List<Difference> of(String name, List<CallOutcome> ours, List<CallOutcome> theirs) {
    List<Difference> differences = new ArrayList<>();
    int calls = Math.max(ours.size(), theirs.size());
    for (int call = 0; call < calls; call++) {
      if (call >= ours.size() || call >= theirs.size()) {
        differences.add(
            new Difference(
                name, "calls", Integer.toString(ours.size()), Integer.toString(theirs.size())));
        break;
      }
      String where = name + " " + ours.get(call).call();
      if (!ours.get(call).call().equals(theirs.get(call).call())) {
        differences.add(
            new Difference(where, "call", ours.get(call).call(), theirs.get(call).call()));
      }
      SortedMap<String, String> mine = ours.get(call).facets();
      SortedMap<String, String> other = theirs.get(call).facets();
      differences.addAll(ofFacets(where + failure(mine, other), mine, other));
    }
    return differences;
  }

  private static String failure(Map<String, String> ours, Map<String, String> theirs) {
    boolean mine = !value(ours, "exit").equals("0");
    boolean other = !value(theirs, "exit").equals("0");
    if (mine && other) {
      return " (both fail)";
    }
    if (mine) {
      return " (ours fails)";
    }
    return other ? " (theirs fails)" : "";
  }

  private static List<Difference> ofFacets(
      String where, SortedMap<String, String> ours, SortedMap<String, String> theirs) {
    List<Difference> differences = new ArrayList<>();
    Set<String> facets = new TreeSet<>(ours.keySet());
    facets.addAll(theirs.keySet());
    for (String facet : facets) {
      String mine = value(ours, facet);
      String other = value(theirs, facet);
      if (!mine.equals(other) && !isPartOfMissing(facet, ours, theirs)) {
        differences.add(new Difference(where, facet, mine, other));
      }
    }
    return differences;
  }

  /// A facet such as `a.bond0.mtu` if only one of them has `a.bond0`.
  private static boolean isPartOfMissing(
      String facet, Map<String, String> ours, Map<String, String> theirs) {
    for (int dot = facet.lastIndexOf('.'); dot > 0; dot = facet.lastIndexOf('.', dot - 1)) {
      String whole = facet.substring(0, dot);
      if (ours.containsKey(whole) != theirs.containsKey(whole)) {
        return true;
      }
    }
    return false;
  }

  private static String value(Map<String, String> facets, String facet) {
    return facets.getOrDefault(facet, Difference.NOTHING);
  }
}
