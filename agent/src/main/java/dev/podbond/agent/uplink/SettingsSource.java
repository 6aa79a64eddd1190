package dev.podbond.agent.uplink;

import dev.podbond.bonding.uplink.PublishedUplinks;
import java.nio.file.Path;
import java.util.Optional;

/// Where a node's agent learns how uplinks are watched: from the file of the node's owner, and
/// where there is none, from the cluster's UplinkMonitors. Not for use by several threads.
public final class SettingsSource {
  private final UplinkFile own;
  private final Optional<MonitorFile> cluster;

  /// Whether the node's owner has a file, or may have one.
  private boolean ownCounts;

  private String name;

  private SettingsSource(UplinkFile own, Optional<MonitorFile> cluster) {
    this.own = own;
    this.cluster = cluster;
    this.name = own.toString();
  }

  /// The file of the node's owner alone.
  public static SettingsSource of(Path own) {
    return new SettingsSource(new UplinkFile(own), Optional.empty());
  }

  /// That file, or else what the cluster has for a node. The cluster's file is not beside the
  /// owner's, since two mounts cannot share one directory.
  ///
  /// @param own as `/etc/podbond/uplink.json`; the other one is then in `/etc/podbond-uplink`
  /// @param node its name in the cluster; empty outside of one
  public static SettingsSource of(Path own, Optional<String> node) {
    Optional<Path> directory =
        Optional.ofNullable(own.toAbsolutePath().getParent())
            .map(parent -> Path.of(parent + "-uplink"));
    return new SettingsSource(
        new UplinkFile(own),
        node.flatMap(called ->
            directory.map(path -> new MonitorFile(path.resolve(PublishedUplinks.FILE), called))));
  }

  /// What has happened to the settings since the last call.
  UplinkFile.Change look() {
    UplinkFile.Change change = own.look();
    return switch (change) {
      case UplinkFile.Change.Same() -> ownCounts ? change : clusters();
      case UplinkFile.Change.Gone() -> afterOwn(change);
      case UplinkFile.Change.Read _, UplinkFile.Change.Broken _, UplinkFile.Change.Unseen _ -> {
        ownCounts = true;
        name = own.toString();
        yield change;
      }
    };
  }

  private UplinkFile.Change clusters() {
    if (cluster.isEmpty()) {
      return new UplinkFile.Change.Same();
    }
    UplinkFile.Change change = cluster.get().look();
    if (!(change instanceof UplinkFile.Change.Same)) {
      name = cluster.get().toString();
    }
    return change;
  }

  /// The cluster's settings take the place of the owner's at once, if they can be used: no bond
  /// comes back for the second between two looks.
  private UplinkFile.Change afterOwn(UplinkFile.Change gone) {
    ownCounts = false;
    cluster.ifPresent(MonitorFile::forget);
    UplinkFile.Change next = clusters();
    if (next instanceof UplinkFile.Change.Read) {
      return next;
    }
    cluster.ifPresent(MonitorFile::forget);
    name = own.toString();
    return gone;
  }

  /// The one that has spoken last.
  @Override
  public String toString() {
    return name;
  }
}
