package dev.podbond.ipam;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.podbond.cni.exec.PluginExec;
import dev.podbond.cni.exec.PluginLimits;
import dev.podbond.cni.spec.CniErrorCode;
import dev.podbond.cni.spec.CniException;
import dev.podbond.ipam.files.AddressFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class HostLocalTest {
  @TempDir Path directory;

  private Pods pods;
  private Optional<String> refusal = Optional.empty();
  private final List<String> executed = new ArrayList<>();
  private final List<String> log = new ArrayList<>();

  /// Stands for the real plugin.
  private final PluginExec real =
      (type, env, _) -> {
        executed.add(type + " " + env.get("CNI_COMMAND"));
        return "executed";
      };

  @BeforeEach
  void network() {
    pods = new Pods(directory, "10.1.0.0/29");
  }

  private PluginExec ours(HostView host) {
    return new BuiltInIpam(
        real, host, AddressFiles.DISK, PluginLimits.IPAM, () -> refusal, log::add);
  }

  private String result(String config, Map<String, String> env) throws CniException {
    return ours(HostView.OWN).run("host-local", env, config);
  }

  /// Every change of an ADD fails, before or after it was made: the DEL that follows leaves nothing
  /// of this pod, and all of the others.
  @Test
  void anAddWithAFailedChangeLeavesNothingAfterItsDel() throws Exception {
    pods.with(Pods.ours(), "ADD", "other");
    TreeMap<String, String> before = new TreeMap<>(Store.of(directory, true));
    before.remove("net/last_reserved_ip.0");
    FaultyFiles none = new FaultyFiles(-1, true);
    pods.with(Pods.ours(none, Duration.ofSeconds(10)), "ADD", "pod");
    pods.with(Pods.ours(), "DEL", "pod");
    assertThat(none.changes()).isEqualTo(4);

    for (int failing = 0; failing < none.changes(); failing++) {
      for (boolean isMade : new boolean[] {false, true}) {
        FaultyFiles files = new FaultyFiles(failing, isMade);
        assertThatThrownBy(() -> pods.with(Pods.ours(files, Duration.ofSeconds(10)), "ADD", "pod"))
            .isInstanceOfSatisfying(
                CniException.class, e -> assertThat(e.code()).isEqualTo(CniErrorCode.INTERNAL))
            .hasMessageContaining(isMade ? "Input/output error" : "No space left on device");
        pods.with(Pods.ours(), "DEL", "pod");
        TreeMap<String, String> after = new TreeMap<>(Store.of(directory, true));
        after.remove("net/last_reserved_ip.0");
        assertThat(after).as("change %d, made %s", failing, isMade).isEqualTo(before);
      }
    }
  }

  /// As host-local does: what cannot be deleted stays, and the DEL succeeds; the next one tries
  /// again.
  @Test
  void aDelWithAFailedChangeCanBeRepeated() throws Exception {
    pods.with(Pods.ours(), "ADD", "pod");
    FaultyFiles files = new FaultyFiles(2, false);
    pods.with(Pods.ours(files, Duration.ofSeconds(10)), "DEL", "pod");
    assertThat(directory.resolve("net/10.1.0.2")).exists();
    pods.with(Pods.ours(), "DEL", "pod");
    assertThat(directory.resolve("net/10.1.0.2")).doesNotExist();
  }

  @Test
  void aLockThatAnotherProgramHoldsIsNotWaitedForLongerThanAllowed() throws Exception {
    pods.with(Pods.ours(), "ADD", "pod");
    Process holder =
        new ProcessBuilder(
                "flock", pods.store().resolve("lock").toString(), "sh", "-c", "echo; sleep 60")
            .start();
    try {
      assertThat(holder.getInputStream().read()).isEqualTo('\n');
      for (String verb : List.of("ADD", "DEL", "CHECK")) {
        assertThatThrownBy(
                () -> pods.with(Pods.ours(AddressFiles.DISK, Duration.ofMillis(50)), verb, "pod"))
            .isInstanceOfSatisfying(
                CniException.class,
                e -> assertThat(e.code()).isEqualTo(CniErrorCode.TRY_AGAIN_LATER))
            .hasMessageContaining("was not free within 50 ms");
      }
    } finally {
      holder.descendants().forEach(ProcessHandle::destroyForcibly);
      holder.destroyForcibly().waitFor();
    }
    pods.with(Pods.ours(), "CHECK", "pod");
  }

  /// One that waits for another program's lock keeps its place in the queue; those behind it give
  /// up in their own time.
  @Test
  void thoseWhoQueueBehindAWaiterAreNotKeptLongerThanAllowed() throws Exception {
    pods.with(Pods.ours(), "ADD", "pod");
    Process holder =
        new ProcessBuilder(
                "flock", pods.store().resolve("lock").toString(), "sh", "-c", "echo; sleep 60")
            .start();
    assertThat(holder.getInputStream().read()).isEqualTo('\n');
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<String> patient = threads.submit(() -> pods.with(Pods.ours(), "ADD", "patient"));
      assertThatThrownBy(
              () -> pods.with(Pods.ours(AddressFiles.DISK, Duration.ofMillis(50)), "ADD", "hasty"))
          .hasMessageContaining("was not free within");
      holder.descendants().forEach(ProcessHandle::destroyForcibly);
      holder.destroyForcibly().waitFor();
      assertThat(patient.get()).contains("10.1.0.3");
    }
  }

  @Test
  void anotherNetworkIsNotKeptWaiting() throws Exception {
    pods.with(Pods.ours(), "ADD", "pod");
    Process holder =
        new ProcessBuilder(
                "flock", pods.store().resolve("lock").toString(), "sh", "-c", "echo; sleep 60")
            .start();
    try {
      assertThat(holder.getInputStream().read()).isEqualTo('\n');
      String other = pods.config().replace("\"name\":\"net\"", "\"name\":\"other\"");
      assertThat(Pods.ours().run("host-local", Pods.env("ADD", "pod"), other)).contains("10.1.0.2");
    } finally {
      holder.descendants().forEach(ProcessHandle::destroyForcibly);
      holder.destroyForcibly().waitFor();
    }
  }

  @Test
  void saysWhichWayItTook() throws Exception {
    result(pods.config(), Pods.env("ADD", "pod"));
    result(
        pods.config().replace("\"subnet\"", "\"resolvConf\":\"/etc/resolv.conf\",\"subnet\""),
        Pods.env("ADD", "pod"));

    assertThat(log)
        .containsExactly(
            "IPAM host-local ADD was carried out by Podbond itself",
            "IPAM host-local ADD is executed, because ipam.resolvConf is not known here");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"resolvConf\":\"/etc/resolv.conf\",",
        "\"exclude\":[],",
        "\"Subnet\":\"10.2.0.0/24\",",
        "\"ranges\":null,",
        "\"ranges\":{},",
        "\"routes\":[{\"dst\":\"0.0.0.0/0\",\"via\":\"10.1.0.1\"}],",
        "\"routes\":[{\"dst\":\"0.0.0.0/0\",\"mtu\":\"1400\"}],",
        "\"routes\":[{\"dst\":\"0.0.0.0/0\",\"mtu\":-1}],",
        "\"routes\":[{\"gw\":\"10.1.0.1\"}],",
        "\"rangeStart\":\"\",",
        "\"rangeStart\":7,",
        "\"gateway\":\"::ffff:10.1.0.1\","
      })
  void whatIsNotUnderstoodIsExecuted(String member) throws Exception {
    String config = pods.config().replace("\"subnet\"", member + "\"subnet\"");

    for (String verb : List.of("ADD", "DEL", "CHECK")) {
      assertThat(result(config, Pods.env(verb, "pod"))).isEqualTo("executed");
    }
    assertThat(directory).isEmptyDirectory();
  }

  /// Each range is compared with each other one.
  @Test
  void manyRangesAreLeftToThePlugin() throws Exception {
    for (String inEach : List.of("],[", ",")) {
      StringBuilder ranges = new StringBuilder();
      for (int i = 0; i < 257; i++) {
        ranges
            .append(i == 0 ? "[[" : inEach)
            .append("{\"subnet\":\"10.%d.%d.0/24\"}".formatted(2 + i / 256, i % 256));
      }
      String config = pods.config().replace("\"subnet\"", "\"ranges\":" + ranges + "]],\"subnet\"");

      assertThat(result(config, Pods.env("ADD", "pod"))).isEqualTo("executed");
    }
    assertThat(log).allMatch(line -> line.endsWith(" has more than 256 elements"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"Name\":\"other\",",
        "\"RUNTIMECONFIG\":{\"ips\":[\"10.1.0.3\"]},",
        "\"runtimeConfig\":{\"IPs\":[\"10.1.0.3\"]},",
        "\"runtimeConfig\":{\"ips\":[\"\"]},",
        "\"runtimeConfig\":null,",
        "\"args\":{\"cni\":{\"ips\":\"10.1.0.3\"}},",
        "\"args\":{\"CNI\":{\"ips\":[\"10.1.0.3\"]}},"
      })
  void unusualMembersBesideIpamAreExecuted(String member) throws Exception {
    String config = pods.config().replace("\"cniVersion\"", member + "\"cniVersion\"");

    assertThat(result(config, Pods.env("ADD", "pod"))).isEqualTo("executed");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "K8S_POD_NAME=a",
        "IgnoreUnknown=1;A=B=C",
        "IgnoreUnknown=1;",
        "IgnoreUnknown=maybe",
        "IgnoreUnknown=1;CommonArgs=1",
        "IgnoreUnknown=1;IP=10.1.0.300"
      })
  void unusualArgumentsAreExecuted(String args) throws Exception {
    Map<String, String> env = new HashMap<>(Pods.env("ADD", "pod"));
    env.put("CNI_ARGS", args);

    assertThat(result(pods.config(), env)).isEqualTo("executed");
  }

  @ParameterizedTest
  @ValueSource(strings = {"CNI_CONTAINERID", "CNI_IFNAME", "CNI_NETNS", "CNI_PATH", "CNI_COMMAND"})
  void aCallWithoutItsVariablesIsExecuted(String variable) throws Exception {
    Map<String, String> env = new HashMap<>(Pods.env("ADD", "pod"));
    env.remove(variable);

    assertThat(result(pods.config(), env)).isEqualTo("executed");
  }

  @Test
  void aDirectoryThatTheHostMaySeeOtherwiseIsLeftToThePlugin() throws Exception {
    HostView container =
        new HostView() {
          @Override
          public boolean hasPlugin(String type, Map<String, String> env) {
            return true;
          }

          @Override
          public boolean shares(Path store) {
            return false;
          }
        };

    assertThat(ours(container).run("host-local", Pods.env("ADD", "pod"), pods.config()))
        .isEqualTo("executed");
    assertThat(directory).isEmptyDirectory();
  }

  @Test
  void aDirectoryInWhichOthersWriteIsLeftToThePlugin() throws Exception {
    Files.createDirectory(
        pods.store(),
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
    Files.setPosixFilePermissions(pods.store(), PosixFilePermissions.fromString("rwxrwxrwx"));

    assertThat(result(pods.config(), Pods.env("ADD", "pod"))).isEqualTo("executed");
  }

  @ParameterizedTest
  @ValueSource(strings = {"link", "directory", "long"})
  void aStoreWithWhatHostLocalDoesNotWriteIsLeftToThePlugin(String thing) throws Exception {
    Files.createDirectory(pods.store());
    Path odd = pods.store().resolve("10.1.0.2");
    switch (thing) {
      case "link" -> Files.createSymbolicLink(odd, Path.of("10.1.0.9"));
      case "directory" -> Files.createDirectory(odd);
      default -> Files.writeString(odd, "x".repeat(5000));
    }

    assertThat(result(pods.config(), Pods.env("ADD", "pod"))).isEqualTo("executed");
    assertThat(Files.exists(odd, LinkOption.NOFOLLOW_LINKS)).isTrue();
  }

  /// The lock of another program is not opened if it is no file: opening a pipe would wait for
  /// ever.
  @Test
  void aLockThatIsAPipeIsLeftToThePlugin() throws Exception {
    Files.createDirectory(pods.store());
    assertThat(
            new ProcessBuilder("mkfifo", pods.store().resolve("lock").toString()).start().waitFor())
        .isZero();

    assertThat(result(pods.config(), Pods.env("ADD", "pod"))).isEqualTo("executed");
  }

  @Test
  void aStoreOfAHugeNumberOfFilesIsLeftToThePlugin() throws IOException, CniException {
    Files.createDirectory(pods.store());
    Path first = Files.createFile(pods.store().resolve("0"));
    for (int i = 1; i <= 100_000; i++) {
      // Links of one file, since these cost no blocks; the limit on links ends some file systems.
      if (i % 10_000 == 0) {
        first = Files.createFile(pods.store().resolve(Integer.toString(i)));
      } else {
        Files.createLink(pods.store().resolve(Integer.toString(i)), first);
      }
    }

    assertThat(result(pods.config(), Pods.env("ADD", "pod"))).isEqualTo("executed");
  }

  @Test
  void nothingIsCarriedOutHereWhereTheNodesOwnerForbidsIt() throws Exception {
    refusal = Optional.of("builtInIpam is false in this node's settings");

    assertThat(result(pods.config(), Pods.env("ADD", "pod"))).isEqualTo("executed");
    assertThat(log)
        .containsExactly(
            "IPAM host-local ADD is executed, because builtInIpam is false in this node's settings");
  }

  @Test
  void anotherPluginIsExecuted() throws Exception {
    assertThat(ours(HostView.OWN).run("whereabouts", Pods.env("ADD", "pod"), pods.config()))
        .isEqualTo("executed");
    assertThat(executed).containsExactly("whereabouts ADD");
    assertThat(log).isEmpty();
  }
}
