package dev.podbond.cni.spec;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// A version of the CNI specification, oldest first. A configuration names exactly one of them;
/// there are no ranges.
public enum CniVersion {
  /// 0.1.0, the default if a configuration names no version.
  V0_1_0("0.1.0"),
  /// 0.2.0.
  V0_2_0("0.2.0"),
  /// 0.3.0: results list interfaces and any number of addresses.
  V0_3_0("0.3.0"),
  /// 0.3.1.
  V0_3_1("0.3.1"),
  /// 0.4.0: CHECK, and a previous result for DEL.
  V0_4_0("0.4.0"),
  /// 1.0.0: addresses without a family of their own.
  V1_0_0("1.0.0"),
  /// 1.1.0: GC, STATUS, and attributes of links and routes in results.
  V1_1_0("1.1.0");

  /// The newest version known here.
  public static final CniVersion LATEST = V1_1_0;

  /// The version of a configuration that names no version.
  public static final CniVersion DEFAULT = V0_1_0;

  private final String text;

  CniVersion(String text) {
    this.text = text;
  }

  /// The version as configurations spell it.
  public String text() {
    return text;
  }

  /// The version of exactly this spelling.
  public static Optional<CniVersion> of(String text) {
    return Arrays.stream(values()).filter(version -> version.text.equals(text)).findFirst();
  }

  /// All versions, oldest first.
  public static List<CniVersion> all() {
    return List.of(values());
  }

  /// True for 0.4.0 and newer.
  public boolean allowsCheck() {
    return isAtLeast(V0_4_0);
  }

  /// True for 0.4.0 and newer: DEL gets the result of ADD.
  public boolean passesPrevResultToDel() {
    return isAtLeast(V0_4_0);
  }

  /// True for 1.1.0 and newer.
  public boolean allowsGcAndStatus() {
    return isAtLeast(V1_1_0);
  }

  /// True for 0.3.0 and newer. Older results hold addresses only, so they cannot report an
  /// attachment without an address.
  public boolean resultListsInterfaces() {
    return isAtLeast(V0_3_0);
  }

  /// True if this version is the other one or newer.
  public boolean isAtLeast(CniVersion other) {
    return compareTo(other) >= 0;
  }

  @Override
  public String toString() {
    return text;
  }
}
