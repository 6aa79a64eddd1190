package dev.podbond.agent.pending;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podbond.agent.wire.Answer;
import dev.podbond.agent.wire.Call;
import dev.podbond.metrics.NodeReading;
import dev.podbond.node.state.StateFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PendingDeletionsTest {
  private static final Answer DONE = new Answer(0, "", "");
  private static final Answer FAILED = new Answer(1, "{\"code\": 104}", "");

  @TempDir Path state;
  private final List<String> unreadable = new ArrayList<>();
  private PendingDeletions pending;

  @BeforeEach
  void open() throws IOException {
    pending = new PendingDeletions(state, StateFiles.DURABLE);
    Files.createDirectories(pending.directory());
  }

  private static Call call(String verb, String container) {
    return new Call(
        "bond",
        Map.of("CNI_COMMAND", verb, "CNI_CONTAINERID", container, "CNI_IFNAME", "net1"),
        "{}");
  }

  private List<PendingDeletions.Pending> all() throws IOException {
    List<Path> files = new ArrayList<>();
    pending.forEachFile(files::add);
    List<PendingDeletions.Pending> all = new ArrayList<>();
    for (Path file : files) {
      pending.read(file, unreadable::add).ifPresent(all::add);
    }
    return all;
  }

  private Path leave(String name, byte[] content) throws IOException {
    return Files.write(pending.directory().resolve(name), content);
  }

  private Path leave(Call call) throws IOException {
    return leave(call.containerId() + ":net1:bond", call.toFrame().toBytes());
  }

  @Test
  void aRequestThatAShimLeftIsFound() throws IOException {
    leave(call("DEL", "a"));
    leave(call("DEL", "b"));
    assertThat(all()).extracting("call.containerId").containsExactlyInAnyOrder("a", "b");
    assertThat(pending.of("b", "net1", unreadable::add)).hasSize(1);
    assertThat(pending.of("b", "net2", unreadable::add)).isEmpty();
    assertThat(unreadable).isEmpty();
  }

  @Test
  void aRequestIsFoundHoweverOftenThereWasNoneBefore() throws IOException {
    Files.setLastModifiedTime(pending.directory(), FileTime.from(Instant.now().minusSeconds(60)));
    for (int i = 0; i < 3; i++) {
      assertThat(pending.of("a", "net1", unreadable::add)).isEmpty();
      assertThat(pending.heldBytes("a", "net1")).isZero();
    }
    Path file = leave(call("DEL", "a"));
    assertThat(pending.of("a", "net1", unreadable::add)).hasSize(1);
    assertThat(pending.heldBytes("a", "net1")).isEqualTo(Files.size(file));
  }

  @Test
  void withoutADirectoryNothingWaits() throws IOException {
    Files.delete(pending.directory());
    assertThat(all()).isEmpty();
  }

  @Test
  void aFileStillBeingWrittenIsIgnored() throws IOException {
    leave(".a:net1:bond.17", new byte[] {1, 2});
    assertThat(all()).isEmpty();
    assertThat(unreadable).isEmpty();
  }

  @Test
  void aRequestGoesOnlyWhenItIsDone() throws IOException {
    Path file = leave(call("DEL", "a"));
    PendingDeletions.Pending one = all().getFirst();
    assertThat(pending.carryOut(one, _ -> FAILED)).isEqualTo(FAILED);
    assertThat(file).exists();
    assertThat(pending.carryOut(one, _ -> DONE)).isEqualTo(DONE);
    assertThat(file).doesNotExist();
  }

  @Test
  void aFileThatIsNotADeletionIsSetAside() throws IOException {
    byte[] bytes = call("DEL", "a").toFrame().toBytes();
    leave("torn:net1:bond", Arrays.copyOf(bytes, 30));
    leave("empty:net1:bond", new byte[0]);
    leave("other:net1:bond", bytes);
    leave("add:net1:bond", call("ADD", "add").toFrame().toBytes());
    leave(call("DEL", "good"));
    assertThat(all()).hasSize(1);
    assertThat(unreadable).hasSize(4).allMatch(line -> line.contains("damaged"));
    assertThat(state.resolve("damaged/pending-torn:net1:bond")).exists();
    assertThat(all()).hasSize(1);
    assertThat(unreadable).hasSize(4);
  }

  /// Opening a pipe would block for ever.
  @Test
  void aFileThatIsNotRegularIsSetAside() throws Exception {
    new ProcessBuilder("mkfifo", pending.directory().resolve("pipe:net1:bond").toString())
        .start()
        .waitFor();
    Files.createDirectories(pending.directory().resolve("directory:net1:bond/in it"));
    Files.createSymbolicLink(pending.directory().resolve("link:net1:bond"), Path.of("/etc/passwd"));
    leave(call("DEL", "good"));
    assertThat(all()).hasSize(1);
    assertThat(unreadable).hasSize(3).allMatch(line -> line.contains("not an ordinary file"));
    assertThat(all()).hasSize(1);
    assertThat(unreadable).hasSize(3);
    assertThat(Path.of("/etc/passwd")).exists();
  }

  @Test
  void theListingStopsWhenItsReaderHasEnough() throws IOException {
    for (int i = 0; i < 10; i++) {
      leave(call("DEL", "a" + i));
    }
    List<Path> files = new ArrayList<>();
    pending.forEachFile(file -> {
      files.add(file);
      return files.size() < 3;
    });
    assertThat(files).hasSize(3);
  }

  @Test
  void howManyWaitAndSinceWhenIsTold() throws IOException {
    assertThat(pending.waiting()).isEqualTo(NodeReading.PendingReading.NONE);
    Files.setLastModifiedTime(leave(call("DEL", "c1")), FileTime.fromMillis(7_000));
    Files.setLastModifiedTime(leave(call("DEL", "c2")), FileTime.fromMillis(5_000));
    leave(".new-x", new byte[0]);
    assertThat(pending.waiting()).isEqualTo(new NodeReading.PendingReading(2, 5_000));
    assertThat(new PendingDeletions(state.resolve("none"), StateFiles.DURABLE).waiting())
        .isEqualTo(NodeReading.PendingReading.NONE);
  }
}
