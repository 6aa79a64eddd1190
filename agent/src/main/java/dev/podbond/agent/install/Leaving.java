package dev.podbond.agent.install;

import dev.podbond.agent.install.OwnDaemonSet.Presence;
import dev.podbond.bonding.attachment.Attachment;
import dev.podbond.node.netns.NetnsIds;
import dev.podbond.node.state.AttachmentStore;
import dev.podbond.node.state.StateException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/// The last act of an agent's pod: it removes the shim if no other agent follows and no pod of the
/// node needs the shim any more. While a pod has an attachment, the runtime needs the shim: without
/// it the runtime could never delete the pod.
///
/// It runs when the agent serves no more calls, so that no attachment is made meanwhile. And it
/// needs a clear answer from the API server: a refused request (401, 403) says nothing about the
/// DaemonSet.
public final class Leaving {
  private static final int SHOWN = 10;

  private final ShimInstallation shim;
  private final Path source;
  private final Supplier<Presence> presence;
  private final AttachmentStore records;

  /// @param source the shim of this image, for putting it back
  Leaving(
      ShimInstallation shim, Path source, Supplier<Presence> presence, AttachmentStore records) {
    this.shim = shim;
    this.source = source;
    this.presence = presence;
    this.records = records;
  }

  /// For an agent whose pod put the shim into `PODBOND_PLUGIN_DIR` under `PODBOND_PLUGIN_NAMES`;
  /// empty for any other agent.
  public static Optional<Leaving> of(Map<String, String> environment) {
    String directory = environment.getOrDefault("PODBOND_PLUGIN_DIR", "");
    String names = environment.getOrDefault("PODBOND_PLUGIN_NAMES", "").strip();
    return directory.isEmpty() || names.isEmpty()
        ? Optional.empty()
        : Optional.of(of(environment, Path.of(directory), List.of(names.split(" +"))));
  }

  static Leaving of(Map<String, String> environment, Path directory, List<String> names) {
    return new Leaving(
        new ShimInstallation(directory, names),
        Path.of(System.getProperty("java.home")).resolve("bin/podbond-shim"),
        () ->
            OwnDaemonSet.of(environment)
                .map(OwnDaemonSet::presence)
                .orElseGet(() ->
                    new Presence.Unknown("this is not a pod of a DaemonSet, or has no API server")),
        new AttachmentStore(
            Optional.ofNullable(environment.get("PODBOND_STATE"))
                .map(Path::of)
                .orElse(AttachmentStore.DEFAULT_DIRECTORY)));
  }

  /// Removes the shim unless somebody needs it.
  ///
  /// @return the action and its reason, in words
  public String leave() throws IOException, StateException {
    Need before = need();
    return switch (before) {
      case Need.OfSomebody(String whose) -> "the shim stays: " + whose;
      case Need.OfNobody(String why) -> {
        shim.remove();
        // Between the check and the removal another installation or an ADD may have found the shim
        // there and relied on it.
        yield switch (need()) {
          case Need.OfNobody _ -> "removed the shim: " + why;
          case Need.OfSomebody(String whose) -> {
            shim.install(source);
            yield "removed the shim and put it back: " + whose;
          }
        };
      }
    };
  }

  /// Whether anybody needs the shim.
  private sealed interface Need {
    record OfSomebody(String whose) implements Need {}

    record OfNobody(String why) implements Need {}
  }

  private Need need() throws StateException {
    return switch (presence.get()) {
      case Presence.Wanted _ -> new Need.OfSomebody("another agent follows");
      case Presence.Unknown(String why) -> new Need.OfSomebody(why);
      case Presence.Gone(String how) -> needOfPods(how);
    };
  }

  private Need needOfPods(String how) throws StateException {
    List<String> attached = new ArrayList<>();
    List<String> damaged = new ArrayList<>();
    records.forEach(
        record -> {
          if (isThere(record) && attached.size() < SHOWN) {
            attached.add(record.key().toString());
          }
        },
        damaged::add);
    if (!attached.isEmpty()) {
      return new Need.OfSomebody("it is there for the deletion of " + String.join(", ", attached));
    }
    return damaged.isEmpty()
        ? new Need.OfNobody("the DaemonSet is not wanted any more, because " + how)
        : new Need.OfSomebody(
            "some records in the state directory are damaged: " + damaged.getFirst());
  }

  /// Whether the pod's namespace still exists. If it is gone, no runtime waits for a deletion; the
  /// record remains only for an address that IPAM has not released.
  private static boolean isThere(Attachment record) {
    return Files.exists(Path.of(record.netns()))
        && !NetnsIds.leadsElsewhere(record.netns(), record.origin().netns());
  }
}
