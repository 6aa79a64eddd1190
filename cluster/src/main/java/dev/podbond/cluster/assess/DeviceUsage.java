package dev.podbond.cluster.assess;

/// How many devices of a resource the pods of a node have.
public interface DeviceUsage {
  /// The devices in use.
  ///
  /// @param resource with its prefix
  int used(String node, String resource);

  /// No devices are in use.
  static DeviceUsage none() {
    return (_, _) -> 0;
  }
}
