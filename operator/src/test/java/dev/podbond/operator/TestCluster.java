package dev.podbond.operator;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/// A real etcd and a real API server, kubectl, and operators as processes of their own.
final class TestCluster implements AutoCloseable {
  /// Not what anything should take: when to give up on a machine that does other things as well.
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  private static final Path PROGRAMS = Path.of(System.getProperty("podbond.kubernetes", "missing"));

  private final Path directory;
  private final Process server;
  private final List<Process> operators = new ArrayList<>();

  /// What a program printed.
  record Output(int status, String text) {}

  TestCluster(Path directory) {
    this.directory = directory;
    server =
        start(
            new ProcessBuilder("test-cluster/start", PROGRAMS.toString(), directory.toString()),
            directory.resolve("start.log"));
    await(
        "the API server",
        () -> {
          if (!server.isAlive()) {
            throw new AssertionError("no API server: " + read(directory.resolve("start.log")));
          }
          return Files.exists(directory.resolve("ready"));
        });
  }

  /// An operator with the rights of its service account and nothing more.
  Process operator(String identity, int webhookPort, int healthPort) {
    String token =
        kubectl("create", "token", "podbond-operator", "-n", "podbond", "--duration=10h")
            .text()
            .strip();
    ProcessBuilder builder =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:+UseSerialGC",
            "-Xmx96m",
            "-XX:TieredStopAtLevel=1",
            "-cp",
            System.getProperty("java.class.path"),
            "dev.podbond.operator.Main");
    builder.environment().put("KUBERNETES_MASTER", read(directory.resolve("server")).strip());
    builder.environment().put("KUBERNETES_AUTH_TOKEN", token);
    builder
        .environment()
        .put(
            "KUBERNETES_CERTS_CA_FILE", directory.resolve("certificates/apiserver.crt").toString());
    builder.environment().put("KUBECONFIG", "/nonexistent");
    builder.environment().put("PODBOND_IDENTITY", identity);
    builder.environment().put("PODBOND_WEBHOOK_PORT", Integer.toString(webhookPort));
    builder.environment().put("PODBOND_HEALTH_PORT", Integer.toString(healthPort));
    builder.environment().put("PODBOND_WEBHOOK_NAMES", "localhost");
    builder.environment().put("PODBOND_RENDER_NETWORKS", "true");
    Path log = directory.resolve("operator-" + identity + "-" + operators.size() + ".log");
    Process operator = start(builder, log);
    operators.add(operator);
    await(
        "operator " + identity,
        () -> {
          if (!operator.isAlive()) {
            throw new AssertionError("operator " + identity + " ended: " + read(log));
          }
          return new ProcessBuilder("curl", "-sf", "http://localhost:" + healthPort + "/readyz")
                  .redirectErrorStream(true)
                  .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                  .start()
                  .waitFor()
              == 0;
        });
    return operator;
  }

  Output kubectl(String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(PROGRAMS.resolve("kubectl").toString());
    command.add("--kubeconfig=" + directory.resolve("kubeconfig"));
    command.addAll(List.of(arguments));
    return run(command, "");
  }

  /// Must succeed.
  String apply(String yaml) {
    Output output = tryApply(yaml);
    if (output.status() != 0) {
      throw new AssertionError("kubectl apply: " + output.text());
    }
    return output.text();
  }

  Output tryApply(String yaml) {
    return run(
        List.of(
            PROGRAMS.resolve("kubectl").toString(),
            "--kubeconfig=" + directory.resolve("kubeconfig"),
            "apply",
            "--server-side",
            "-f",
            "-"),
        yaml);
  }

  String helm(String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(PROGRAMS.resolve("helm").toString());
    command.addAll(List.of(arguments));
    Output output = run(command, "");
    if (output.status() != 0) {
      throw new AssertionError("helm: " + output.text());
    }
    return output.text();
  }

  /// What `kubectl get` prints with a JSONPath, once it is as wanted.
  String await(String what, String jsonPath, Predicate<String> wanted) {
    String[] last = {""};
    String[] target = what.split(" ");
    await(
        what + " " + jsonPath + " as wanted",
        () -> {
          List<String> arguments = new ArrayList<>(List.of("get"));
          arguments.addAll(List.of(target));
          arguments.add("-o");
          arguments.add("jsonpath=" + jsonPath);
          last[0] = kubectl(arguments.toArray(String[]::new)).text();
          return wanted.test(last[0]);
        },
        last);
    return last[0];
  }

  private interface Condition {
    boolean holds() throws IOException, InterruptedException;
  }

  private static void await(String what, Condition condition, String... last) {
    Instant end = Instant.now().plus(PATIENCE);
    try {
      while (!condition.holds()) {
        if (Instant.now().isAfter(end)) {
          throw new AssertionError(
              "waited in vain for " + what + "; last: " + String.join("", last));
        }
        Thread.sleep(300);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private static Process start(ProcessBuilder builder, Path log) {
    try {
      return builder.redirectErrorStream(true).redirectOutput(log.toFile()).start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Output run(List<String> command, String input) {
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      try (var stdin = process.getOutputStream()) {
        stdin.write(input.getBytes(StandardCharsets.UTF_8));
      }
      String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return new Output(process.waitFor(), text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    operators.forEach(Process::destroyForcibly);
    server.destroy();
    try {
      server.waitFor();
    } catch (InterruptedException e) {
      server.destroyForcibly();
    }
  }
}
