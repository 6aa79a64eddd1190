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

/// What an agent's pod does last of all: it takes the shim away if no agent follows and no pod of
/// the node needs it any more. While a pod has an attachment the runtime needs it: it would never
/// let the pod go without.
///
/// It is done when the agent answers nobody any more, so that no attachment is made behind its
/// back, and only on the API server's own word: whoever is not let in learns nothing.
public final class Leaving {
  private static final int SHOWN = 10;

  private final ShimInstallation shim;
  private final Path source;
  private final Supplier<Presence> presence;
  private final AttachmentStore records;

  /// @param source the shim of this image, to put it back
  Leaving(
      ShimInstallation shim, Path source, Supplier<Presence> presence, AttachmentStore records) {
    this.shim = shim;
    this.source = source;
    this.presence = presence;
    this.records = records;
  }

  /// That of an agent whose pod put the shim into `PODBOND_PLUGIN_DIR` under
  /// `PODBOND_PLUGIN_NAMES`; empty for any other agent.
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
                    new Presence.Unknown("this is no pod of a DaemonSet, or has no API server")),
        new AttachmentStore(
            Optional.ofNullable(environment.get("PODBOND_STATE"))
                .map(Path::of)
                .orElse(AttachmentStore.DEFAULT_DIRECTORY)));
  }

  /// Takes the shim away unless somebody needs it.
  ///
  /// @return what was done and why
  public String leave() throws IOException, StateException {
    Need before = need();
    return switch (before) {
      case Need.OfSomebody(String whose) -> "the shim stays: " + whose;
      case Need.OfNobody(String why) -> {
        shim.remove();
        // Whoever came in between found the shim there: another installation, or an ADD.
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
        ? new Need.OfNobody("the DaemonSet is not wanted any more, as " + how)
        : new Need.OfSomebody(
            "some records in the state directory are damaged: " + damaged.getFirst());
  }

  /// Where the namespace is gone no runtime waits for a deletion; what is still on record is an
  /// address that IPAM did not take back.
  private static boolean isThere(Attachment record) {
    return Files.exists(Path.of(record.netns()))
        && !NetnsIds.leadsElsewhere(record.netns(), record.origin().netns());
  }
}
