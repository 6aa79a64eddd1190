package dev.podbond.agent.uplink;

import dev.podbond.bonding.config.InvalidConfigException;
import dev.podbond.bonding.uplink.PublishedUplinks;
import dev.podbond.bonding.uplink.PublishedUplinks.Part;
import dev.podbond.bonding.uplink.UplinkSettings;
import dev.podbond.json.JsonException;
import dev.podbond.json.JsonObject;
import dev.podbond.json.Printable;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;

/// What the UplinkMonitors of the cluster set for this node. The file is that of all nodes, and
/// changes when anything of any node does: what counts is this node's part. Not for use by several
/// threads.
final class MonitorFile {
  /// The longest name of an object.
  private static final int MOST_NAME_CHARS = 253;

  private final String node;
  private final UplinkFile file;
  private Optional<Part> last = Optional.empty();
  private String monitor = "";

  /// @param path the file, as kubelet makes it of a ConfigMap; it need not exist
  /// @param node the node's name in the cluster
  MonitorFile(Path path, String node) {
    this.node = node;
    this.file = new UplinkFile(path, PublishedUplinks.LIMITS.bytes(), this::read);
  }

  /// What has happened to this node's part since the last call.
  UplinkFile.Change look() {
    UplinkFile.Change change = file.look();
    return change instanceof UplinkFile.Change.Gone ? gone() : change;
  }

  /// Has the next look tell what is there as if it were new.
  void forget() {
    file.forget();
    last = Optional.empty();
  }

  private UplinkFile.Change read(byte[] text) throws JsonException {
    Optional<Part> now = PublishedUplinks.of(text, node);
    if (now.isEmpty()) {
      return new UplinkFile.Change.Gone();
    }
    if (now.equals(last)) {
      return new UplinkFile.Change.Same();
    }
    last = now;
    monitor = Printable.head(now.get().monitor(), MOST_NAME_CHARS);
    return switch (now.get().content()) {
      case PublishedUplinks.Content.Settings(JsonObject settings) -> read(settings);
      case PublishedUplinks.Content.Unusable(String why) -> broken(why);
    };
  }

  /// By the limits of an owner's file: a text for all nodes has room for far more, and the log
  /// would have to name each member that is wrong.
  private UplinkFile.Change read(JsonObject settings) {
    try {
      return new UplinkFile.Change.Read(UplinkSettings.parse(settings));
    } catch (JsonException | InvalidConfigException e) {
      return broken(Objects.requireNonNullElse(e.getMessage(), "it is no JSON"));
    }
  }

  private UplinkFile.Change broken(String why) {
    return new UplinkFile.Change.Broken(this + " cannot be used: " + why);
  }

  /// Of a file that is not there, and of one that has nothing for this node.
  private UplinkFile.Change gone() {
    boolean wasThere = last.isPresent();
    last = Optional.empty();
    return wasThere ? new UplinkFile.Change.Gone() : new UplinkFile.Change.Same();
  }

  /// The monitor that was followed last.
  @Override
  public String toString() {
    return "the UplinkMonitor " + monitor + " for this node";
  }
}
