package dev.podbond.cluster.assess;

/// A node that can serve a bond.
///
/// @param pods how many pods with this bond it could have if it had no other
/// @param podsLeft how many it can have beside what runs there now
public record NodeCapacity(String node, int pods, int podsLeft) {}
