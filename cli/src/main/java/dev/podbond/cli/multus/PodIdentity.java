package dev.podbond.cli.multus;

import java.nio.file.Path;

/// A pod's identity for CNI plugins.
///
/// @param uid the UID of the pod object
/// @param containerId the id of its sandbox
/// @param netns the path of its network namespace
public record PodIdentity(
    String namespace, String name, String uid, String containerId, Path netns) {}
