package dev.podbond.ipam;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podbond.cni.exec.PluginExec;
import dev.podbond.ipam.files.AddressFiles;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.SortedMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A process that is killed in the middle of its work leaves a store that both understand: every
/// file of an address is whole, and the lock is free.
final class KilledTest {
  private static final int KILLS = Integer.getInteger("podbond.kills", 6);

  @TempDir Path directory;

  /// Adds and deletes until it is killed.
  static final class Process {
    private Process() {}

    static void main(String[] arguments) throws Exception {
      Pods pods = new Pods(Path.of(arguments[0]), "10.1.0.0/24");
      PluginExec exec = Pods.ours();
      System.out.write('+');
      System.out.flush();
      for (int i = 0; ; i++) {
        pods.with(exec, "ADD", "pod" + i % 50);
        if (i >= 20) {
          pods.with(exec, "DEL", "pod" + (i - 20) % 50);
        }
      }
    }
  }

  @Test
  void leavesAStoreThatBothUnderstand() throws Exception {
    long seed = Long.getLong("podbond.seed", System.nanoTime());
    Random random = new Random(seed);
    Pods pods = new Pods(directory, "10.1.0.0/24");
    for (int kill = 0; kill < KILLS; kill++) {
      java.lang.Process process = start();
      assertThat(process.getInputStream().read()).isEqualTo('+');
      Thread.sleep(random.nextInt(400));
      process.destroyForcibly().waitFor();

      SortedMap<String, String> left = Store.of(directory, false);
      assertThat(left.entrySet())
          .as("seed %d, kill %d", seed, kill)
          .allSatisfy(file -> {
            if (file.getKey().startsWith("net/10.")) {
              assertThat(file.getValue()).as(file.getKey()).matches(" pod\\d+\\\\r\\\\nnet1");
            }
            if (file.getKey().startsWith("net/last")) {
              assertThat(file.getValue()).as(file.getKey()).matches(" 10\\.1\\.0\\.\\d+");
            }
          });
      PluginExec next = kill % 2 == 0 ? Peer.exec() : Pods.ours();
      pods.with(next, "ADD", "after");
      for (int pod = 0; pod < 50; pod++) {
        pods.with(next, "DEL", "pod" + pod);
      }
      pods.with(next, "DEL", "after");
      assertThat(Store.of(directory, false).keySet())
          .as("seed %d, kill %d", seed, kill)
          .filteredOn(name -> !name.startsWith("net/" + AddressFiles.TEMPORARY_PREFIX))
          .containsExactlyInAnyOrder("net", "net/lock", "net/last_reserved_ip.0");
    }

    pods.with(Pods.ours(), "DEL", "after");
    assertThat(Store.of(directory, false).keySet())
        .as("nothing half written stays")
        .containsExactlyInAnyOrder("net", "net/lock", "net/last_reserved_ip.0");
  }

  private java.lang.Process start() throws IOException {
    return new ProcessBuilder(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                String.join(
                    File.pathSeparator,
                    "target/test-classes",
                    System.getProperty("jdk.module.path", ""),
                    System.getProperty("java.class.path")),
                Process.class.getName(),
                directory.toString()))
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }
}
