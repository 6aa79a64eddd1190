package dev.podbond.cli.bond;

/// A PF, as far as an agent knows it.
///
/// @param name its interface on the host; may be empty
/// @param pci its PCI address, `0000:3b:00.0`; may be empty
public record KnownPf(String name, String pci) implements Comparable<KnownPf> {
  /// The card that the PF is a port of: the PCI address without its function, `0000:3b:00`. Empty
  /// if the PCI address is not known.
  public String card() {
    int dot = pci.lastIndexOf('.');
    return dot < 0 ? "" : pci.substring(0, dot);
  }

  @Override
  public int compareTo(KnownPf other) {
    int byPci = pci.compareTo(other.pci);
    return byPci == 0 ? name.compareTo(other.name) : byPci;
  }

  @Override
  public String toString() {
    if (pci.isEmpty()) {
      return name;
    }
    return name.isEmpty() ? pci : name + " (" + pci + ")";
  }
}
