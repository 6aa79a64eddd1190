package dev.podbond.agent.pending;

import dev.podbond.agent.wire.Answer;
import dev.podbond.agent.wire.Call;
import dev.podbond.agent.wire.FrameChannel;
import dev.podbond.agent.wire.MalformedFrameException;
import dev.podbond.cni.spec.NetworkConfig;
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
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;

/// Deletions that shims were asked for while no agent answered: one file each, which goes when the
/// deletion is done (docs/shim-protocol.md, "Requests for deletion").
public final class PendingDeletions {
  /// Below the state directory.
  public static final String DIRECTORY = "pending";

  /// Longer than any that ADD would have been carried out with.
  private static final int MOST_BYTES = 2 * NetworkConfig.LIMITS.bytes();

  private final Path directory;
  private final StateFiles files;

  /// Those below a node's state directory.
  public PendingDeletions(Path stateDirectory, StateFiles files) {
    this.files = files;
    this.directory = stateDirectory.resolve(DIRECTORY);
  }

  /// One that waits.
  ///
  /// @param file what stands for it
  public record Pending(Path file, Call call) {}

  public Path directory() {
    return directory;
  }

  /// Names the files of all that wait, one after the other and in no order: there may be many.
  ///
  /// @param each is told of a file, and returns whether it wants to hear of more
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

  /// Those of one attachment: one for each plugin at most.
  public List<Pending> of(String containerId, String ifname, Consumer<String> unreadable)
      throws IOException {
    List<Path> files = new ArrayList<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
      for (Path file : entries) {
        if (isOf(containerId, ifname, file)) {
          files.add(file);
        }
      }
    } catch (NoSuchFileException _) {
      return List.of();
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
    List<Pending> pending = new ArrayList<>();
    for (Path file : files.stream().sorted().toList()) {
      read(file, unreadable).ifPresent(pending::add);
    }
    return pending;
  }

  /// How much of those of one attachment is held when they are read, in bytes.
  public long heldBytes(String containerId, String ifname) {
    long held = 0;
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
      for (Path file : entries) {
        if (isOf(containerId, ifname, file)) {
          held += Math.min(MOST_BYTES, Files.size(file));
        }
      }
    } catch (IOException | DirectoryIteratorException _) {
      // Nothing can be read of them either, which is said there.
    }
    return held;
  }

  private static boolean isOf(String containerId, String ifname, Path file) {
    return name(file).startsWith(containerId + ":" + ifname + ":") && isRequest(name(file));
  }

  /// Names that begin with a dot are still being written.
  private static boolean isRequest(String name) {
    return !name.startsWith(".");
  }

  /// Reads the request in a file; empty if it is gone. One that holds none is moved aside, to be
  /// looked at by a person.
  ///
  /// @param unreadable is told of a file that was moved aside
  public Optional<Pending> read(Path file, Consumer<String> unreadable) throws IOException {
    try {
      Call call = Call.of(whole(file));
      String expected = call.containerId() + ":" + call.ifname() + ":" + call.plugin();
      if (!call.verb().equals("DEL") || !name(file).equals(expected)) {
        throw new MalformedFrameException("it is the " + call.verb() + " of " + expected);
      }
      return Optional.of(new Pending(file, call));
    } catch (NoSuchFileException _) {
      return Optional.empty();
    } catch (MalformedFrameException | StateFile.UnfitFileException e) {
      setAside(file, String.valueOf(e.getMessage()), unreadable);
    } catch (RuntimeException e) {
      // A defect of ours, but of this request alone: the others have theirs to be read.
      setAside(file, "it could not be read by a defect: " + e, unreadable);
    }
    return Optional.empty();
  }

  private void setAside(Path file, String why, Consumer<String> unreadable) throws IOException {
    Path aside =
        directory.resolveSibling("damaged").resolve("pending-" + StateFile.plainName(file));
    files.setAside(file, aside);
    unreadable.accept("the request for deletion " + file + " was moved to " + aside + ": " + why);
  }

  /// As a call over a connection is read: of one that is too long the beginning is enough, since
  /// its record says what is to be deleted.
  private static FrameChannel.Received whole(Path file) throws IOException {
    StateFile.requireOrdinary(file);
    try (FileChannel content =
            FileChannel.open(file, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);
        FrameChannel frames = new FrameChannel(content, MOST_BYTES)) {
      FrameChannel.Received received = frames.receive();
      if (content.position() != content.size()) {
        throw new MalformedFrameException("there is something after it");
      }
      return received;
    } catch (EOFException e) {
      throw new MalformedFrameException("it ends too early");
    }
  }

  private static String name(Path file) {
    return String.valueOf(file.getFileName());
  }

  /// Carries one out, and forgets it if that succeeds.
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
