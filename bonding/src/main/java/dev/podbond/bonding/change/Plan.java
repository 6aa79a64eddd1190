package dev.podbond.bonding.change;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// Changes in the order in which to make them.
public record Plan(List<Step> steps) {
  /// The plan that changes nothing.
  public static final Plan NOTHING = new Plan(List.of());

  /// How many changes a group has at most: enough that calls to the kernel no longer count, and few
  /// enough for one datagram of a few kilobytes.
  private static final int LARGEST_GROUP = 64;

  public Plan {
    steps = List.copyOf(steps);
  }

  /// This plan, then another.
  public Plan then(Plan next) {
    return new Plan(Stream.concat(steps.stream(), next.steps.stream()).toList());
  }

  public boolean isEmpty() {
    return steps.isEmpty();
  }

  /// The steps in their order, in groups that a kernel can be asked for together: routes of one
  /// link, of which IPAM may give thousands. Any other step is a group of its own.
  public List<List<Step>> groups() {
    List<List<Step>> groups = new ArrayList<>();
    int begin = 0;
    for (int i = 1; i <= steps.size(); i++) {
      if (i == steps.size()
          || i - begin == LARGEST_GROUP
          || !goTogether(steps.get(i - 1).change(), steps.get(i).change())) {
        groups.add(steps.subList(begin, i));
        begin = i;
      }
    }
    return groups;
  }

  private static boolean goTogether(Change first, Change next) {
    return first instanceof Change.AddRoute one
        && next instanceof Change.AddRoute other
        && one.link().equals(other.link());
  }
}
