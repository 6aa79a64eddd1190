package dev.podbond.plugins.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.podbond.bonding.change.Change;
import dev.podbond.bonding.change.ChangeFailedException;
import dev.podbond.bonding.change.Kernel;
import dev.podbond.bonding.net.LinkRef;
import dev.podbond.cni.plugin.NetnsIdentity;
import dev.podbond.cni.plugin.PluginRunner;
import dev.podbond.json.JsonObject;
import dev.podbond.plugins.AttachmentPlugin;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What sriov-cni's log options do to the log of one call.
final class CallLogTest {
  private static final Change UP = new Change.SetMtu(LinkRef.pod("net1"), 1400);

  @TempDir Path scratch;
  private final ByteArrayOutputStream log = new ByteArrayOutputStream();

  private NodeEnvironment node() {
    return new NodeEnvironment(
        scratch.resolve("state"),
        scratch.resolve("sys"),
        scratch.resolve("podbond/node.json"),
        scratch.resolve("sriov-cni"),
        (_, _, _) -> "{}",
        new PrintStream(log, true, StandardCharsets.UTF_8));
  }

  private String logged() {
    return log.toString(StandardCharsets.UTF_8);
  }

  private static JsonObject level(String level) {
    return JsonObject.builder().put("LogLevel", level).build();
  }

  @Test
  void debugTellsEachChangeAndEachFailure() throws Exception {
    NodeEnvironment node = CallLog.at(node(), level("debug"));
    Kernel willing = node.changes().apply(_ -> {});
    Kernel refusing =
        node.changes()
            .apply(change -> {
              throw new ChangeFailedException(change, "EBUSY", "the kernel says no");
            });

    willing.apply(UP);
    assertThatThrownBy(() -> refusing.apply(UP)).isInstanceOf(ChangeFailedException.class);

    assertThat(logged().lines().toList()).first().isEqualTo("podbond: debug: done: " + UP);
    assertThat(logged().lines().toList())
        .element(1)
        .asString()
        .startsWith("podbond: debug: failed: ")
        .contains("the kernel says no");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "info", "warning", "Warning"})
  void usuallyACallIsLoggedByItsWarningsAlone(String level) throws Exception {
    NodeEnvironment node = CallLog.at(node(), level(level));
    node.changes().apply(_ -> {}).apply(UP);
    assertThat(logged()).isEmpty();
    node.warn("look");
    assertThat(logged()).isEqualTo("podbond: warning: look\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"panic", "error"})
  void aboveWarningsNothingIsLoggedOfACall(String level) {
    CallLog.at(node(), level(level)).warn("look");
    assertThat(logged()).isEmpty();
  }

  @Test
  void anUnknownLevelIsWarnedOfAndTheCallGoesOn() {
    CallLog.at(node(), level("loud")).warn("look");
    assertThat(logged())
        .startsWith(
            "podbond: warning: logLevel \"loud\" is not one of panic, error, warning, info, debug")
        .endsWith("podbond: warning: look\n");
  }

  /// The call fails because there is no such namespace, not because of its log options.
  @Test
  void aLogFileIsNamedOnceAsNotWritten() {
    Path file = scratch.resolve("sriov.log");
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    String config =
        "{\"cniVersion\": \"1.0.0\", \"name\": \"n\", \"type\": \"sriov\", \"logFile\": \""
            + file
            + "\", \"logLevel\": \"debug\", \"strict\": true, \"deviceID\": \"0000:01:10.0\"}";
    int code =
        new PluginRunner(AttachmentPlugin.sriov(node()), NetnsIdentity.NEVER_OWN)
            .run(
                Map.of(
                    "CNI_COMMAND", "ADD",
                    "CNI_CONTAINERID", "pod",
                    "CNI_NETNS", "/run/netns/none",
                    "CNI_IFNAME", "net1",
                    "CNI_PATH", "/opt/cni/bin"),
                new ByteArrayInputStream(config.getBytes(StandardCharsets.UTF_8)))
            .print(
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(log, true, StandardCharsets.UTF_8));

    assertThat(code).isEqualTo(1);
    assertThat(out.toString(StandardCharsets.UTF_8))
        .contains("/run/netns/none")
        .doesNotContain("logFile");
    assertThat(logged()).containsOnlyOnce("logFile " + file + " is not written");
    assertThat(file).doesNotExist();
  }
}
