package dev.podbond.operator;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Predicate;

/// A real etcd and a real API server, kubectl, and operators as processes of their own.
final class TestCluster implements AutoCloseable {
  /// Not an expected duration: when to give up on a machine that does other things as well.
  private static final Duration PATIENCE = Duration.ofMinutes(10);

  /// Each look starts a process, which slows the others down: the longer the wait, the rarer the
  /// looks.
  private static final int SOON_MILLIS = 200;

  private static final int LATER_MILLIS = 3000;

  private static final Path PROGRAMS = Path.of(System.getProperty("podbond.kubernetes", "missing"));

  /// Where operators write the classes that they load, if anybody wants to know.
  private static final String CLASS_LISTS = System.getProperty("podbond.class-lists");

  private static final String CHART = "../packaging/chart";
  private static final String NAMESPACE = "podbond";

  private static final String NAMESPACES =
      """
      ---
      {apiVersion: v1, kind: Namespace, metadata: {name: podbond}}
      ---
      {apiVersion: v1, kind: Namespace, metadata: {name: openshift-sriov-network-operator}}
      ---
      """;

  private final Path directory;
  private final Process server;
  private Optional<Process> placing = Optional.empty();
  private final List<OperatorProcess> operators = new ArrayList<>();

  /// @param log everything it printed
  record OperatorProcess(Process process, Path log) {
    /// Kills it, like a node that loses its power.
    void kill() {
      try {
        process.destroyForcibly().waitFor();
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }
  }

  /// What a program printed.
  record Output(int status, String text) {}

  TestCluster(Path directory) {
    this.directory = directory;
    server = script("start");
    await(
        "the API server",
        () -> {
          if (!server.isAlive()) {
            throw new AssertionError("no API server: " + read(directory.resolve("start.log")));
          }
          return Files.exists(directory.resolve("ready"));
        });
  }

  /// Starts a scheduler, and the controller that makes pods' claims.
  void placePods() {
    placing = Optional.of(script("schedule"));
  }

  private Process script(String name) {
    return start(
        new ProcessBuilder("test-cluster/" + name, PROGRAMS.toString(), directory.toString()),
        directory.resolve(name + ".log"));
  }

  /// A free port outside the range from which the kernel takes ports for outgoing connections: one
  /// of those can be taken at any moment.
  static int freePort() {
    while (true) {
      int port = ThreadLocalRandom.current().nextInt(20_000, 30_000);
      try (ServerSocket probe = new ServerSocket(port)) {
        return probe.getLocalPort();
      } catch (IOException _) {
        // Taken: another one.
      }
    }
  }

  /// Installs the kinds of other projects as these publish them, and the namespaces.
  void installKinds() {
    installWith("");
  }

  /// In one call, as each kubectl first has to discover the API.
  private void installWith(String yaml) {
    List<String> arguments = new ArrayList<>(List.of("apply", "--server-side", "-f", "-"));
    for (String crd : read(Path.of(System.getProperty("podbond.crds"))).split("\n")) {
      arguments.addAll(List.of("-f", crd));
    }
    Output output = onInput(NAMESPACES + yaml, arguments.toArray(String[]::new));
    if (output.status() != 0) {
      throw new AssertionError("kubectl apply: " + output.text());
    }
  }

  /// Installs the objects of other projects, and the chart.
  ///
  /// @param values as helm's `--set` takes them
  void install(String... values) {
    installWith(chart(values));
  }

  /// What the chart renders.
  String chart(String... values) {
    List<String> arguments =
        new ArrayList<>(List.of("template", "podbond", CHART, "--namespace=" + NAMESPACE));
    for (String value : values) {
      arguments.add("--set=" + value);
    }
    return helm(arguments.toArray(String[]::new));
  }

  /// Starts a replica of the operator and waits until it is ready: the process of its image,
  /// contained as in a cluster, with exactly the rights of its service account.
  ///
  /// @param environment in addition to what the Deployment always sets
  OperatorProcess operator(
      String identity, int webhookPort, int healthPort, Map<String, String> environment) {
    OperatorProcess operator = start(identity, webhookPort, healthPort, environment);
    await(
        "operator " + identity,
        () -> {
          if (!operator.process().isAlive()) {
            throw new AssertionError("operator " + identity + " ended: " + read(operator.log()));
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

  /// Starts a replica of the operator that may never become ready.
  OperatorProcess start(
      String identity, int webhookPort, int healthPort, Map<String, String> environment) {
    ContainerImage image = ContainerImage.ofOperator();
    List<String> command = new ArrayList<>();
    command.addAll(
        List.of(
            "../testing/contain",
            image.rootfs().toString(),
            image.user(),
            "",
            serviceAccount("podbond-operator")
                + ":/var/run/secrets/kubernetes.io/serviceaccount:ro"));
    String insisting = "";
    if (CLASS_LISTS == null) {
      command.add("--");
      command.addAll(image.entrypoint());
      // One whose start-up cache does not fit is slower than one without, and says nothing.
      insisting = "-XX:AOTMode=on";
    } else {
      command.addAll(List.of(CLASS_LISTS + ":/classes", "--"));
      command.addAll(recording(image.entrypoint()));
    }
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().put("JDK_JAVA_OPTIONS", insisting);
    builder.environment().putAll(service());
    for (String setting : image.environment()) {
      builder
          .environment()
          .put(
              setting.substring(0, setting.indexOf('=')),
              setting.substring(setting.indexOf('=') + 1));
    }
    // What contain itself runs is the machine's.
    builder.environment().put("PATH", System.getenv("PATH"));
    builder.environment().put("PODBOND_IDENTITY", identity);
    builder.environment().put("PODBOND_WEBHOOK_PORT", Integer.toString(webhookPort));
    builder.environment().put("PODBOND_HEALTH_PORT", Integer.toString(healthPort));
    builder.environment().put("PODBOND_WEBHOOK_NAMES", "localhost");
    builder.environment().putAll(environment);
    Path log = directory.resolve("operator-" + identity + "-" + operators.size() + ".log");
    OperatorProcess operator = new OperatorProcess(start(builder, log), log);
    operators.add(operator);
    return operator;
  }

  /// The same without its start-up cache, which it writes a list of classes for.
  private static List<String> recording(List<String> entrypoint) {
    List<String> command = new ArrayList<>(entrypoint);
    command.removeIf(word -> word.startsWith("-XX:AOTCache="));
    command.add(1, "-XX:DumpLoadedClassList=/classes/" + UUID.randomUUID());
    return command;
  }

  /// The variables by which pods find the API server.
  Map<String, String> service() {
    String[] server = read(directory.resolve("server")).strip().split("[:/]+");
    return Map.of("KUBERNETES_SERVICE_HOST", server[1], "KUBERNETES_SERVICE_PORT", server[2]);
  }

  /// A directory as kubelet mounts it into the pods of a service account.
  Path serviceAccount(String name) {
    try {
      Path files = Files.createDirectories(directory.resolve("serviceaccounts").resolve(name));
      Files.writeString(
          files.resolve("token"),
          kubectl("create", "token", name, "-n", NAMESPACE, "--duration=10h").text().strip());
      Files.copy(
          directory.resolve("certificates/apiserver.crt"),
          files.resolve("ca.crt"),
          StandardCopyOption.REPLACE_EXISTING);
      Files.writeString(files.resolve("namespace"), NAMESPACE);
      return files;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// A client with the rights of kubectl, for work for which kubectl is too slow.
  KubernetesClient client() {
    return new KubernetesClientBuilder()
        .withConfig(Config.fromKubeconfig(directory.resolve("kubeconfig").toFile()))
        .build();
  }

  Output kubectl(String... arguments) {
    return onInput("", arguments);
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
    return onInput(yaml, "apply", "--server-side", "-f", "-");
  }

  /// Creates objects.
  ///
  /// @param options of kubectl
  Output tryCreate(String yaml, String... options) {
    List<String> arguments = new ArrayList<>(List.of("create", "-f", "-"));
    arguments.addAll(List.of(options));
    return onInput(yaml, arguments.toArray(String[]::new));
  }

  /// Deletes at once, since no kubelet has to stop anything.
  void delete(String yaml) {
    Output output =
        onInput(yaml, "delete", "--wait=false", "--grace-period=0", "--force", "-f", "-");
    if (output.status() != 0) {
      throw new AssertionError("kubectl delete: " + output.text());
    }
  }

  private Output onInput(String input, String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(PROGRAMS.resolve("kubectl").toString());
    command.add("--kubeconfig=" + directory.resolve("kubeconfig"));
    command.addAll(List.of(arguments));
    return run(command, input);
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

  /// What `kubectl get` prints with a JSONPath, once it is as wanted. A missing object does not
  /// count as an answer.
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
          Output output = kubectl(arguments.toArray(String[]::new));
          last[0] = output.text();
          return output.status() == 0 && wanted.test(last[0]);
        },
        last);
    return last[0];
  }

  /// Waits until an operator has logged all of this.
  static void awaitLog(OperatorProcess operator, String... texts) {
    String[] last = {""};
    await(
        "a log with " + String.join(", ", texts),
        () -> {
          last[0] = read(operator.log());
          return Arrays.stream(texts).allMatch(last[0]::contains);
        },
        last);
  }

  private interface Condition {
    boolean holds() throws IOException, InterruptedException;
  }

  private static void await(String what, Condition condition, String... last) {
    Instant start = Instant.now();
    try {
      while (!condition.holds()) {
        Duration waited = Duration.between(start, Instant.now());
        if (waited.compareTo(PATIENCE) > 0) {
          throw new AssertionError(
              "waited in vain for " + what + "; last: " + String.join("", last));
        }
        Thread.sleep(Math.clamp(waited.toMillis() / 10, SOON_MILLIS, LATER_MILLIS));
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

  static Output run(List<String> command, String input) {
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
    operators.forEach(OperatorProcess::kill);
    placing.ifPresent(TestCluster::end);
    end(server);
  }

  private static void end(Process script) {
    script.destroy();
    try {
      script.waitFor();
    } catch (InterruptedException e) {
      script.destroyForcibly();
    }
  }
}
