package dev.podbond.cni.plugin;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.podbond.cni.spec.CniErrorCode;
import dev.podbond.cni.spec.CniException;
import dev.podbond.cni.spec.CniInterface;
import dev.podbond.cni.spec.CniResult;
import dev.podbond.cni.spec.CniVersion;
import dev.podbond.cni.spec.NetworkConfig;
import dev.podbond.json.Json;
import dev.podbond.json.JsonObject;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The checks of skel, the Go library's entry point for every plugin.
class PluginRunnerTest {

  private static final String CONFIG =
      "{\"cniVersion\":\"1.1.0\",\"name\":\"bond-net\",\"type\":\"bond\"}";

  private final RecordingPlugin plugin = new RecordingPlugin();
  private NetnsIdentity netnsIdentity = NetnsIdentity.NEVER_OWN;

  private record Outcome(int exitCode, String out, String err) {
    JsonObject json() {
      try {
        return Json.parseObject(out);
      } catch (dev.podbond.json.JsonException e) {
        throw new AssertionError("stdout is not JSON: " + out, e);
      }
    }

    String member(String key) {
      return json().get(key).map(Object::toString).orElse("absent");
    }
  }

  private Outcome run(Map<String, String> env, String stdin) {
    return run(env, new ByteArrayInputStream(stdin.getBytes(UTF_8)));
  }

  private Outcome run(Map<String, String> env, InputStream stdin) {
    PluginOutcome outcome = new PluginRunner(plugin, netnsIdentity).run(env, stdin);
    return new Outcome(outcome.exitCode(), outcome.stdout(), outcome.stderr());
  }

  private static Map<String, String> env(String command) {
    return new TreeMap<>(
        Map.of(
            "CNI_COMMAND", command,
            "CNI_CONTAINERID", "some-container-id",
            "CNI_NETNS", "/run/netns/some",
            "CNI_IFNAME", "bond0",
            "CNI_ARGS", "IgnoreUnknown=1;K8S_POD_NAME=p",
            "CNI_PATH", "/opt/cni/bin:/opt/other"));
  }

  private static Map<String, String> without(String command, String... keys) {
    Map<String, String> env = env(command);
    List.of(keys).forEach(env::remove);
    return env;
  }

  private static Map<String, String> with(String command, String key, String value) {
    Map<String, String> env = env(command);
    env.put(key, value);
    return env;
  }

  private void assertRefused(Outcome outcome, int code, String msg) {
    assertThat(outcome.exitCode()).isEqualTo(1);
    assertThat(outcome.member("code")).isEqualTo(Integer.toString(code));
    assertThat(outcome.member("msg")).isEqualTo("\"" + msg + "\"");
    assertThat(outcome.json().members().keySet()).isSubsetOf("code", "msg", "details");
    assertThat(plugin.calls).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "ADD    | CNI_CONTAINERID                      | CNI_CONTAINERID",
        "ADD    | CNI_NETNS                            | CNI_NETNS",
        "ADD    | CNI_IFNAME                           | CNI_IFNAME",
        "ADD    | CNI_PATH                             | CNI_PATH",
        "ADD    | CNI_PATH,CNI_NETNS,CNI_IFNAME        | CNI_NETNS,CNI_IFNAME,CNI_PATH",
        "CHECK  | CNI_CONTAINERID,CNI_NETNS,CNI_PATH   | CNI_CONTAINERID,CNI_NETNS,CNI_PATH",
        "DEL    | CNI_CONTAINERID,CNI_NETNS,CNI_IFNAME | CNI_CONTAINERID,CNI_IFNAME",
        "DEL    | CNI_PATH                             | CNI_PATH",
        "GC     | CNI_PATH                             | CNI_PATH",
        "STATUS | CNI_PATH                             | CNI_PATH",
      })
  void allMissingVariablesAreNamedInOneError(String command, String removed, String reported) {
    Outcome outcome = run(without(command, removed.split(",")), CONFIG);

    assertRefused(outcome, 4, "required env variables [" + reported + "] missing");
  }

  @ParameterizedTest
  @CsvSource({
    "DEL, CNI_NETNS",
    "DEL, CNI_ARGS",
    "ADD, CNI_ARGS",
    "GC, 'CNI_CONTAINERID,CNI_NETNS,CNI_IFNAME'",
    "STATUS, 'CNI_CONTAINERID,CNI_NETNS,CNI_IFNAME'"
  })
  void whatAVerbDoesNotNeedMayBeMissing(String command, String removed) {
    assertThat(run(without(command, removed.split(",")), CONFIG).exitCode()).isZero();
    assertThat(plugin.calls).containsExactly(command);
  }

  @Test
  void anEmptyVariableIsMissing() {
    assertRefused(
        run(with("ADD", "CNI_NETNS", ""), CONFIG), 4, "required env variables [CNI_NETNS] missing");
  }

  static Stream<Arguments> badNames() {
    return Stream.of(
        Arguments.of("CNI_CONTAINERID", "-x", 4, "invalid characters in containerID"),
        Arguments.of("CNI_CONTAINERID", "a/b", 4, "invalid characters in containerID"),
        Arguments.of("CNI_CONTAINERID", "a\n", 4, "invalid characters in containerID"),
        Arguments.of("CNI_IFNAME", "0123456789abcdef", 4, "interface name is too long"),
        Arguments.of("CNI_IFNAME", "ääääääää", 4, "interface name is too long"),
        Arguments.of("CNI_IFNAME", ".", 4, "interface name is . or .."),
        Arguments.of("CNI_IFNAME", "..", 4, "interface name is . or .."),
        Arguments.of(
            "CNI_IFNAME", "a/b", 4, "interface name contains / or : or whitespace characters"),
        Arguments.of(
            "CNI_IFNAME", "a:0", 4, "interface name contains / or : or whitespace characters"),
        Arguments.of(
            "CNI_IFNAME", "a b", 4, "interface name contains / or : or whitespace characters"),
        Arguments.of(
            "CNI_IFNAME",
            "a\u00a0b",
            4,
            "interface name contains / or : or whitespace characters"));
  }

  @ParameterizedTest
  @MethodSource("badNames")
  void aBadNameIsRefused(String key, String value, int code, String msg) {
    for (String command : List.of("ADD", "DEL", "CHECK")) {
      assertRefused(run(with(command, key, value), CONFIG), code, msg);
    }
  }

  @Test
  void aBadNameIsReportedBeforeAMissingVariable() {
    Map<String, String> env = without("ADD", "CNI_PATH");
    env.put("CNI_IFNAME", "..");

    assertRefused(run(env, ""), 4, "interface name is . or ..");
  }

  @Test
  void namesThatAreNotNeededAreNotChecked() {
    Map<String, String> env = with("STATUS", "CNI_IFNAME", "..");
    env.put("CNI_CONTAINERID", "-");

    assertThat(run(env, CONFIG).exitCode()).isZero();
  }

  @Test
  void anUnknownVerbIsRefused() {
    assertRefused(run(env("FOO"), CONFIG), 4, "unknown CNI_COMMAND: FOO");
    assertRefused(run(env("add"), CONFIG), 4, "unknown CNI_COMMAND: add");
  }

  @Test
  void withoutAVerbTheAboutTextGoesToStderrAndAllIsWell() {
    Outcome outcome = run(Map.of(), "");

    assertThat(outcome.exitCode()).isZero();
    assertThat(outcome.out()).isEmpty();
    assertThat(outcome.err())
        .isEqualTo(
            """
            CNI bond plugin
            CNI protocol versions supported: 0.1.0, 0.2.0, 0.3.0, 0.3.1, 0.4.0, 1.0.0, 1.1.0
            """);
  }

  @Test
  void withoutAVerbAndAnAboutTextTheVerbIsMissing() {
    plugin.about = "";

    assertRefused(run(Map.of(), ""), 4, "required env variables [CNI_COMMAND] missing");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "not json", "[]", "{\"name\": 7}", "{\"name\":\"a\",\"cniVersion\":1}"})
  void aConfigurationThatCannotBeDecodedIsCode6(String stdin) {
    for (String command : List.of("ADD", "DEL", "CHECK", "GC", "STATUS")) {
      assertThat(run(env(command), stdin).member("code")).isEqualTo("6");
    }
    assertThat(plugin.calls).isEmpty();
  }

  private static final String MANY_VALUES =
      "{\"name\":\"n\",\"args\":{\"cni\":[" + "{},".repeat(20_000) + "{}]}}";

  @Test
  void aConfigurationBeyondTheLimitsIsRefusedWithWhatWasFoundAndWhatIsAllowed() {
    for (String command : List.of("ADD", "CHECK", "STATUS")) {
      assertRefused(
          run(env(command), MANY_VALUES),
          6,
          "error unmarshall network config: the document has 20005 values, of which at most 10000"
              + " are allowed");
      assertRefused(
          run(env(command), "{\"name\":\"n\"" + " ".repeat(100_000) + "}"),
          6,
          "error unmarshall network config: the document has 100012 bytes, of which at most 65536"
              + " are allowed");
    }
  }

  @Test
  void aDeletionGoesOnWithoutAConfigurationBeyondTheLimits() {
    Outcome outcome = run(env("DEL"), MANY_VALUES);
    assertThat(outcome.exitCode()).isZero();
    assertThat(outcome.err())
        .contains("goes on without its network configuration: the document has");
    assertThat(plugin.calls).containsExactly("DEL");
    assertThat(plugin.last().config()).isEqualTo(NetworkConfig.UNREAD);
  }

  @Test
  void gcMayListEveryAttachmentOfANode() {
    String attachments =
        ("{\"containerID\":\"" + "c".repeat(64) + "\",\"ifname\":\"net1\"},").repeat(2_000);
    String config =
        CONFIG.replaceFirst(
            "\\{",
            "{\"cni.dev/valid-attachments\":["
                + attachments.substring(0, attachments.length() - 1)
                + "],");
    assertThat(run(env("GC"), config).exitCode()).isZero();
    assertThat(plugin.calls).containsExactly("GC");
  }

  @Test
  void aConfigurationWithoutAValidNetworkNameIsCode7() {
    assertRefused(run(env("ADD"), "{\"cniVersion\":\"1.0.0\"}"), 7, "missing network name");
    assertRefused(
        run(env("ADD"), "{\"name\":\"-bad\"}"), 7, "invalid characters found in network name");
  }

  @Test
  void theNameIsFoundWithoutLetterCase() {
    assertThat(run(env("DEL"), "{\"NAME\":\"n\",\"cniversion\":\"1.0.0\"}").exitCode()).isZero();
    assertThat(plugin.last().version()).isEqualTo(CniVersion.V1_0_0);
  }

  @Test
  void stdinThatFailsIsCode5() {
    InputStream failing =
        new InputStream() {
          @Override
          public int read() throws IOException {
            throw new IOException("potato");
          }
        };

    assertRefused(run(env("ADD"), failing), 5, "error reading from stdin: potato");
  }

  @Test
  void aVersionThatThePluginDoesNotHaveIsCode1WithBothSidesInTheDetails() {
    plugin.supported = List.of(CniVersion.V0_4_0, CniVersion.V1_0_0);
    Outcome outcome = run(env("ADD"), "{\"name\":\"n\",\"cniVersion\":\"2.0.0\"}");

    assertRefused(outcome, 1, "incompatible CNI versions");
    assertThat(outcome.out())
        .isEqualTo(
            """
            {
                "code": 1,
                "msg": "incompatible CNI versions",
                "details": "config is \\"2.0.0\\", plugin supports [\\"0.4.0\\" \\"1.0.0\\"]"
            }\
            """);
  }

  @Test
  void anAbsentVersionMeans010() {
    assertThat(run(env("DEL"), "{\"name\":\"n\"}").exitCode()).isZero();
    assertThat(plugin.last().version()).isEqualTo(CniVersion.V0_1_0);
    assertThat(run(env("DEL"), "{\"name\":\"n\",\"cniVersion\":\"\"}").exitCode()).isZero();
    assertThat(plugin.last().version()).isEqualTo(CniVersion.V0_1_0);
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      value = {
        "CHECK,  0.3.1, 1, config version does not allow CHECK",
        "CHECK,  0.1.0, 1, config version does not allow CHECK",
        "CHECK,  0.4.0, 0, -",
        "CHECK,  1.1.0, 0, -",
        "CHECK,  0.4.1, 1, incompatible CNI versions",
        "CHECK,  9.0.0, 1, plugin version does not allow CHECK",
        "CHECK,  abc,   6, 'cniVersion is not a version: \\\"abc\\\"'",
        "GC,     1.0.0, 1, config version does not allow GC",
        "GC,     1.1.0, 0, -",
        "STATUS, 0.4.0, 1, config version does not allow STATUS",
        "STATUS, 1.0.0, 1, config version does not allow STATUS",
        "STATUS, 1.1.0, 0, -",
      })
  void newerVerbsNeedNewerConfigurations(String verb, String version, int code, String msg) {
    Outcome outcome =
        run(env(verb), "{\"name\":\"n\",\"cniVersion\":\"" + version + "\",\"prevResult\":{}}");

    if (code == 0) {
      assertThat(outcome).isEqualTo(new Outcome(0, "", ""));
      assertThat(plugin.calls).containsExactly(verb);
    } else {
      assertRefused(outcome, code, msg);
    }
  }

  @Test
  void versionAnswersOneLineAndTouchesNeitherStdinNorOtherVariables() {
    InputStream untouchable =
        new InputStream() {
          @Override
          public int read() {
            throw new AssertionError("stdin was read");
          }
        };

    Outcome outcome = run(Map.of("CNI_COMMAND", "VERSION", "CNI_IFNAME", "a/b"), untouchable);

    assertThat(outcome)
        .isEqualTo(
            new Outcome(
                0,
                "{\"cniVersion\":\"1.1.0\",\"supportedVersions\":"
                    + "[\"0.1.0\",\"0.2.0\",\"0.3.0\",\"0.3.1\",\"0.4.0\",\"1.0.0\",\"1.1.0\"]}\n",
                ""));
  }

  @Test
  void thePluginGetsEverythingTyped() throws Exception {
    Map<String, String> env = with("ADD", "TRACEPARENT", "00-abc");
    run(env, CONFIG);

    Invocation call = plugin.last();
    assertThat(call.containerId()).isEqualTo("some-container-id");
    assertThat(call.requiredNetns()).isEqualTo(Path.of("/run/netns/some"));
    assertThat(call.ifname()).isEqualTo("bond0");
    assertThat(call.args().get("K8S_POD_NAME")).contains("p");
    assertThat(call.config().text()).isEqualTo(CONFIG);
    assertThat(call.config().type()).contains("bond");
    assertThat(call.version()).isEqualTo(CniVersion.V1_1_0);
    assertThat(call.env()).isEqualTo(env);
  }

  @ParameterizedTest
  @EnumSource
  void addPrintsTheResultInTheConfiguredVersion(CniVersion version) {
    Outcome outcome = run(env("ADD"), "{\"name\":\"n\",\"cniVersion\":\"" + version + "\"}");

    assertThat(outcome.exitCode()).isZero();
    assertThat(outcome.member("cniVersion")).isEqualTo("\"" + version + "\"");
    assertThat(outcome.out()).startsWith("{\n    \"cniVersion\"").endsWith("}");
  }

  @Test
  void anErrorOfThePluginIsPrintedAsItIs() {
    plugin.failure =
        new CniException(CniErrorCode.TRY_AGAIN_LATER, "link net1 is busy", "held by bond1");

    Outcome outcome = run(env("ADD"), CONFIG);

    assertThat(outcome.exitCode()).isEqualTo(1);
    assertThat(outcome.out())
        .isEqualTo(
            """
            {
                "code": 11,
                "msg": "link net1 is busy",
                "details": "held by bond1"
            }\
            """);
  }

  @Test
  void aDefectOfThePluginIsCode999AndItsTraceGoesToStderr() {
    plugin.defect = new IllegalStateException("potato");

    Outcome outcome = run(env("DEL"), CONFIG);

    assertThat(outcome.exitCode()).isEqualTo(1);
    assertThat(outcome.member("code")).isEqualTo("999");
    assertThat(outcome.member("msg")).contains("internal error", "potato");
    assertThat(outcome.err()).contains("IllegalStateException", "at ");
  }

  @ParameterizedTest
  @ValueSource(strings = {"ADD", "DEL"})
  void thePluginsOwnNetworkNamespaceIsRefusedBeforeAnythingIsTouched(String command) {
    netnsIdentity = Path.of("/run/netns/some")::equals;

    assertRefused(
        run(env(command), CONFIG),
        8,
        "plugin's netns and netns from CNI_NETNS should not be the same");
  }

  @ParameterizedTest
  @CsvSource({"true, 0", "TRUE, 0", "True, 0", "1, 0", "0, 1", "yes, 1", "'', 1"})
  void theOverrideAllowsThePluginsOwnNetworkNamespace(String override, int exitCode) {
    netnsIdentity = _ -> true;

    Outcome outcome = run(with("ADD", "CNI_NETNS_OVERRIDE", override), CONFIG);

    assertThat(outcome.exitCode()).isEqualTo(exitCode);
  }

  @Test
  void checkDoesNotAskWhoseNetworkNamespaceItIs() {
    netnsIdentity = _ -> true;

    assertThat(run(env("CHECK"), CONFIG).exitCode()).isZero();
  }

  @Test
  void gcHandsOverTheValidAttachments() throws Exception {
    run(
        env("GC"),
        "{\"cniVersion\":\"1.1.0\",\"name\":\"n\",\"cni.dev/valid-attachments\":"
            + "[{\"containerID\":\"c1\",\"ifname\":\"net3\"}]}");

    assertThat(plugin.lastNetwork.config().validAttachments().orElseThrow())
        .containsExactly(new dev.podbond.value.AttachmentKey("c1", "net3"));
  }

  private static final class RecordingPlugin implements Plugin {
    private final List<String> calls = new ArrayList<>();
    private final List<Invocation> invocations = new ArrayList<>();
    private NetworkInvocation lastNetwork;
    private String about = "CNI bond plugin";
    private List<CniVersion> supported = CniVersion.all();
    private CniException failure;
    private RuntimeException defect;

    Invocation last() {
      return invocations.getLast();
    }

    private void record(Invocation invocation) throws CniException {
      invocations.add(invocation);
      record(invocation.command().name());
    }

    private void record(String verb) throws CniException {
      calls.add(verb);
      if (failure != null) {
        throw failure;
      }
      if (defect != null) {
        throw defect;
      }
    }

    @Override
    public String about() {
      return about;
    }

    @Override
    public List<CniVersion> supportedVersions() {
      return supported;
    }

    @Override
    public CniResult add(Invocation invocation) throws CniException {
      record(invocation);
      return CniResult.ofInterfaces(
          CniInterface.named(invocation.ifname())
              .withMac("02:00:00:00:00:01")
              .withSandbox(invocation.requiredNetns().toString()));
    }

    @Override
    public void del(Invocation invocation) throws CniException {
      record(invocation);
    }

    @Override
    public void check(Invocation invocation) throws CniException {
      record(invocation);
    }

    @Override
    public void status(NetworkInvocation invocation) throws CniException {
      lastNetwork = invocation;
      record("STATUS");
    }

    @Override
    public void gc(NetworkInvocation invocation) throws CniException {
      lastNetwork = invocation;
      record("GC");
    }
  }
}
