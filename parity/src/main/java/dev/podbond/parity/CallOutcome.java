package dev.podbond.parity;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/// What one call of a case left, normalised.
///
/// @param call number and title, as `2.DEL bond`
/// @param facets what was seen, by name: `exit`, `code`, `result.*`, then `POD.LINK.*`
record CallOutcome(String call, SortedMap<String, String> facets) {
  CallOutcome {
    facets = Collections.unmodifiableSortedMap(new TreeMap<>(facets));
  }
}
