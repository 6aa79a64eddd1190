package dev.podbond.cli.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.podbond.cni.exec.PluginPath;
import dev.podbond.cni.exec.PluginProcess;
import dev.podbond.cni.fixture.Scripts;
import dev.podbond.cni.spec.CniErrorCode;
import dev.podbond.cni.spec.CniException;
import dev.podbond.cni.spec.CniResult;
import dev.podbond.json.Json;
import dev.podbond.json.JsonObject;
import dev.podbond.json.JsonString;
import dev.podbond.json.JsonValue;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CniRuntimeTest {

  private static final String BOND_RESULT =
      "{\"cniVersion\":\"1.1.0\",\"interfaces\":[{\"name\":\"bond0\",\"mtu\":1400}]}";
  private static final String TUNING_RESULT =
      "{\"cniVersion\":\"1.1.0\",\"interfaces\":[{\"name\":\"bond0\",\"mtu\":1300}]}";

  @TempDir Path bin;
  @TempDir Path state;

  private final ContainerAttachment attachment =
      ContainerAttachment.of("c1", Path.of("/run/netns/c1"), "net3");
  private CniRuntime runtime;

  @BeforeEach
  void installPlugins() throws Exception {
    Scripts.recorder(bin, "bond");
    Scripts.recorder(bin, "tuning");
    Files.writeString(bin.resolve("bond.result"), BOND_RESULT);
    Files.writeString(bin.resolve("tuning.result"), TUNING_RESULT);
    runtime =
        new CniRuntime(
            new PluginProcess(Duration.ofSeconds(30), OutputStream.nullOutputStream()),
            new ResultCache(state),
            new PluginPath(List.of(bin)),
            Map.of("PATH", "/usr/bin:/bin", "CNI_ARGS", "OLD=1", "TRACEPARENT", "t"));
  }

  private static NetworkList network(String version) throws CniException {
    return network(version, "");
  }

  private static NetworkList network(String version, String more) throws CniException {
    return NetworkList.parse(
        """
        {"cniVersion":"%s","name":"n"%s,"plugins":[
          {"type":"bond","mode":"active-backup","capabilities":{"mac":true},"args":{"a":1}},
          {"type":"tuning","PrevResult":{"stale":true}}]}\
        """
            .formatted(version, more));
  }

  private void fail(String type, String verb) throws Exception {
    Files.writeString(bin.resolve(type + "." + verb + ".error"), "{\"code\":7,\"msg\":\"potato\"}");
  }

  private List<String> calls() throws Exception {
    Path calls = bin.resolve("calls");
    return Files.exists(calls) ? Files.readAllLines(calls) : List.of();
  }

  private JsonObject stdin(String type, String verb) throws Exception {
    return Json.parseObject(Files.readString(bin.resolve(type + "." + verb + ".stdin")));
  }

  private String env(String type, String verb) throws Exception {
    return Files.readString(bin.resolve(type + "." + verb + ".env"));
  }

  private Path cacheFile() {
    return state.resolve("results").resolve("n-c1-net3");
  }

  private static JsonValue json(String text) throws Exception {
    return Json.parse(text);
  }

  @Test
  void addRunsThePluginsInOrderAndHandsEachResultToTheNext() throws Exception {
    CniResult result = runtime.add(network("1.1.0"), attachment);

    assertThat(calls()).containsExactly("ADD bond", "ADD tuning");
    assertThat(result.interfaces().getFirst().mtu()).hasValue(1300);
    assertThat(stdin("bond", "ADD").find("prevResult")).isEmpty();
    assertThat(stdin("tuning", "ADD").get("prevResult")).contains(json(BOND_RESULT));
    assertThat(stdin("tuning", "ADD").members()).doesNotContainKey("PrevResult");
    assertThat(stdin("bond", "ADD").get("name")).contains(new JsonString("n"));
    assertThat(stdin("bond", "ADD").get("cniVersion")).contains(new JsonString("1.1.0"));
  }

  @Test
  void theEnvironmentTellsTheAttachment() throws Exception {
    runtime.add(network("1.1.0"), attachment.withArgs(Map.of("IgnoreUnknown", "1")));

    assertThat(env("bond", "ADD").lines())
        .contains(
            "CNI_COMMAND=ADD",
            "CNI_CONTAINERID=c1",
            "CNI_NETNS=/run/netns/c1",
            "CNI_IFNAME=net3",
            "CNI_PATH=" + bin,
            "CNI_ARGS=IgnoreUnknown=1",
            "TRACEPARENT=t");
    runtime.del(network("1.1.0"), attachment);
    assertThat(env("bond", "DEL")).doesNotContain("CNI_ARGS");
  }

  @Test
  void aPluginGetsTheCapabilitiesItDeclaresAndTheStructuredArguments() throws Exception {
    JsonObject capabilities = Json.parseObject("{\"mac\":\"02:00:00:00:00:01\",\"ips\":[]}");
    JsonObject args = Json.parseObject("{\"cni\":{\"labels\":[]}}");
    runtime.add(
        network("1.1.0"),
        new ContainerAttachment("c1", attachment.netns(), "net3", Map.of(), capabilities, args));

    assertThat(stdin("bond", "ADD").get("runtimeConfig"))
        .contains(json("{\"mac\":\"02:00:00:00:00:01\"}"));
    assertThat(stdin("bond", "ADD").get("args"))
        .contains(json("{\"a\":1,\"cni\":{\"labels\":[]}}"));
    assertThat(stdin("tuning", "ADD").find("runtimeConfig")).isEmpty();
  }

  @Test
  void delRunsInReverseWithTheCachedResultAndForgetsIt() throws Exception {
    runtime.add(network("1.1.0"), attachment);
    assertThat(cacheFile()).exists();

    runtime.del(network("1.1.0"), attachment);
    runtime.del(network("1.1.0"), attachment);

    assertThat(calls().subList(2, 6))
        .containsExactly("DEL tuning", "DEL bond", "DEL tuning", "DEL bond");
    assertThat(cacheFile()).doesNotExist();
    assertThat(stdin("bond", "DEL").find("prevResult")).isEmpty();
  }

  @Test
  void delAndCheckGetTheLastResultInTheListsVersion() throws Exception {
    runtime.add(network("0.4.0"), attachment);
    runtime.check(network("0.4.0"), attachment);
    runtime.del(network("0.4.0"), attachment);

    JsonValue expected =
        json("{\"cniVersion\":\"0.4.0\",\"interfaces\":[{\"name\":\"bond0\"}],\"dns\":{}}");
    assertThat(calls().subList(2, 4)).containsExactly("CHECK bond", "CHECK tuning");
    assertThat(stdin("bond", "CHECK").get("prevResult")).contains(expected);
    assertThat(stdin("bond", "DEL").get("prevResult")).contains(expected);
  }

  @Test
  void before040DelGetsNoResultAndCheckIsRefused() throws Exception {
    runtime.add(network("0.3.1"), attachment);
    runtime.del(network("0.3.1"), attachment);

    assertThat(stdin("bond", "DEL").find("prevResult")).isEmpty();
    assertThatThrownBy(() -> runtime.check(network("0.3.1"), attachment))
        .hasMessageContaining("does not support CHECK");
  }

  @Test
  void anAddThatFailsIsUndoneByDelAndLeavesNoCache() throws Exception {
    fail("tuning", "ADD");

    assertThatThrownBy(() -> runtime.add(network("1.1.0"), attachment))
        .isInstanceOf(CniException.class)
        .hasMessage("plugin tuning ADD: potato");
    assertThat(calls()).containsExactly("ADD bond", "ADD tuning", "DEL tuning", "DEL bond");
    assertThat(cacheFile()).doesNotExist();
  }

  @Test
  void aDelThatFailsKeepsTheCacheSoThatItCanBeRepeated() throws Exception {
    runtime.add(network("1.1.0"), attachment);
    fail("tuning", "DEL");

    assertThatThrownBy(() -> runtime.del(network("1.1.0"), attachment))
        .hasMessageContaining("plugin tuning DEL: potato");
    assertThat(cacheFile()).exists();
  }

  @Test
  void aCorruptCacheDoesNotStopDelButCheck() throws Exception {
    for (String corrupt :
        List.of("", "{\"kind\":", "{\"kind\":\"x\"}", "{\"kind\":\"cniCacheV1\",\"result\":[]}")) {
      runtime.add(network("1.1.0"), attachment);
      Files.writeString(cacheFile(), corrupt);

      assertThatThrownBy(() -> runtime.check(network("1.1.0"), attachment))
          .hasMessageContaining("corrupt cache file " + cacheFile());
      runtime.del(network("1.1.0"), attachment);

      assertThat(cacheFile()).doesNotExist();
    }
  }

  @Test
  void checkWithoutACachedResultIsCode3AndADisabledOneDoesNothing() throws Exception {
    assertThatThrownBy(() -> runtime.check(network("1.1.0"), attachment))
        .isInstanceOfSatisfying(
            CniException.class,
            e -> assertThat(e.code()).isEqualTo(CniErrorCode.UNKNOWN_CONTAINER));
    runtime.check(network("1.1.0", ",\"disableCheck\":true"), attachment);
    assertThat(calls()).isEmpty();
  }

  @Test
  void theCacheFileIsThatOfTheGoLibrary() throws Exception {
    runtime.add(
        network("1.1.0"),
        attachment
            .withArgs(Map.of("K", "V"))
            .withCapabilityArgs(Json.parseObject("{\"mac\":\"m\"}")));

    JsonObject cached = Json.parseObject(Files.readString(cacheFile()));
    String config =
        new String(
            Base64.getDecoder().decode(((JsonString) cached.get("config").orElseThrow()).value()),
            StandardCharsets.UTF_8);
    assertThat(Json.parseObject(config)).isEqualTo(network("1.1.0").json());
    assertThat(cached.without("config"))
        .isEqualTo(
            json(
                """
                {"kind":"cniCacheV1","containerId":"c1","ifName":"net3","networkName":"n",
                 "netns":"/run/netns/c1","cniArgs":[["K","V"]],"capabilityArgs":{"mac":"m"},
                 "result":%s}\
                """
                    .formatted(TUNING_RESULT)));
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(cacheFile())))
        .isEqualTo("rw-------");
    try (Stream<Path> files = Files.list(cacheFile().getParent())) {
      assertThat(files).containsExactly(cacheFile());
    }
  }

  @Test
  void badNamesAreRefusedBeforeAnythingRuns() throws Exception {
    NetworkList network = network("1.1.0");

    assertThatThrownBy(
            () -> runtime.add(network, ContainerAttachment.of("../c", Path.of("/x"), "net3")))
        .isInstanceOf(CniException.class);
    assertThatThrownBy(
            () -> runtime.add(network, ContainerAttachment.of("c", Path.of("/x"), "../net3")))
        .isInstanceOf(CniException.class);
    assertThat(calls()).isEmpty();
  }
}
