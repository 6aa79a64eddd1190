package dev.podbond.bonding.check;

import dev.podbond.bonding.net.LinkRef;
import java.util.ArrayList;
import java.util.List;

/// Collects differences.
final class Differences {
  private final List<Difference> found = new ArrayList<>();

  void add(String object, String attribute, String expected, String found) {
    this.found.add(new Difference(object, attribute, expected, found));
  }

  void add(LinkRef link, String attribute, String expected, String found) {
    add(link.toString(), attribute, expected, found);
  }

  List<Difference> list() {
    return List.copyOf(found);
  }
}
