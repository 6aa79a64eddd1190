package dev.podbond.bonding.option;

/// What a mode needs of the switch: whether the ports to which the members lead are joined there
/// (Documentation/networking/bonding.rst, "Switch Configuration"). A port can be one of these only,
/// whichever bond uses it.
public enum SwitchLag {
  /// Every port is on its own.
  NONE("switch ports that are not joined"),
  /// Their owner has joined them.
  STATIC("switch ports that are joined in a static LAG"),
  /// Switch and bond agree on it.
  LACP("switch ports that are joined by LACP");

  private final String phrase;

  SwitchLag(String phrase) {
    this.phrase = phrase;
  }

  /// After "it needs".
  public String phrase() {
    return phrase;
  }
}
