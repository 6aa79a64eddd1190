package dev.podbond.cluster.assess;

/// A node that can serve a bond.
///
/// @param pods how many pods with this bond it could have if it had no other pods
/// @param podsLeft how many more it can have now
public record NodeCapacity(String node, int pods, int podsLeft) {}
