package dev.podbond.reporter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podbond.json.JsonObject;
import dev.podbond.json.LenientObject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What the failure of a PF costs, with news that come as a node's do: the kernel tells of each
/// VF's link; the agent looks at its pod a tenth of a second later, at one pod at a time; the bond
/// finds out with its next `miimon`, and if that is after the look, the agent looks again. Time is
/// simulated, so the figures are those of the order of work, without that of the processor.
final class FailureWritesTest {
  private static final Duration QUIET = Duration.ofMinutes(1);
  private static final int LOOK_AFTER = 100;

  /// The bar from the kernel to the object is 1.5 s; this leaves some for the agent, for the
  /// question and for the request, of which none is in this time.
  private static final int BAR = 1200;

  @TempDir Path directory;
  private FakeAgent agent;
  private FakeApiServer server;
  private final Signal signal = new Signal();

  private enum Bond {
    WELL("Healthy", "net1", "up"),
    /// Its link has gone, and it has not noticed.
    HALF("Degraded", "net1", "down"),
    FAILED_OVER("Degraded", "net2", "down");

    private final String health;
    private final String active;
    private final String first;

    Bond(String health, String active, String first) {
      this.health = health;
      this.active = active;
      this.first = first;
    }
  }

  @BeforeEach
  void start() throws IOException {
    agent = new FakeAgent(directory.resolve("agent.sock"));
    server = new FakeApiServer(Files.createDirectory(directory.resolve("account")));
  }

  @AfterEach
  void end() throws IOException {
    agent.close();
    server.close();
  }

  private static String answer(Bond[] bonds) {
    List<String> texts = new ArrayList<>();
    for (int i = 0; i < bonds.length; i++) {
      texts.add(
          """
          {"bond": "bond0", "pod": "demo/web-%d", "health": "%s", "active": "%s", "configured": 2,
           "members": [{"name": "net1", "mii": "%s"}, {"name": "net2", "mii": "up"}]}
          """
              .formatted(i, bonds[i].health, bonds[i].active, bonds[i].first));
    }
    return "{\"bonds\": [" + String.join(",", texts) + "]}";
  }

  /// Runs a reporter until the end of time.
  private void report(SimulatedTime time) {
    Reporter reporter =
        new Reporter(
            agent.socket(),
            server.objectOf("n1"),
            "0.1.0",
            new ReporterLog(
                new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8)),
            time);
    try {
      reporter.run(signal);
    } catch (InterruptedException _) {
      // The end of time.
    }
  }

  private List<String> actives() {
    return LenientObject.objects(server.status(), "bonds").stream()
        .map(bond -> LenientObject.text(bond, "active").orElse(""))
        .toList();
  }

  /// As the agent has seen a bond.
  private void see(Bond[] bonds, int bond, Bond now) {
    bonds[bond] = now;
    agent.answer(answer(bonds));
    signal.raise();
  }

  /// The look comes just before the bond notices.
  @Test
  void halfOfAFailureIsNotWritten() {
    Bond[] bonds = {Bond.WELL};
    agent.answer(answer(bonds));
    SimulatedTime time = new SimulatedTime(QUIET.multipliedBy(3));
    time.at(QUIET.plusMillis(100), () -> see(bonds, 0, Bond.HALF));
    time.at(QUIET.plusMillis(200), () -> see(bonds, 0, Bond.FAILED_OVER));
    time.at(
        QUIET.plusMillis(600),
        () -> assertThat(actives()).as("soon after the last news").containsExactly("net2"));

    report(time);

    assertThat(server.writes()).as("the object, its status, and one failure").hasSize(3);
    assertThat(actives()).containsExactly("net2");
  }

  /// After a write there is a pause, and the failure comes where it ends, which is different for
  /// each node.
  @Test
  void halfOfAFailureIsNotWrittenAfterAPauseEither() {
    for (int since = 9_000; since < 17_000; since += 90) {
      Bond[] bonds = {Bond.WELL, Bond.WELL, Bond.WELL};
      agent.answer(answer(bonds));
      server.delete();
      SimulatedTime time = new SimulatedTime(QUIET.plusSeconds(60));
      time.at(QUIET, () -> see(bonds, 1, Bond.FAILED_OVER));
      time.at(QUIET.plusSeconds(5), () -> see(bonds, 2, Bond.FAILED_OVER));
      time.at(QUIET.plusMillis(since), () -> see(bonds, 0, Bond.HALF));
      time.at(QUIET.plusMillis(since + LOOK_AFTER), () -> see(bonds, 0, Bond.FAILED_OVER));
      String as = "a failure %d ms after a change".formatted(since);
      // What is written stays for ten seconds.
      time.each(Duration.ofSeconds(1), () -> assertThat(halves()).as(as).isZero());

      report(time);

      assertThat(actives()).as(as).containsOnly("net2");
    }
  }

  private long halves() {
    return LenientObject.objects(server.status(), "bonds").stream()
        .filter(bond -> LenientObject.text(bond, "health").equals(Optional.of("Degraded")))
        .filter(bond -> LenientObject.text(bond, "active").equals(Optional.of("net1")))
        .count();
  }

  /// Each failure is of a PF with up to 40 bonds. The description has the seed.
  @Test
  void aFailureIsOneWriteInTime() {
    long seed = Long.getLong("podbond.seed", System.nanoTime());
    Random random = new Random(seed);
    for (int run = 0; run < 20; run++) {
      Bond[] bonds = new Bond[1 + random.nextInt(40)];
      Arrays.fill(bonds, Bond.WELL);
      agent.answer(answer(bonds));
      server.delete();
      int before = server.writes().size();
      SimulatedTime time = new SimulatedTime(QUIET.multipliedBy(3));
      fail(bonds, time, random);
      String as = "seed " + seed + ", run " + run;
      time.at(QUIET.plusMillis(BAR), () -> assertThat(actives()).as(as).containsOnly("net2"));

      report(time);

      assertThat(server.writes().size() - before)
          .as("%s: the object, its status, and one failure", as)
          .isEqualTo(3);
    }
  }

  private void fail(Bond[] bonds, SimulatedTime time, Random random) {
    int free = 0;
    for (int i = 0; i < bonds.length; i++) {
      int bond = i;
      // Those of one PF are told of within milliseconds.
      int link = random.nextInt(10);
      int noticed = link + 1 + random.nextInt(100);
      // The agent looks at one pod at a time.
      int look = Math.max(link + LOOK_AFTER + random.nextInt(10), free);
      free = look + 3;
      if (noticed <= look) {
        time.at(QUIET.plusMillis(look), () -> see(bonds, bond, Bond.FAILED_OVER));
      } else {
        time.at(QUIET.plusMillis(look), () -> see(bonds, bond, Bond.HALF));
        time.at(QUIET.plusMillis(noticed + LOOK_AFTER), () -> see(bonds, bond, Bond.FAILED_OVER));
      }
    }
  }

  /// A burst that does not end is written all the same, and what comes after it is not lost.
  @Test
  void newsWithoutEndAreNotWaitedFor() {
    Bond[] bonds = {Bond.WELL, Bond.WELL};
    agent.answer(answer(bonds));
    SimulatedTime time = new SimulatedTime(QUIET.multipliedBy(5));
    for (int i = 0; i < 600; i++) {
      Bond now = i % 2 == 0 ? Bond.FAILED_OVER : Bond.WELL;
      time.at(QUIET.plusMillis(100 * i), () -> see(bonds, 0, now));
    }
    time.at(
        QUIET.plus(Reporter.LONGEST_BURST).plusMillis(1),
        () -> assertThat(server.writes()).as("the first write of the burst").hasSize(3));
    time.at(QUIET.plusSeconds(60), () -> see(bonds, 1, Bond.FAILED_OVER));

    report(time);

    JsonObject status = server.status();
    assertThat(LenientObject.objects(status, "bonds")).hasSize(2);
    assertThat(actives()).containsExactlyInAnyOrder("net1", "net2");
    assertThat(server.writes()).hasSizeLessThan(9);
  }
}
