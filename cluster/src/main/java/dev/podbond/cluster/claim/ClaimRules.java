package dev.podbond.cluster.claim;

/// How VFs are claimed in a cluster.
///
/// @param deviceClass the DeviceClass of the VFs
/// @param comparesDevices whether the scheduler understands `distinctAttribute`, so that it can be
///   told to take VFs of different PFs from one resource
public record ClaimRules(String deviceClass, boolean comparesDevices) {
  /// The first release of Kubernetes 1 whose scheduler compares devices unless somebody turns that
  /// off (feature gate DRAConsumableCapacity, beta). An older API server stores such a constraint
  /// all the same, and its scheduler then places no pod.
  private static final int BY_DEFAULT = 36;

  /// The first release in which that gate works. With it, the scheduler of 1.34 takes no two values
  /// for the same, and so gives a pod both VFs of one PF (kubernetes/kubernetes#135022).
  private static final int WITH_GATE = 35;

  /// What the cluster's owner says of the scheduler.
  public enum Comparison {
    /// As the release has it by default.
    AUTO,
    /// The gate is on.
    TRUE,
    /// The gate is off.
    FALSE;

    /// Whether the rules depend on the release.
    public boolean dependsOnVersion() {
      return this != FALSE;
    }
  }

  /// The rules in a cluster of some release.
  ///
  /// @param major as an API server tells it
  /// @param minor likewise, with a "+" behind it in some clouds
  public static ClaimRules of(
      String deviceClass, Comparison comparison, String major, String minor) {
    return new ClaimRules(
        deviceClass,
        switch (comparison) {
          case AUTO -> isSince(BY_DEFAULT, major, minor);
          case TRUE -> isSince(WITH_GATE, major, minor);
          case FALSE -> false;
        });
  }

  private static boolean isSince(int first, String major, String minor) {
    String digits = minor.replaceAll("[^0-9].*", "");
    return major.equals("1") && digits.matches("[0-9]{1,4}") && Integer.parseInt(digits) >= first;
  }
}
