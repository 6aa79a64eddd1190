package dev.podbond.agent.watch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podbond.agent.serve.AgentLog;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class FileWatchTest {
  @TempDir Path directory;
  private final ByteArrayOutputStream logged = new ByteArrayOutputStream();
  private final AgentLog log = new AgentLog(new PrintStream(logged, true, StandardCharsets.UTF_8));
  private final BlockingQueue<String> seen = new LinkedBlockingQueue<>();

  private final class Seeing implements FileWatch.Listener {
    @Override
    public void appeared(Path file) {
      seen.add("appeared " + file.getFileName());
      if (file.endsWith("defect")) {
        throw new IllegalStateException("of the listener");
      }
    }

    @Override
    public void disappeared(Path file) {
      seen.add("disappeared " + file.getFileName());
    }

    @Override
    public void overflowed(Path directory) {
      seen.add("overflowed");
    }
  }

  private void awaitNext(String what) throws InterruptedException {
    assertThat(seen.poll(1, TimeUnit.MINUTES)).isEqualTo(what);
  }

  @Test
  void aClosedWatchSilentlyAddsNoDirectory() throws Exception {
    FileWatch watch = FileWatch.open(new Seeing(), log);
    watch.close();
    watch.add(directory);
    assertThat(logged.toString(StandardCharsets.UTF_8)).isEmpty();
  }

  @Test
  void filesAreSeenToComeAndGoEvenAfterADefect() throws Exception {
    try (FileWatch watch = FileWatch.open(new Seeing(), log)) {
      watch.add(directory);
      watch.start();
      Files.createFile(directory.resolve("defect"));
      awaitNext("appeared defect");
      Files.createFile(directory.resolve("a"));
      awaitNext("appeared a");
      Files.delete(directory.resolve("a"));
      awaitNext("disappeared a");
      assertThat(watch.seesAll()).isTrue();
    }
  }

  /// A container host easily uses up its 128 inotify instances.
  @Test
  void withoutInotifyTheWatchSaysThatItSeesNothing() throws Exception {
    FileWatch.Source usedUp =
        () -> {
          throw new IOException("User limit of inotify instances reached or too many open files");
        };
    try (FileWatch watch = FileWatch.open(usedUp, new Seeing(), log)) {
      watch.add(directory);
      watch.start();
      assertThat(watch.seesAll()).isFalse();
      assertThat(watch.blindness().orElseThrow())
          .contains("every few seconds", "User limit of inotify", "max_user_instances");
      assertThat(logged.toString(StandardCharsets.UTF_8)).contains("files cannot be watched");
    }
  }
}
