package dev.podbond.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.podbond.agent.pending.PendingDeletions;
import dev.podbond.cni.exec.PluginPath;
import dev.podbond.cni.plugin.Invocation;
import dev.podbond.cni.plugin.NetworkInvocation;
import dev.podbond.cni.plugin.Plugin;
import dev.podbond.cni.plugin.PluginOutcome;
import dev.podbond.cni.plugin.PluginRunner;
import dev.podbond.cni.spec.CniException;
import dev.podbond.cni.spec.CniResult;
import dev.podbond.json.Json;
import dev.podbond.json.JsonException;
import dev.podbond.json.JsonObject;
import dev.podbond.node.state.AttachmentStore;
import dev.podbond.node.state.StateException;
import dev.podbond.node.state.StateFiles;
import dev.podbond.value.AttachmentKey;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// The environment of a call, with any content. Either the plugin is called with names that are
/// plain file names, or the caller gets an error object.
class CniEnvironmentFuzz {
  private static final Sandbox SANDBOX = Sandbox.make();
  private static final List<String> VARIABLES =
      List.of("CNI_COMMAND", "CNI_CONTAINERID", "CNI_IFNAME", "CNI_NETNS", "CNI_ARGS", "CNI_PATH");
  private static final String OWN_NETNS = "/proc/self/ns/net";

  /// A plugin that remembers its last call.
  private static final class Witness implements Plugin {
    private Optional<Invocation> call = Optional.empty();

    @Override
    public String about() {
      return "witness";
    }

    @Override
    public CniResult add(Invocation invocation) {
      call = Optional.of(invocation);
      return CniResult.EMPTY;
    }

    @Override
    public void del(Invocation invocation) {
      call = Optional.of(invocation);
    }

    @Override
    public void check(Invocation invocation) {
      call = Optional.of(invocation);
    }

    @Override
    public void status(NetworkInvocation invocation) {}

    @Override
    public void gc(NetworkInvocation invocation) {}
  }

  /// The input holds the variables, the network's name and the IPAM plugin's type, separated by
  /// NULs.
  @FuzzTest
  void call(byte[] bytes) throws IOException {
    String[] texts = new String(bytes, StandardCharsets.UTF_8).split("\0", -1);
    Iterator<String> next = Stream.concat(Stream.of(texts), Stream.generate(() -> "")).iterator();
    Map<String, String> env = new HashMap<>();
    for (String name : VARIABLES) {
      env.put(name, next.next());
    }
    String network = next.next();
    String ipam = next.next();
    String config =
        JsonObject.builder()
            .put("cniVersion", "1.0.0")
            .put("name", network)
            .put("type", "bond")
            .put("ipam", JsonObject.builder().put("type", ipam).build())
            .build()
            .toString();
    Witness witness = new Witness();
    PluginOutcome outcome =
        new PluginRunner(witness, path -> path.toString().equals(OWN_NETNS))
            .run(env, new ByteArrayInputStream(config.getBytes(StandardCharsets.UTF_8)));
    assertThat(outcome.exitCode()).isIn(0, 1);
    assertThat(outcome.stderr()).doesNotContain("\tat ");
    if (outcome.exitCode() != 0) {
      isErrorObject(outcome.stdout());
    }
    if (witness.call.isPresent()) {
      staysInItsPlaces(witness.call.get(), network);
      findsPluginsInPathOnly(env, ipam);
    }
  }

  private static void isErrorObject(String out) {
    try {
      JsonObject error = Json.parseObject(out);
      assertThat(error.members()).containsKeys("code", "msg");
    } catch (JsonException e) {
      throw new AssertionError("no error object: " + out, e);
    }
  }

  private static void staysInItsPlaces(Invocation call, String network) throws IOException {
    for (String name : List.of(call.containerId(), network)) {
      assertThat(name).matches("[A-Za-z0-9][A-Za-z0-9_.-]*");
    }
    if (!call.command().equals(dev.podbond.cni.spec.CniCommand.CHECK)) {
      assertThat(call.netns().map(Path::toString)).isNotEqualTo(Optional.of(OWN_NETNS));
    }
    Path state = SANDBOX.inside();
    AttachmentKey key = new AttachmentKey(call.containerId(), call.ifname());
    try {
      new AttachmentStore(state).save(Records.prepared(key, network));
    } catch (StateException _) {
      // For example, the name is too long for the file system.
    }
    assertThat(
            new PendingDeletions(state, StateFiles.DURABLE)
                .of(call.containerId(), call.ifname(), _ -> {}))
        .isEmpty();
    SANDBOX.checkAndEmpty();
  }

  private static void findsPluginsInPathOnly(Map<String, String> env, String ipam) {
    Map<String, String> onlyHere = new HashMap<>(env);
    onlyHere.put("CNI_PATH", "/usr/bin");
    try {
      assertThat(PluginPath.of(onlyHere).find(ipam).normalize().getParent())
          .isEqualTo(Path.of("/usr/bin"));
    } catch (CniException e) {
      assertThat(e.error().msg()).isNotEmpty();
    }
  }
}
