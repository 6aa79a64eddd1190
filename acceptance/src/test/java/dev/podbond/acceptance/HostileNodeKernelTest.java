package dev.podbond.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podbond.acceptance.fault.Fault;
import dev.podbond.acceptance.fault.Injector;
import dev.podbond.acceptance.fault.PlannedFault;
import dev.podbond.acceptance.fault.Point;
import dev.podbond.acceptance.fault.Side;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What a node can do to its plugins besides failing: full and read-only disks, corrupted files,
/// clock changes, reused names, and others that work at the same time. See docs/faults.md.
class HostileNodeKernelTest extends PodTest {
  private PluginCall call;
  private FaultScenario scenario;

  @BeforeEach
  void oneBond() throws Exception {
    pod.withDummies("net1", "net2");
    call = bond(node.hostLocal("10.7.7.0/24"));
    scenario = FaultScenario.of("hostile", node, pod, call, () -> {});
  }

  private void requireBefore(String when) throws Exception {
    assertThat(scenario.now().differences(scenario.before())).as(when).isEmpty();
  }

  private void comesAndGoes(String when) throws Exception {
    node.forgetLastAddresses();
    call.add().ok();
    assertThat(scenario.now().differences(scenario.asked())).as(when).isEmpty();
    call.del().ok();
    requireBefore(when);
  }

  /// A separate file system of this many kilobytes for the state.
  private final class SmallDisk implements AutoCloseable {
    private final Path directory = node.stateDirectory();

    SmallDisk(int kilobytes) throws IOException {
      Files.createDirectories(directory);
      Shell.run(
          List.of(
              "mount",
              "-t",
              "tmpfs",
              "-o",
              "mode=700,size=" + kilobytes + "k",
              "none",
              directory.toString()));
    }

    void remount(String option) throws IOException {
      Shell.run(List.of("mount", "-o", "remount," + option, directory.toString()));
    }

    /// Writes until the disk is full.
    void fill() throws IOException {
      try (var out = Files.newOutputStream(directory.resolve("ballast"))) {
        byte[] block = new byte[4096];
        while (true) {
          out.write(block);
        }
      } catch (IOException full) {
        assertThat(full).hasMessageContaining("No space left");
      }
    }

    void empty() throws IOException {
      Files.delete(directory.resolve("ballast"));
    }

    @Override
    public void close() throws IOException {
      Shell.run(List.of("umount", directory.toString()));
    }
  }

  @Test
  void aFullDiskRefusesAnAddAndNoDel() throws Exception {
    try (SmallDisk disk = new SmallDisk(64)) {
      comesAndGoes("an empty disk");
      disk.fill();
      call.add().failed(5, "No space left");
      disk.empty();
      requireBefore("the disk was full");
      call.add().ok();
      disk.fill();
      call.del().ok();
      disk.empty();
      requireBefore("the disk was full for DEL");
      comesAndGoes("the disk has room again");
    }
  }

  @Test
  void aReadOnlyDiskRefusesAllAndLosesNothing() throws Exception {
    try (SmallDisk disk = new SmallDisk(64)) {
      comesAndGoes("a writable disk");
      disk.remount("ro");
      call.add().failed(5, "Read-only");
      requireBefore("the disk was read-only");
      disk.remount("rw");
      call.add().ok();
      disk.remount("ro");
      assertThat(call.del().exitCode()).isEqualTo(1);
      disk.remount("rw");
      call.del().ok();
      requireBefore("the disk was read-only for DEL");
    }
  }

  /// Cut, flipped, emptied and invented files. DEL then uses only the configuration, and the
  /// remains of the file go where a person finds them.
  @Test
  void aSpoiledRecordDoesNotStopADel() throws Exception {
    long seed = Long.getLong("podbond.seed", System.nanoTime());
    Random random = new Random(seed);
    for (int i = 0; i < 12; i++) {
      node.forgetLastAddresses();
      call.add().ok();
      Path record = onlyRecord();
      byte[] bytes = Files.readAllBytes(record);
      switch (i % 4) {
        case 0 -> bytes = Arrays.copyOf(bytes, random.nextInt(bytes.length));
        case 1 -> bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
        case 2 -> bytes = new byte[0];
        default -> bytes = "{\"version\": 99}".getBytes(StandardCharsets.UTF_8);
      }
      Files.write(record, bytes);
      String name =
          "seed " + seed + ", case " + i + ": " + new String(bytes, StandardCharsets.UTF_8);
      Outcome _ = call.del();
      call.del().ok();
      assertThat(pod.ip().find("bond0")).as(name).isEmpty();
      assertThat(node.reservations()).as(name).isEmpty();
      assertThat(pod.ip().link("net1").master()).as(name).isEmpty();
      Path damaged = node.stateDirectory().resolve("damaged");
      if (Files.exists(damaged)) {
        Shell.run(List.of("rm", "-r", damaged.toString()));
      }
      requireBefore(name);
    }
  }

  private Path onlyRecord() throws IOException {
    try (Stream<Path> files = Files.list(node.stateDirectory())) {
      return files.filter(file -> file.toString().endsWith(".json")).findFirst().orElseThrow();
    }
  }

  /// Besides the monotonic clock only the times of files count. A leftover temporary file from the
  /// future must not be taken for a record, nor disturb anything.
  @Test
  void clockJumpsDoNotMatter() throws Exception {
    call.add().ok();
    try (Stream<Path> files = Files.walk(node.stateDirectory())) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Files.setLastModifiedTime(file, FileTime.from(Instant.now().plus(3650, ChronoUnit.DAYS)));
      }
    }
    String now = Shell.run(List.of("date", "+%s")).strip();
    try {
      for (long jump : List.of(-86_400L * 3650, 86_400L * 3650)) {
        Shell.run(List.of("date", "-s", "@" + (Long.parseLong(now) + jump)));
        assertThat(scenario.recover()).hasToString("InOrder[]");
        scenario.run("CHECK", Injector.counting()).orElseThrow().ok();
        call.del().ok();
        requireBefore("a jump by " + jump + " s");
        call.add().ok();
      }
    } finally {
      Shell.run(List.of("date", "-s", "@" + now));
    }
    call.del().ok();
    requireBefore("the clock is right again");
  }

  /// A namespace is known by its path. DEL succeeds although another namespace is there now, and
  /// the next attachment in that one starts clean.
  @Test
  void aDelEndsThoughAnotherNamespaceHasThePath() throws Exception {
    call.add().ok();
    pod.destroy();
    Shell.run(List.of("ip", "netns", "add", pod.name()));
    pod.withDummies("net1", "net2");
    call.del().ok();
    assertThat(pod.ip().links().stream().map(SeenLink::name)).contains("net1", "net2");
    assertThat(node.reservations()).isEmpty();
    assertThat(node.state()).isEmpty();
    comesAndGoesAfresh();
  }

  private void comesAndGoesAfresh() throws Exception {
    call.add().ok();
    assertThat(pod.ip().link("net1").master()).isEqualTo("bond0");
    call.del().ok();
    assertThat(node.state()).isEmpty();
  }

  @Test
  void aMemberThatSomebodyTakesMidWayIsAFailureWithoutTrace() throws Exception {
    for (String deed : List.of("link delete net2", "link set net2 name other")) {
      List<Point> points = passedByAdd();
      for (Point point : points) {
        try (Pod own = Pod.create()) {
          own.withDummies("net1", "net2");
          PluginCall add = node.bond(own, "bond0", call.config());
          Injector injector =
              new Injector(
                  List.of(PlannedFault.at(point, Fault.PAUSE)),
                  _ -> {
                    try {
                      Shell.attempt(words("ip -n " + own.name() + " " + deed));
                    } catch (IOException e) {
                      throw new AssertionError(e);
                    }
                  });
          Outcome outcome = add.on(node.with(injector)).add();
          add.del().ok();
          String name = deed + " at " + point + ": " + outcome;
          assertThat(own.ip().find("bond0")).as(name).isEmpty();
          assertThat(own.ip().link("net1").master()).as(name).isEmpty();
          assertThat(node.state()).as(name).isEmpty();
          assertThat(node.reservations()).as(name).isEmpty();
          add.del().ok();
        }
      }
    }
  }

  private static List<String> words(String text) {
    return List.of(text.split(" "));
  }

  private List<Point> passedByAdd() throws Exception {
    Injector counting = Injector.counting();
    scenario.run("ADD", counting).orElseThrow().ok();
    call.del().ok();
    return counting.passed().stream().filter(point -> point.side() == Side.BEFORE).toList();
  }

  /// While others make and delete links, dumps are interrupted and the RTNL lock is held; a socket
  /// that nobody reads overruns.
  @Test
  void othersChangingLinksAllTheTimeDoNotMatter() throws Exception {
    List<Process> others = new ArrayList<>();
    Path stop = node.stateDirectory().resolveSibling("stop");
    try {
      for (int i = 0; i < 2; i++) {
        String where = i == 0 ? "" : "-n " + pod.name();
        others.add(
            new ProcessBuilder(
                    "sh",
                    "-c",
                    "until [ -e %s ]; do ip %s link add churn%d type dummy; ip %s link del churn%d; done"
                        .formatted(stop, where, i, where, i))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start());
      }
      for (int i = 0; i < 10; i++) {
        call.add().ok();
        scenario.run("CHECK", Injector.counting()).orElseThrow().ok();
        call.del().ok();
      }
    } finally {
      Files.createFile(stop);
      for (Process other : others) {
        int _ = other.waitFor();
      }
    }
    requireBefore("the noise");
  }

  @Test
  void sixteenMembersComeAndGoAndFail() throws Exception {
    List<String> names = IntStream.rangeClosed(1, 16).mapToObj(i -> "m" + i).toList();
    pod.withDummies(names.toArray(String[]::new));
    String links =
        String.join(", ", names.stream().map(name -> "{'name': '" + name + "'}").toList());
    FaultScenario wide =
        FaultScenario.of("sixteen", node, pod, call.with("'links': [" + links + "]"), () -> {});
    FaultMatrix matrix = new FaultMatrix(wide);
    List<Point> points = matrix.points(FaultMatrix.Verb.ADD);
    for (int i = 0; i < points.size(); i += 7) {
      matrix.tried(
          FaultMatrix.Verb.ADD,
          List.of(PlannedFault.at(points.get(i), Fault.FAIL)),
          points.get(i).toString());
    }
    assertThat(matrix.failures()).isEmpty();
    System.out.println(
        "faults: sixteen members, " + points.size() + " points, " + matrix.runs() + " tried");
  }
}
