package dev.podbond.cli.runtime;

import dev.podbond.json.JsonObject;
import dev.podbond.value.AttachmentKey;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// What a runtime tells plugins about one attachment of a container to a network.
///
/// @param containerId the id of the container
/// @param netns the path of its network namespace; needed for ADD and CHECK
/// @param ifname the name of the interface to make
/// @param args the pairs of `CNI_ARGS`, in order
/// @param capabilityArgs values by capability; a plugin gets those it declares, as `runtimeConfig`
/// @param structuredArgs the `args` of the configuration, by convention below `cni`
public record ContainerAttachment(
    String containerId,
    Optional<Path> netns,
    String ifname,
    Map<String, String> args,
    JsonObject capabilityArgs,
    JsonObject structuredArgs) {

  /// Copies the pairs.
  public ContainerAttachment {
    args = Collections.unmodifiableMap(new LinkedHashMap<>(args));
  }

  /// An attachment without arguments.
  public static ContainerAttachment of(String containerId, Path netns, String ifname) {
    return new ContainerAttachment(
        containerId, Optional.of(netns), ifname, Map.of(), JsonObject.of(), JsonObject.of());
  }

  /// This attachment with the given pairs for `CNI_ARGS`.
  public ContainerAttachment withArgs(Map<String, String> pairs) {
    return new ContainerAttachment(
        containerId, netns, ifname, pairs, capabilityArgs, structuredArgs);
  }

  /// This attachment with the given values by capability.
  public ContainerAttachment withCapabilityArgs(JsonObject values) {
    return new ContainerAttachment(containerId, netns, ifname, args, values, structuredArgs);
  }

  /// The identity of this attachment within the network.
  public AttachmentKey id() {
    return new AttachmentKey(containerId, ifname);
  }
}
