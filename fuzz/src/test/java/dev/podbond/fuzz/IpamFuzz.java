package dev.podbond.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.podbond.cni.exec.PluginLimits;
import dev.podbond.cni.spec.CniException;
import dev.podbond.cni.spec.CniResult;
import dev.podbond.cni.spec.CniVersion;
import dev.podbond.ipam.BuiltInIpam;
import dev.podbond.ipam.HostView;
import dev.podbond.ipam.files.AddressFiles;
import dev.podbond.json.Json;
import dev.podbond.json.JsonException;
import dev.podbond.json.JsonObject;
import dev.podbond.json.JsonString;
import dev.podbond.value.IpText;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/// Configurations of host-local and static, and host-local's files, with any content.
class IpamFuzz {
  private static final Sandbox SANDBOX = Sandbox.make();
  private static final String EXECUTED = "executed";

  private static final BuiltInIpam IPAM =
      new BuiltInIpam(
          (_, _, _) -> EXECUTED,
          new HostView() {
            @Override
            public boolean hasPlugin(String type, Map<String, String> env) {
              return true;
            }

            @Override
            public boolean shares(Path directory) {
              return directory.startsWith(SANDBOX.inside());
            }
          },
          AddressFiles.DISK,
          PluginLimits.always(Duration.ofSeconds(10)),
          Optional::empty,
          _ -> {});

  private static String call(String type, String verb, String args, String config)
      throws CniException {
    return IPAM.run(
        type,
        Map.of(
            "CNI_COMMAND", verb,
            "CNI_CONTAINERID", "pod",
            "CNI_IFNAME", "net1",
            "CNI_NETNS", "/run/netns/pod",
            "CNI_ARGS", args),
        config);
  }

  private static Map<String, String> files() throws IOException {
    Map<String, String> found = new TreeMap<>();
    try (Stream<Path> all = Files.walk(SANDBOX.inside())) {
      for (Path file : all.filter(Files::isRegularFile).toList()) {
        found.put(
            String.valueOf(file.getFileName()),
            Files.readString(file, StandardCharsets.ISO_8859_1));
      }
    }
    return found;
  }

  /// Whatever is understood gives addresses that are told in the layout of their version, each with
  /// a file of its own, and a DEL takes all of them back. The input is `CNI_ARGS`, a line's end,
  /// and the configuration, whose `dataDir` is ours.
  @FuzzTest
  void configuration(byte[] bytes) throws IOException, CniException {
    String text = new String(bytes, StandardCharsets.UTF_8);
    int end = Math.max(0, text.indexOf('\n'));
    String args = text.substring(0, end).replace("\0", "");
    for (String type : List.of("host-local", "static")) {
      Optional<String> config = inSandbox(type, text.substring(end));
      if (config.isPresent()) {
        check(type, args, config.get());
        SANDBOX.checkAndEmpty();
      }
    }
  }

  private static Optional<String> inSandbox(String type, String text) {
    try {
      JsonObject config = Json.parseObject(text);
      return Optional.of(
          type.equals("host-local") && config.get("ipam").orElse(config) instanceof JsonObject ipam
              ? config
                  .with("ipam", ipam.with("dataDir", new JsonString(SANDBOX.inside().toString())))
                  .toString()
              : text);
    } catch (JsonException _) {
      return Optional.empty();
    }
  }

  private static void check(String type, String args, String config)
      throws IOException, CniException {
    CniResult result;
    try {
      String output = call(type, "ADD", args, config);
      if (output.equals(EXECUTED)) {
        assertThat(files()).isEmpty();
        return;
      }
      result = CniResult.parse(output, CniVersion.DEFAULT);
    } catch (CniException e) {
      // An address that was asked for and cannot be had: nothing of it is left.
      assertThat(e.getMessage()).isNotEmpty();
      assertThat(files().values()).doesNotContain("pod\r\nnet1");
      return;
    }
    if (type.equals("host-local")) {
      assertThat(result.ips())
          .isNotEmpty()
          .allSatisfy(ip ->
              assertThat(files())
                  .containsEntry(IpText.format(ip.address().address()), "pod\r\nnet1"));
      assertThat(call(type, "CHECK", args, config)).isIn("", EXECUTED);
      assertThat(call(type, "DEL", args, config)).isEmpty();
      assertThat(files().values()).doesNotContain("pod\r\nnet1");
    }
  }

  /// Whatever a file of the store holds: the next address is nobody's, no file of others changes,
  /// and the DEL leaves what was there.
  @FuzzTest
  void store(byte[] bytes) throws IOException, CniException {
    String config =
        "{\"cniVersion\":\"1.0.0\",\"name\":\"net\",\"ipam\":{\"type\":\"host-local\",\"subnet\":\"10.1.0.0/29\",\"dataDir\":\"%s\"}}"
            .formatted(SANDBOX.inside());
    Path directory = Files.createDirectories(SANDBOX.inside().resolve("net"));
    for (String name : List.of("10.1.0.3", "last_reserved_ip.0")) {
      Files.write(directory.resolve(name), bytes);
    }
    String content = new String(bytes, StandardCharsets.ISO_8859_1);
    String output;
    try {
      output = call("host-local", "ADD", "", config);
    } catch (CniException e) {
      assertThat(e.getMessage()).contains("10.1.0.3 has been allocated to pod");
      SANDBOX.checkAndEmpty();
      return;
    }
    if (!output.equals(EXECUTED)) {
      String given =
          IpText.format(
              CniResult.parse(output, CniVersion.DEFAULT).ips().getFirst().address().address());
      assertThat(given).isIn("10.1.0.2", "10.1.0.4", "10.1.0.5", "10.1.0.6");
      assertThat(files())
          .containsEntry("10.1.0.3", content)
          .containsEntry("last_reserved_ip.0", given)
          .containsEntry(given, "pod\r\nnet1");
      assertThat(call("host-local", "DEL", "", config)).isEmpty();
      assertThat(files()).containsEntry("10.1.0.3", content).doesNotContainKey(given);
    }
    SANDBOX.checkAndEmpty();
  }
}
