package dev.podbond.agent.pending;

import dev.podbond.agent.wire.Answer;
import dev.podbond.agent.wire.Call;
import dev.podbond.agent.wire.FrameChannel;
import dev.podbond.agent.wire.MalformedFrameException;
import dev.podbond.agent.wire.PendingName;
import dev.podbond.cni.spec.NetworkConfig;
import dev.podbond.metrics.NodeReading;
import dev.podbond.node.state.StateFile;
import dev.podbond.node.state.StateFiles;
import java.io.EOFException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Deletions for which shims got no answer from an agent. Each has a file, which is removed when
/// the deletion is done (docs/shim-protocol.md, "Requests for deletion").
public final class PendingDeletions {
  /// In bytes. ADD refuses longer configurations and variables, so a longer request cannot stand
  /// for an attachment that was made.
  private static final int MOST_BYTES = 2 * NetworkConfig.LIMITS.bytes();

  /// A change of the directory so soon after another need not show in its time: the kernel's clock
  /// for that ticks 100 to 1000 times a second.
  private static final Duration TELLING = Duration.ofMillis(100);

  /// A number of deletions that nobody needs to know more exactly.
  private static final int MOST_COUNTED = 10_000;

  private final Path directory;
  private final StateFiles files;
  private volatile Optional<Unchanged> emptyAt = Optional.empty();

  /// The directory as it was when nothing was in it.
  private record Unchanged(@Nullable Object directory, FileTime changed) {
    static Unchanged of(BasicFileAttributes attributes) {
      return new Unchanged(attributes.fileKey(), attributes.lastModifiedTime());
    }
  }

  /// The deletions below a node's state directory.
  public PendingDeletions(Path stateDirectory, StateFiles files) {
    this.files = files;
    this.directory = stateDirectory.resolve(PendingName.DIRECTORY);
  }

  /// A deletion that waits.
  ///
  /// @param file the file that holds it
  public record Pending(Path file, Call call) {}

  public Path directory() {
    return directory;
  }

  /// How many deletions wait, and since when the first of them; at most [#MOST_COUNTED] are looked
  /// at.
  public NodeReading.PendingReading waiting() throws IOException {
    int[] count = {0};
    long[] oldestMillis = {0};
    forEachFile(file -> {
      try {
        long millis = Files.getLastModifiedTime(file, LinkOption.NOFOLLOW_LINKS).toMillis();
        oldestMillis[0] = count[0] == 0 ? millis : Math.min(oldestMillis[0], millis);
        count[0]++;
      } catch (IOException _) {
        // It was carried out meanwhile.
      }
      return count[0] < MOST_COUNTED;
    });
    return new NodeReading.PendingReading(count[0], oldestMillis[0]);
  }

  /// Names the files of all deletions that wait, one by one and in no order: there may be many.
  ///
  /// @param each receives a file, and returns whether it wants more
  public void forEachFile(Predicate<Path> each) throws IOException {
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
      for (Path file : entries) {
        if (isRequest(name(file)) && !each.test(file)) {
          return;
        }
      }
    } catch (NoSuchFileException _) {
      // No shim ever left one.
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
  }

  /// The deletions of one attachment, at most one for each plugin.
  public List<Pending> of(String containerId, String ifname, Consumer<String> unreadable)
      throws IOException {
    List<Path> files = filesOf(containerId, ifname);
    List<Pending> pending = new ArrayList<>();
    for (Path file : files.stream().sorted().toList()) {
      read(file, unreadable).ifPresent(pending::add);
    }
    return pending;
  }

  /// The bytes that the deletions of one attachment occupy when they are read.
  public long heldBytes(String containerId, String ifname) {
    long held = 0;
    try {
      for (Path file : filesOf(containerId, ifname)) {
        held += Math.min(MOST_BYTES, Files.size(file));
      }
    } catch (IOException _) {
      // They cannot be read either, and the reading reports that.
    }
    return held;
  }

  /// Each call asks, and nearly always there is nothing: then the directory is as it was when it
  /// was read last.
  private List<Path> filesOf(String containerId, String ifname) throws IOException {
    List<Path> files = new ArrayList<>();
    boolean empty = true;
    Instant now = Instant.now();
    try {
      Unchanged before = Unchanged.of(Files.readAttributes(directory, BasicFileAttributes.class));
      if (emptyAt.equals(Optional.of(before))) {
        return files;
      }
      try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
        for (Path file : entries) {
          empty = false;
          if (isOf(containerId, ifname, file)) {
            files.add(file);
          }
        }
      }
      boolean isTelling = before.changed().toInstant().plus(TELLING).isBefore(now);
      emptyAt = empty && isTelling ? Optional.of(before) : Optional.empty();
      return files;
    } catch (NoSuchFileException _) {
      // No shim ever left one.
      return List.of();
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
  }

  private static boolean isOf(String containerId, String ifname, Path file) {
    return name(file).startsWith(containerId + ":" + ifname + ":") && isRequest(name(file));
  }

  /// Files whose names begin with a dot are still being written.
  private static boolean isRequest(String name) {
    return !name.startsWith(".");
  }

  /// Reads the request in a file; empty if the file is gone. A file without a valid request is
  /// moved aside for a person to look at.
  ///
  /// @param unreadable receives a message about a file that was moved aside
  public Optional<Pending> read(Path file, Consumer<String> unreadable) throws IOException {
    try {
      Call call = Call.of(whole(file));
      String expected = PendingName.of(call).toString();
      if (!call.verb().equals("DEL") || !name(file).equals(expected)) {
        throw new MalformedFrameException("it is the " + call.verb() + " of " + expected);
      }
      return Optional.of(new Pending(file, call));
    } catch (NoSuchFileException _) {
      return Optional.empty();
    } catch (MalformedFrameException | StateFile.UnfitFileException e) {
      setAside(file, String.valueOf(e.getMessage()), unreadable);
    } catch (RuntimeException e) {
      // A defect of ours. It must not keep the other requests from being read.
      setAside(file, "it could not be read because of a defect: " + e, unreadable);
    }
    return Optional.empty();
  }

  private void setAside(Path file, String why, Consumer<String> unreadable) throws IOException {
    Path aside =
        directory.resolveSibling("damaged").resolve("pending-" + StateFile.plainName(file));
    files.setAside(file, aside);
    unreadable.accept("the request for deletion " + file + " was moved to " + aside + ": " + why);
  }

  /// Reads the file as a call over a connection is read. If it is too long, its beginning is
  /// enough, because the record of the attachment says what to delete.
  private static FrameChannel.Received whole(Path file) throws IOException {
    StateFile.requireOrdinary(file);
    try (FileChannel content =
            FileChannel.open(file, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);
        FrameChannel frames = new FrameChannel(content, MOST_BYTES)) {
      FrameChannel.Received received = frames.receive();
      if (content.position() != content.size()) {
        throw new MalformedFrameException("more bytes follow it");
      }
      return received;
    } catch (EOFException e) {
      throw new MalformedFrameException("it ends too early");
    }
  }

  private static String name(Path file) {
    return String.valueOf(file.getFileName());
  }

  /// Carries out a deletion, and removes its file if that succeeds.
  ///
  /// @param serve carries out its call
  /// @return the answer to the call
  public Answer carryOut(Pending pending, Function<Call, Answer> serve) throws IOException {
    Answer answer = serve.apply(pending.call());
    if (answer.exitCode() == 0) {
      files.delete(pending.file());
    }
    return answer;
  }
}
