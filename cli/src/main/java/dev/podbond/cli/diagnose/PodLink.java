package dev.podbond.cli.diagnose;

/// An interface in a pod.
///
/// @param isUp whether it is administratively up
/// @param hasCarrier whether what is below it carries
public record PodLink(boolean isUp, boolean hasCarrier) {}
