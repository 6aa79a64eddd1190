package dev.podbond.cli.impact;

import dev.podbond.cli.bond.KnownPf;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import java.util.regex.Pattern;

/// The PFs that go together.
///
/// @param pfs in the order of their PCI addresses
public record Outage(List<KnownPf> pfs) {
  private static final String DOMAIN = "0000:";
  private static final Pattern WITHOUT_DOMAIN =
      Pattern.compile("[0-9a-f]{2}:[0-9a-f]{2}(\\.[0-7])?");
  private static final Pattern FUNCTION = Pattern.compile("\\.[0-7]$");

  /// A message shows no more.
  private static final int MOST_SHOWN = 20;

  public Outage {
    pfs = List.copyOf(pfs);
  }

  /// Where the known PFs are from.
  public enum Scope {
    /// This node's agent tells of them.
    THIS_NODE("this node", "its agent knows", "its bonds"),
    /// Reports of nodes tell of them.
    REPORTED_NODES("these nodes", "their reports know", "their bonds");

    private final String place;
    private final String teller;
    private final String bonds;

    Scope(String place, String teller, String bonds) {
      this.place = place;
      this.teller = teller;
      this.bonds = bonds;
    }
  }

  /// The PFs and the cards with these names, all of which go.
  ///
  /// @param scope where they are from
  /// @param known the PFs that there are
  /// @param names names or PCI addresses of PFs; the domain 0000 may be left out
  /// @param cards PCI addresses without their function
  /// @throws UnknownPfException if one of them is none of the known
  public static Outage of(Scope scope, List<KnownPf> known, List<String> names, List<String> cards)
      throws UnknownPfException {
    TreeSet<KnownPf> gone = new TreeSet<>();
    for (String name : names) {
      String pci = pci(name);
      List<KnownPf> found =
          known.stream()
              .filter(pf -> !name.isEmpty() && (pf.name().equals(name) || pf.pci().equals(pci)))
              .toList();
      if (found.isEmpty()) {
        throw unknown(scope, "PF", name, known.stream().map(KnownPf::toString).toList());
      }
      gone.addAll(found);
    }
    for (String name : cards) {
      String card = FUNCTION.matcher(pci(name)).replaceFirst("");
      List<KnownPf> found =
          known.stream().filter(pf -> !card.isEmpty() && pf.card().equals(card)).toList();
      if (found.isEmpty()) {
        throw unknown(
            scope,
            "card",
            name,
            known.stream().map(KnownPf::card).filter(c -> !c.isEmpty()).distinct().toList());
      }
      gone.addAll(found);
    }
    return new Outage(List.copyOf(gone));
  }

  private static String pci(String text) {
    String lower = text.toLowerCase(Locale.ROOT);
    return WITHOUT_DOMAIN.matcher(lower).matches() ? DOMAIN + lower : lower;
  }

  private static UnknownPfException unknown(
      Scope scope, String what, String name, List<String> known) {
    String which =
        known.isEmpty()
            ? "%s of no %s of a bond's member".formatted(scope.teller, what)
            : scope.bonds
                + " have members on "
                + String.join(", ", known.subList(0, Math.min(MOST_SHOWN, known.size())))
                + (known.size() > MOST_SHOWN
                    ? " and " + (known.size() - MOST_SHOWN) + " more"
                    : "");
    return new UnknownPfException(
        "no bond of %s has a member on a %s \"%s\"; %s".formatted(scope.place, what, name, which));
  }

  /// The PFs in words.
  @Override
  public String toString() {
    List<String> names = new ArrayList<>(pfs.stream().map(KnownPf::toString).toList());
    String last = names.removeLast();
    return names.isEmpty() ? "PF " + last : "PFs " + String.join(", ", names) + " and " + last;
  }
}
