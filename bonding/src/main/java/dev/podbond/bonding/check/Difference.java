package dev.podbond.bonding.check;

/// One thing that is not as ADD made it.
///
/// @param object what differs, such as "bond bond0" or "net1 in the pod"
/// @param attribute which property of it, such as "MTU"
public record Difference(String object, String attribute, String expected, String found) {
  /// Whether it may disappear by itself: a VF's driver asks the PF to confirm a MAC, and shows the
  /// old one until then.
  public boolean mayPass() {
    return attribute.endsWith("MAC");
  }

  @Override
  public String toString() {
    return object + ": " + attribute + " should be " + expected + ", found " + found;
  }
}
