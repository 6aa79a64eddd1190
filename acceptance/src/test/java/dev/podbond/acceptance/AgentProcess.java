package dev.podbond.acceptance;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// The real agent as a separate process with the test's own socket and state, and shims that find
/// it.
final class AgentProcess implements AutoCloseable {
  private final Path socket;
  private final Path state;
  private final Path log;
  private final int rounds;
  private Process process;

  /// @param rounds of its practice
  private AgentProcess(Path socket, Path state, Path log, int rounds) throws Exception {
    this.socket = socket;
    this.state = state;
    this.log = log;
    this.rounds = rounds;
    this.process = launch();
  }

  /// Practice makes calls faster but does not change them.
  static AgentProcess start(Path scratch) throws Exception {
    return practising(scratch, 1);
  }

  static AgentProcess practising(Path scratch, int rounds) throws Exception {
    return new AgentProcess(
        scratch.resolve("run/agent.sock"),
        scratch.resolve("state"),
        scratch.resolve("agent.log"),
        rounds);
  }

  /// Where every shim finds it, with the state of the one-shot plugins.
  static AgentProcess ofThisNode(Path scratch) throws Exception {
    return new AgentProcess(
        Path.of("/run/podbond/agent.sock"),
        Path.of("/var/lib/cni/podbond"),
        scratch.resolve("agent.log"),
        1);
  }

  private Process launch() throws Exception {
    ProcessBuilder builder = new ProcessBuilder(hardened(Dist.agent().toString()));
    builder.environment().putAll(settings());
    builder.environment().put("PODBOND_QUERY_SOCKET", questions().toString());
    builder.environment().put("PODBOND_PRACTICE", Integer.toString(rounds));
    builder.redirectErrorStream(true);
    builder.redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
    long lines = served();
    Process started = builder.start();
    try {
      Eventually.is(
          "the agent serves",
          () -> {
            if (!started.isAlive()) {
              throw new AssertionError("the agent ended: " + log());
            }
            return served() > lines;
          });
      return started;
    } catch (AssertionError e) {
      started.destroyForcibly();
      throw e;
    }
  }

  /// With exactly the capabilities of the hardened systemd unit.
  private static List<String> hardened(String executable) {
    return List.of(
        "setpriv",
        "--no-new-privs",
        "--inh-caps=-all",
        "--bounding-set=-all,+net_admin,+sys_admin,+net_raw",
        executable);
  }

  private long served() throws IOException {
    return Files.exists(log)
        ? Files.readAllLines(log).stream().filter(line -> line.contains(": serves ")).count()
        : 0;
  }

  private Map<String, String> settings() {
    return Map.of("PODBOND_SOCKET", socket.toString(), "PODBOND_STATE", state.toString());
  }

  Path state() {
    return state;
  }

  Path socket() {
    return socket;
  }

  /// Where everybody may ask.
  Path questions() {
    return log.resolveSibling("questions").resolve("agent.sock");
  }

  String log() throws IOException {
    return Files.readString(log);
  }

  long pid() {
    return process.pid();
  }

  /// `kill -9`, in the middle of whatever it does.
  void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  /// SIGTERM, as systemd stops it.
  void stop() throws InterruptedException {
    process.destroy();
    if (!process.waitFor(Eventually.LONG.toSeconds(), TimeUnit.SECONDS)) {
      throw new AssertionError("the agent does not stop");
    }
  }

  void startAgain() throws Exception {
    process = launch();
  }

  /// A call through the shim with that name, with the call's configuration.
  Outcome run(String verb, PluginCall call) throws Exception {
    return start(verb, call).outcome();
  }

  Dist.Running start(String verb, PluginCall call) throws Exception {
    Path shim = Dist.plugins().resolve(call.plugin());
    return start(List.of(shim.toString()), verb, call);
  }

  /// As [#run], with the shim in a control group.
  Outcome runWithin(Cgroup group, String verb, PluginCall call) throws Exception {
    Path shim = Dist.plugins().resolve(call.plugin());
    return start(group.executing(shim), verb, call).outcome();
  }

  private Dist.Running start(List<String> command, String verb, PluginCall call)
      throws IOException {
    Map<String, String> environment = new HashMap<>(settings());
    environment.put("CNI_COMMAND", verb);
    environment.put("CNI_CONTAINERID", call.containerId());
    environment.put("CNI_NETNS", call.netns());
    environment.put("CNI_IFNAME", call.ifname());
    environment.put("CNI_PATH", Dist.plugins() + ":" + call.path());
    return Dist.start(command, environment, call.config().toString());
  }

  /// `podbond status`.
  Shell.Finished status() throws IOException {
    return Dist.podbond(List.of("status", "--socket", socket.toString()));
  }

  @Override
  public void close() throws InterruptedException {
    if (process.isAlive()) {
      kill();
    }
  }
}
