package dev.podbond.bonding.net;

/// One link by its kernel name in one network namespace.
public record LinkRef(Place place, String name) {
  public static LinkRef host(String name) {
    return new LinkRef(Place.HOST, name);
  }

  public static LinkRef pod(String name) {
    return new LinkRef(Place.POD, name);
  }

  /// The same link under another name.
  public LinkRef named(String newName) {
    return new LinkRef(place, newName);
  }

  @Override
  public String toString() {
    return name + " " + place.phrase();
  }
}
