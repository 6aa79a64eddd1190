package dev.podbond.agent.uplink;

import dev.podbond.agent.serve.AgentLog;
import dev.podbond.bonding.uplink.HostMaster;
import dev.podbond.bonding.uplink.PfPort;
import dev.podbond.bonding.uplink.PortState;
import dev.podbond.metrics.NodeCounters;
import dev.podbond.value.PciAddress;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.io.TempDir;

/// A watch over the uplinks of two PFs that are made up, in a directory of its settings; a second
/// is over when a test says so.
abstract class WatchedUplinks {
  static final PciAddress ONE = new PciAddress(0, 1, 0, 0);
  static final PciAddress TWO = new PciAddress(0, 2, 0, 0);
  static final PfPort WELL = lacp(0x3f);
  static final PfPort SILENT = lacp(0x45);

  @TempDir Path scratch;
  private final ByteArrayOutputStream logged = new ByteArrayOutputStream();
  private final AgentLog log = new AgentLog(new PrintStream(logged, true, StandardCharsets.UTF_8));
  final Map<PciAddress, PfPort> ports = new HashMap<>(Map.of(ONE, WELL, TWO, WELL));
  final SomeHosts probes = new SomeHosts();
  final SomeSpeakers lldp = new SomeSpeakers();
  final SomeBonds bonds = new SomeBonds();
  final SomeVfs vfs = new SomeVfs();
  final AtomicInteger changes = new AtomicInteger();
  final AtomicLong seconds = new AtomicLong();
  private final AtomicLong times = new AtomicLong();

  static PfPort lacp(int partner) {
    return new PfPort.Seen(
        true,
        true,
        new HostMaster.Lacp(
            "up0", Optional.of(new PortState(0x3f)), Optional.of(new PortState(partner))));
  }

  Path settings() {
    return scratch.resolve("uplink.json");
  }

  /// Each content is another file to whoever looks at its time.
  void set(String content) throws Exception {
    Files.writeString(settings(), content);
    Files.setLastModifiedTime(settings(), FileTime.fromMillis(1_000 * times.incrementAndGet()));
  }

  UplinkWatch watch() {
    return watch(_ -> Map.copyOf(ports));
  }

  UplinkWatch watch(UplinkWatch.Ports reader) {
    return new UplinkWatch(
        SettingsSource.of(settings()),
        () -> Map.of(ONE, "ens1f0", TWO, "ens2f0"),
        new UplinkWatch.Senses(reader, probes, lldp),
        changes::incrementAndGet,
        bonds,
        vfs,
        new NodeCounters(),
        log,
        () -> Duration.ofSeconds(seconds.get()));
  }

  void look(UplinkWatch watch, int times) {
    for (int i = 0; i < times; i++) {
      seconds.incrementAndGet();
      watch.look();
    }
  }

  String log() {
    return logged.toString(StandardCharsets.UTF_8);
  }
}
