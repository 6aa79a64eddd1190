package dev.podbond.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A node in use: pods come and go, some vanish, some are hostile, IPAM hangs, a PF goes down, the
/// agent is killed and stopped. At the end the node is as it was, and the agent holds no more than
/// half-way. `make soak` runs it for an hour.
class SoakKernelTest extends VfTest {
  private static final Duration LENGTH =
      Duration.ofSeconds(Integer.getInteger("podbond.soakSeconds", 300));

  /// An agent compiles and loads code in its first minutes; that is not a leak, and takes at most
  /// this.
  private static final long YOUNG_ALLOWANCE_KIB = 12 * 1024;

  private static final long ALLOWANCE_KIB = 4 * 1024;
  private static final Duration GROWN_UP = Duration.ofMinutes(20);

  /// Longer than an idle agent waits before it gives its heap back.
  private static final Duration REST = Duration.ofSeconds(20);

  private final long seed = Long.getLong("podbond.seed", System.nanoTime());
  private final Map<SoakTenant, Integer> visits = new EnumMap<>(SoakTenant.class);
  private final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
  private final Map<Vf, String> ownMacs = new HashMap<>();
  private AgentProcess agent;

  @BeforeEach
  void startAgent(@TempDir Path scratch) throws Exception {
    node.addPlugin(
        "hanging", "[ $CNI_COMMAND = ADD ] || exit 0\nsleep 10\necho '{\"code\": 100}'\nexit 1\n");
    agent = AgentProcess.start(scratch);
    for (Vf vf : vfs()) {
      ownMacs.put(vf, vf.link().mac());
    }
  }

  @AfterEach
  void stopAgent() throws Exception {
    agent.close();
  }

  @Test
  void aNodeIsAsBeforeWhateverItsPodsDid() throws Exception {
    gateway();
    pod.destroy();
    List<String> before = nodeLines();
    Duration quarter = LENGTH.dividedBy(4);

    churn(quarter, true);
    // The measured agent is new, and has this long to load what calls need.
    churn(quarter, false);
    Footprint middle = footprintAtRest(before);
    churn(LENGTH.dividedBy(2), false);
    Footprint end = footprintAtRest(before);
    System.out.printf(
        "soak: %d s, seed %d, %s; agent in the middle %s, at the end %s%n",
        LENGTH.toSeconds(), seed, visits, middle, end);

    long allowance = LENGTH.compareTo(GROWN_UP) < 0 ? YOUNG_ALLOWANCE_KIB : ALLOWANCE_KIB;
    assertThat(end.isWithin(middle, allowance)).as("%s, and then %s", middle, end).isTrue();
    agent.kill();
    agent.startAgain();
    assertThat(nodeLines()).isEqualTo(before);
  }

  /// Links, addresses and routes of the host, the state of each VF, and everything stored.
  private List<String> nodeLines() throws Exception {
    List<String> lines = new ArrayList<>(node.snapshot().lines());
    for (Vf vf : vfs()) {
      lines.add(vf.pci() + " " + vf.identityAtHome().orElse(List.of("is not at home")));
    }
    for (Vf vf : vfs()) {
      lines.replaceAll(line -> withoutOwnMac(line, vf));
    }
    node.reservations().forEach(address -> lines.add("ipam " + address));
    new Node(agent.state().getParent())
        .state()
        .keySet()
        .forEach(file -> lines.add("state " + file));
    return lines;
  }

  /// A PF forgets the MAC that a VF chose when the VF goes down, and learns it again only at the
  /// VF's next start. So whether the PF knows it now does not count.
  private String withoutOwnMac(String line, Vf vf) {
    Pattern reported =
        Pattern.compile(
            "(\"vf\":"
                + vf.index()
                + ",\"link_type\":\"ether\",\"address\":\")(?:"
                + ownMacs.get(vf)
                + "|00:00:00:00:00:00)");
    return line.startsWith("host " + vf.pf() + " ") || line.startsWith(vf.pci())
        ? reported.matcher(line).replaceAll("$1its own")
        : line;
  }

  private static List<Vf> vfs() throws Exception {
    return List.of(vf("pf0", 0), vf("pf1", 0), vf("pf0", 1), vf("pf1", 1));
  }

  /// Ordinary tenants come and go beside hostile ones.
  private void churn(Duration length, boolean disturbed) throws Exception {
    long end = System.nanoTime() + length.toNanos();
    List<Thread> threads = new ArrayList<>();
    Random seeds = new Random(seed);
    for (int i = 0; i < 4; i++) {
      Optional<Integer> vf = i < 2 ? Optional.of(i) : Optional.empty();
      Random random = new Random(seeds.nextLong());
      threads.add(started("tenants-" + i, () -> tenants(vf, random, end)));
    }
    Random random = new Random(seeds.nextLong());
    threads.add(started("cables", () -> cables(random, end)));
    if (disturbed) {
      Random others = new Random(seeds.nextLong());
      threads.add(started("agent-trouble", () -> agentTrouble(others, end)));
    }
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(failures).as("seed " + seed + ", agent: " + agent.log()).isEmpty();
  }

  private interface Part {
    void run() throws Exception;
  }

  private Thread started(String name, Part part) {
    return Thread.ofPlatform()
        .name(name)
        .start(() -> {
          try {
            part.run();
          } catch (Exception | AssertionError e) {
            failures.add(e);
          }
        });
  }

  private static boolean isOver(long end) {
    return System.nanoTime() > end;
  }

  private void tenants(Optional<Integer> vf, Random random, long end) throws Exception {
    SoakTenant[] kinds = SoakTenant.values();
    while (!isOver(end) && failures.isEmpty()) {
      SoakTenant tenant =
          random.nextInt(3) == 0 ? SoakTenant.ORDINARY : kinds[random.nextInt(kinds.length)];
      try (Pod own = Pod.create()) {
        tenant.live(new SoakTenant.Visit(agent, own, attachment(own, vf), random));
      }
      synchronized (visits) {
        visits.merge(tenant, 1, Integer::sum);
      }
      if (vf.isPresent()) {
        awaitHome(vf.get());
      }
    }
  }

  /// A bond of two VFs, or of two links that the pod has itself.
  private PluginCall attachment(Pod own, Optional<Integer> vf) throws Exception {
    String links;
    if (vf.isPresent()) {
      links =
          "[{'deviceID': '%s', 'name': 'net1', 'trust': 'on'}, {'deviceID': '%s', 'name': 'net2', 'trust': 'on'}]"
              .formatted(vf("pf0", vf.get()).pci(), vf("pf1", vf.get()).pci());
    } else {
      own.withDummies("net1", "net2");
      links = "[{'name': 'net1'}, {'name': 'net2'}]";
    }
    return node.bond(
        own,
        "bond0",
        Network.bond("'links': %s, %s".formatted(links, node.hostLocal("10.7.0.0/16"))));
  }

  private static void awaitHome(int index) throws Exception {
    for (String pf : List.of("pf0", "pf1")) {
      Vf vf = vf(pf, index);
      Eventually.is(vf + " is home", vf::isHome);
    }
  }

  private static void cables(Random random, long end) throws Exception {
    while (!isOver(end)) {
      Thread.sleep(5000 + random.nextInt(10_000));
      String pf = random.nextBoolean() ? "pf0" : "pf1";
      cable(pf, "cut", "carrier");
      Thread.sleep(random.nextInt(5000));
      cable(pf, "restore", "carrier");
    }
  }

  private void agentTrouble(Random random, long end) throws Exception {
    while (!isOver(end)) {
      Thread.sleep(10_000 + random.nextInt(20_000));
      if (random.nextBoolean()) {
        agent.kill();
      } else {
        agent.stop();
      }
      Thread.sleep(random.nextInt(5000));
      agent.startAgain();
    }
  }

  /// Waits until no work is left, and then until an idle agent has given its memory back.
  private Footprint footprintAtRest(Collection<String> before) throws Exception {
    try {
      Eventually.is("the node is as before", () -> nodeLines().equals(List.copyOf(before)));
    } catch (AssertionError e) {
      assertThat(nodeLines()).as("seed " + seed + ", agent: " + agent.log()).isEqualTo(before);
      throw e;
    }
    Thread.sleep(REST);
    return Footprint.of(agent.pid());
  }
}
