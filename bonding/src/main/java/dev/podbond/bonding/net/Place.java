package dev.podbond.bonding.net;

/// The two network namespaces that one attachment concerns.
public enum Place {
  /// The namespace of the node (for a CNI plugin: the one it was started in).
  HOST("on the host"),
  /// The namespace of the pod.
  POD("in the pod");

  private final String phrase;

  Place(String phrase) {
    this.phrase = phrase;
  }

  /// "on the host" or "in the pod", for sentences.
  public String phrase() {
    return phrase;
  }
}
