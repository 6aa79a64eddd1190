package dev.podbond.agent.uplink;

import dev.podbond.bonding.config.InvalidConfigException;
import dev.podbond.bonding.uplink.UplinkSettings;
import dev.podbond.json.JsonException;
import dev.podbond.value.IoReason;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.Objects;
import java.util.Optional;

/// A file that says how uplinks are watched: that of the node's owner, or the one of the cluster.
/// It is read again only when it is another file, or has another time or length, so that to look at
/// it costs one call of the kernel. Not for use by several threads.
final class UplinkFile {
  private final Path path;
  private final int mostBytes;
  private final Content content;
  private Stamp last = Stamp.NONE;

  /// What a file was when it was read.
  private record Stamp(Optional<Object> key, FileTime time, long bytes) {
    static final Stamp NONE = new Stamp(Optional.empty(), FileTime.fromMillis(0), -1);

    /// Of a file that cannot be looked at, for one and the same reason.
    static Stamp unseen(String why) {
      return new Stamp(Optional.of(why), FileTime.fromMillis(0), -1);
    }
  }

  /// What has become of the file.
  sealed interface Change {
    /// It is as it was.
    record Same() implements Change {}

    /// There is none any more.
    record Gone() implements Change {}

    /// It has new settings.
    record Read(UplinkSettings settings) implements Change {}

    /// It cannot be understood.
    record Broken(String why) implements Change {}

    /// Nobody can tell whether there is one, or what is in it. Told once for each reason.
    record Unseen(String why) implements Change {}
  }

  /// What the bytes of a file mean.
  interface Content {
    /// One byte more than is read of it tells that it is too long.
    Change of(byte[] bytes) throws JsonException, InvalidConfigException;
  }

  /// The file of a node's owner, with nothing but settings.
  UplinkFile(Path path) {
    this(
        path, UplinkSettings.LIMITS.bytes(), bytes -> new Change.Read(UplinkSettings.parse(bytes)));
  }

  UplinkFile(Path path, int mostBytes, Content content) {
    this.path = path;
    this.mostBytes = mostBytes;
    this.content = content;
  }

  /// Has the next look read it as if for the first time.
  void forget() {
    last = Stamp.NONE;
  }

  /// What has happened to it since the last call.
  Change look() {
    try {
      BasicFileAttributes now = Files.readAttributes(path, BasicFileAttributes.class);
      Stamp stamp =
          new Stamp(Optional.ofNullable(now.fileKey()), now.lastModifiedTime(), now.size());
      if (stamp.equals(last)) {
        return new Change.Same();
      }
      last = stamp;
      // To open anything else, as a pipe, could wait for ever.
      return now.isRegularFile() ? read() : broken("it is no file");
    } catch (NoSuchFileException _) {
      boolean wasThere = !last.equals(Stamp.NONE);
      last = Stamp.NONE;
      return wasThere ? new Change.Gone() : new Change.Same();
    } catch (IOException e) {
      Stamp unseen = Stamp.unseen(IoReason.of(e));
      if (unseen.equals(last)) {
        return new Change.Same();
      }
      last = unseen;
      return unseen(e);
    }
  }

  private Change read() {
    try (InputStream file = Files.newInputStream(path)) {
      return content.of(file.readNBytes(mostBytes + 1));
    } catch (JsonException | InvalidConfigException e) {
      return broken(Objects.requireNonNullElse(e.getMessage(), "it is no JSON"));
    } catch (IOException e) {
      return unseen(e);
    }
  }

  private Change broken(String why) {
    return new Change.Broken("the settings " + path + " cannot be used: " + why);
  }

  private Change unseen(IOException e) {
    return new Change.Unseen("the settings " + path + " cannot be read: " + IoReason.of(e));
  }

  @Override
  public String toString() {
    return path.toString();
  }
}
