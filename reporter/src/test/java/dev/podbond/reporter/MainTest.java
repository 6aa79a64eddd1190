package dev.podbond.reporter;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The executable, in a process of its own.
final class MainTest {
  @TempDir Path directory;

  /// No URL can be made of this server's name, which the reporter expects of no cluster. The
  /// threads of the metrics are there at that time, or about to come.
  @Test
  void aDefectEndsTheProcessAlthoughItServesMetrics() throws Exception {
    Path log = directory.resolve("log");
    ProcessBuilder builder =
        new ProcessBuilder(
                List.of(
                    Path.of(System.getProperty("java.home"), "bin/java").toString(),
                    "-cp",
                    String.join(
                        File.pathSeparator,
                        "target/classes",
                        System.getProperty("java.class.path", ""),
                        System.getProperty("jdk.module.path", "")),
                    Main.class.getName()))
            .redirectErrorStream(true)
            .redirectOutput(log.toFile());
    builder.environment().put("NODE", "n1");
    builder.environment().put("KUBERNETES_SERVICE_HOST", "no host");
    builder.environment().put("PODBOND_QUERY_SOCKET", directory.resolve("agent.sock").toString());
    builder.environment().put("PODBOND_SOCKET", directory.resolve("ready.sock").toString());
    builder.environment().put("PODBOND_METRICS_LISTEN", "127.0.0.1:" + freePort());
    Process process = builder.start();
    try {
      assertThat(process.waitFor(2, TimeUnit.MINUTES)).as(Files.readString(log)).isTrue();
      assertThat(process.exitValue()).as(Files.readString(log)).isEqualTo(70);
      assertThat(log).content().contains("a defect ended its thread main", "no host");
    } finally {
      process.destroyForcibly();
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return free.getLocalPort();
    }
  }
}
