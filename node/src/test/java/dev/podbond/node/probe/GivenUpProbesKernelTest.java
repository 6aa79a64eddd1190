package dev.podbond.node.probe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podbond.bonding.uplink.ProbePath;
import dev.podbond.bonding.uplink.ProbeReach;
import dev.podbond.netlink.link.LinkChange;
import dev.podbond.netlink.link.NewLink;
import dev.podbond.node.netns.TwoNamespaces;
import dev.podbond.node.sysfs.FakeSysfs;
import dev.podbond.node.sysfs.PciDevices;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Hosts are asked through many PFs, and then no more.
@Tag("kernel")
final class GivenUpProbesKernelTest {
  private static final int PFS = 24;
  private static final InetAddress HOST = InetAddress.ofLiteral("192.0.2.1");
  private static final Duration LIMIT = Duration.ofSeconds(30);

  @TempDir Path root;

  @Test
  void allSocketsAreClosedByOneThread() throws Exception {
    try (TwoNamespaces two = TwoNamespaces.empty()) {
      FakeSysfs sysfs = new FakeSysfs(root);
      Map<ProbePath, Set<InetAddress>> questions = new TreeMap<>();
      for (int i = 1; i <= PFS; i++) {
        String name = "pf" + i;
        two.host().links().create(NewLink.veth(name, "sw" + i, two.pod().netns()));
        int index = two.host().links().get(name).index();
        two.host().links().change(index, LinkChange.of().bringUp());
        String pci = "0000:%02x:00.0".formatted(i);
        sysfs.pf(pci, name, 8).ifindex(pci, name, index);
        questions.put(new ProbePath(FakeSysfs.pci(pci), OptionalInt.empty()), Set.of(HOST));
      }
      PfProbes probes = new PfProbes(new PciDevices(root));
      long threads = threads();
      long open = sockets();
      assertThat(probes.ask(questions, ProbeReach.EVERYBODY, two.host()).unasked()).isEmpty();
      assertThat(sockets()).isEqualTo(open + PFS);
      probes.stop();
      awaitSockets(open);
      assertThat(probes.ask(questions, ProbeReach.EVERYBODY, two.host()).unasked()).isEmpty();
      assertThat(probes.ask(Map.of(), ProbeReach.EVERYBODY, two.host()).unasked()).isEmpty();
      awaitSockets(open);
      // Each would stay for a minute.
      assertThat(threads()).isLessThanOrEqualTo(threads + 2);
    }
  }

  private static long threads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().startsWith("background-"))
        .count();
  }

  private static void awaitSockets(long wanted) throws Exception {
    long end = System.nanoTime() + LIMIT.toNanos();
    while (sockets() != wanted) {
      assertThat(System.nanoTime()).as("sockets that stay").isLessThan(end);
      Thread.sleep(20);
    }
  }

  private static long sockets() throws Exception {
    try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd"))) {
      return descriptors.filter(GivenUpProbesKernelTest::isSocket).count();
    }
  }

  private static boolean isSocket(Path descriptor) {
    try {
      return Files.readSymbolicLink(descriptor).toString().startsWith("socket:");
    } catch (IOException _) {
      // It was closed meanwhile.
      return false;
    }
  }
}
