package dev.podbond.acceptance;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/// The pod of the agent's DaemonSet: the image's programs with exactly the mounts, user and
/// capabilities of the manifest.
final class AgentPod implements AutoCloseable {
  private static final Path MANIFEST = Path.of("packaging/kubernetes/podbond.yaml");

  private final Path rootfs;
  private final Path log;
  private final Map<String, Object> pod;
  private final Map<String, Path> configMaps;
  private final List<Process> running = new ArrayList<>();

  private AgentPod(Path rootfs, Path log, Map<String, Object> pod, Map<String, Path> configMaps) {
    this.rootfs = rootfs;
    this.log = log;
    this.pod = pod;
    this.configMaps = configMaps;
  }

  /// The pod of the manifest.
  ///
  /// @param rootfs of the unpacked image
  static AgentPod of(Path rootfs, Path scratch) throws IOException {
    Map<String, Path> configMaps = new HashMap<>();
    try (InputStream yaml = Files.newInputStream(MANIFEST)) {
      for (Object document :
          new Load(LoadSettings.builder().build()).loadAllFromInputStream(yaml)) {
        Map<String, Object> object = map(document);
        if ("ConfigMap".equals(object.get("kind"))) {
          String name = String.valueOf(map(object.get("metadata")).get("name"));
          configMaps.put(name, files(map(object.get("data")), scratch.resolve(name)));
        }
        if ("DaemonSet".equals(object.get("kind"))) {
          Map<String, Object> template = map(map(object.get("spec")).get("template"));
          return new AgentPod(
              rootfs, scratch.resolve("agent-pod.log"), map(template.get("spec")), configMaps);
        }
      }
    }
    throw new AssertionError("no DaemonSet in " + MANIFEST);
  }

  /// The form in which kubelet mounts a ConfigMap: a file for each key.
  private static Path files(Map<String, Object> data, Path directory) throws IOException {
    Files.createDirectories(directory);
    for (Map.Entry<String, Object> entry : data.entrySet()) {
      Files.writeString(directory.resolve(entry.getKey()), String.valueOf(entry.getValue()));
    }
    return directory;
  }

  /// Runs the init container to its end, and starts the agent.
  void start() throws Exception {
    prepareMounts();
    Map<String, Object> init = container("initContainers");
    finish(launch(init, words(init.get("command"))));
    long served = served();
    Process agent = launch(container("containers"), entrypoint());
    Eventually.is(
        "the agent serves",
        () -> {
          if (!agent.isAlive()) {
            throw new AssertionError("the agent ended: " + log());
          }
          return served() > served;
        });
  }

  private long served() throws IOException {
    return log().lines().filter(line -> line.contains(": serves ")).count();
  }

  /// Stops it like kubelet when the pod is deleted: it has no preStop hook.
  void stop() throws Exception {
    Process process = running.removeFirst();
    process.destroy();
    if (!process.waitFor(Eventually.LONG.toSeconds(), TimeUnit.SECONDS)) {
      throw new AssertionError("the agent does not stop: " + log());
    }
  }

  /// Probes like kubelet, with the manifest's command for this probe.
  ///
  /// @return whether it succeeded
  boolean probe(String name) throws Exception {
    Map<String, Object> agent = container("containers");
    Process probe = launch(agent, words(map(map(agent.get(name)).get("exec")).get("command")));
    running.remove(probe);
    return probe.waitFor() == 0;
  }

  String log() throws IOException {
    return Files.exists(log) ? Files.readString(log) : "";
  }

  /// As kubelet does for DirectoryOrCreate. On a node, network namespaces that are made later reach
  /// a pod as all mounts are shared there; here their directory is, once one of them was made.
  private void prepareMounts() throws Exception {
    for (Path source : sources().values()) {
      Files.createDirectories(source);
    }
    Shell.run(List.of("ip", "netns", "add", "first"));
    Shell.run(List.of("ip", "netns", "delete", "first"));
  }

  private Process launch(Map<String, Object> container, List<String> command) throws IOException {
    Map<String, Object> security = map(container.get("securityContext"));
    if (!Boolean.TRUE.equals(security.get("readOnlyRootFilesystem"))) {
      throw new AssertionError("testing/contain makes every root file system read-only");
    }
    List<String> line = new ArrayList<>(List.of("testing/contain", rootfs.toString()));
    line.add(map(pod.get("securityContext")).get("runAsUser") + ":0");
    line.add(
        words(map(security.get("capabilities")).get("add")).stream()
            .map(name -> "+" + name.toLowerCase(Locale.ROOT))
            .collect(Collectors.joining(",")));
    line.addAll(mounts(container));
    line.add("--");
    line.addAll(command);
    ProcessBuilder builder = new ProcessBuilder(line).redirectErrorStream(true);
    // Practice makes calls faster but does not change them.
    builder.environment().put("PODBOND_PRACTICE", "1");
    for (Object variable : list(container.get("env"))) {
      Optional.ofNullable(map(variable).get("value"))
          .ifPresent(value ->
              builder
                  .environment()
                  .put(String.valueOf(map(variable).get("name")), String.valueOf(value)));
    }
    builder.redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
    Process process = builder.start();
    running.add(process);
    return process;
  }

  private void finish(Process process) throws Exception {
    running.remove(process);
    if (process.waitFor() != 0) {
      throw new AssertionError("a container ended with " + process.exitValue() + ": " + log());
    }
  }

  private List<String> mounts(Map<String, Object> container) {
    List<String> mounts = new ArrayList<>();
    Map<String, Path> sources = sources();
    for (Object entry : list(container.get("volumeMounts"))) {
      Map<String, Object> mount = map(entry);
      Path source = sources.get(String.valueOf(mount.get("name")));
      // The one emptyDir is /tmp, which every contained program has.
      if (source != null) {
        mounts.add(
            source
                + ":"
                + mount.get("mountPath")
                + (Boolean.TRUE.equals(mount.get("readOnly")) ? ":ro" : ""));
      }
    }
    return mounts;
  }

  private Map<String, Path> sources() {
    Map<String, Path> sources = new HashMap<>();
    for (Object entry : list(pod.get("volumes"))) {
      Map<String, Object> volume = map(entry);
      if (volume.containsKey("hostPath")) {
        sources.put(
            String.valueOf(volume.get("name")),
            Path.of(String.valueOf(map(volume.get("hostPath")).get("path"))));
      }
      Optional.ofNullable(map(volume.get("configMap")).get("name"))
          .map(name -> configMaps.get(String.valueOf(name)))
          .ifPresent(directory -> sources.put(String.valueOf(volume.get("name")), directory));
    }
    return sources;
  }

  /// The entry point that packaging/image writes into the image's configuration.
  private static List<String> entrypoint() {
    return List.of(
        "/opt/podbond/bin/java",
        "-XX:AOTCache=/opt/podbond/lib/agent.aot",
        "@/opt/podbond/lib/agent.options");
  }

  private Map<String, Object> container(String list) {
    return map(list(pod.get(list)).getFirst());
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Object> map(Object value) {
    return value == null ? Map.of() : (Map<String, Object>) value;
  }

  private static List<?> list(Object value) {
    return value == null ? List.of() : (List<?>) value;
  }

  private static List<String> words(Object value) {
    return list(value).stream().map(String::valueOf).toList();
  }

  @Override
  public void close() throws InterruptedException {
    for (Process process : running) {
      process.destroyForcibly().waitFor();
    }
  }
}
