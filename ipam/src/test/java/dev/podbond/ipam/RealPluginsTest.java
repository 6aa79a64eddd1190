package dev.podbond.ipam;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podbond.cni.exec.PluginExec;
import dev.podbond.cni.exec.PluginLimits;
import dev.podbond.ipam.files.AddressFiles;
import dev.podbond.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The built-in plugins against the real ones, call by call and file by file.
///
/// Three stores get the same calls: one from the real plugin, one from ours, and one from either by
/// chance. Answers and files must be the same after each call.
final class RealPluginsTest {
  private static final int NETWORKS = Integer.getInteger("podbond.ipam.networks", 40);
  private static final int CALLS = 25;

  private static final boolean KNOWS_NEWEST = Peer.isNew();

  @TempDir Path directory;

  private final List<String> log = new ArrayList<>();
  private int here;
  private int executed;

  private final PluginExec ours =
      new BuiltInIpam(
          Peer.exec(),
          HostView.OWN,
          AddressFiles.DISK,
          PluginLimits.IPAM,
          Optional::empty,
          this::count);

  private void count(String line) {
    if (line.contains(" is executed, because ")) {
      executed++;
    } else {
      here++;
    }
    log.add(line);
  }

  @Test
  void hostLocalAnswersAndWritesTheSame() throws IOException {
    long seed = Long.getLong("podbond.seed", System.nanoTime());
    for (int network = 0; network < NETWORKS; network++) {
      compare("host-local", new Random(seed + network), "seed " + seed + ", network " + network);
    }
    assertThat(here).as("calls that were carried out here").isGreaterThan(executed / 4);
    assertThat(executed).as("calls that were left to the plugin").isPositive();
  }

  @Test
  void staticAnswersTheSame() throws IOException {
    long seed = Long.getLong("podbond.seed", System.nanoTime());
    for (int network = 0; network < NETWORKS / 2; network++) {
      compare("static", new Random(seed + network), "seed " + seed + ", network " + network);
    }
    assertThat(here).as("calls that were carried out here").isGreaterThan(executed / 4);
    assertThat(executed).as("calls that were left to the plugin").isPositive();
  }

  private void compare(String type, Random random, String seed) throws IOException {
    Calls calls = new Calls(random, KNOWS_NEWEST);
    JsonObject config = type.equals("static") ? calls.fixed() : calls.hostLocal();
    List<Path> stores = new ArrayList<>();
    for (String name : List.of("real", "ours", "mixed")) {
      stores.add(Files.createTempDirectory(directory, name));
    }
    List<String> story = new ArrayList<>();
    for (int i = 0; i < CALLS; i++) {
      Calls.Call call = calls.next(config, type.equals("static"));
      if (random.nextInt(8) == 0 && type.equals("host-local")) {
        story.add(damage(random, stores));
      }
      Outcome real = outcome(Peer.exec(), type, call, stores.get(0));
      int before = log.size();
      Outcome own = outcome(ours, type, call, stores.get(1));
      Outcome mixed = outcome(random.nextBoolean() ? ours : Peer.exec(), type, call, stores.get(2));
      story.add(call.env() + " " + call.config() + " -> " + real.told());
      String told =
          seed + "\n" + String.join("\n", story) + "\n" + log.subList(before, log.size()) + "\n";
      assertThat(own).as(told).isEqualTo(real);
      assertThat(mixed).as("either, " + told).isEqualTo(real);
      assertThat(Store.of(stores.get(1), KNOWS_NEWEST))
          .as(told)
          .isEqualTo(Store.of(stores.get(0), KNOWS_NEWEST));
      assertThat(Store.of(stores.get(2), KNOWS_NEWEST))
          .as("either, " + told)
          .isEqualTo(Store.of(stores.get(0), KNOWS_NEWEST));
    }
  }

  private static Outcome outcome(PluginExec exec, String type, Calls.Call call, Path store) {
    Map<String, String> env = new TreeMap<>(call.env());
    env.put("CNI_PATH", Peer.path());
    Outcome outcome =
        Outcome.of(
            exec, type, env, call.config().toString().replace(Calls.DATA_DIR, store.toString()));
    return new Outcome(outcome.told().replace(store.toString(), Calls.DATA_DIR));
  }

  /// Something that crashes, hands and older releases leave behind.
  private static String damage(Random random, List<Path> stores) throws IOException {
    String address = "10.1.0." + (2 + random.nextInt(5));
    String name = random.nextInt(3) == 0 ? "last_reserved_ip." + random.nextInt(2) : address;
    String text =
        List.of(
                "",
                "container" + random.nextInt(6),
                "container1\r\nnet0\r\n\u00a0",
                "10.1.0.3",
                "10.1.0.3\n",
                "\u00ff\u0000 nonsense",
                "fd00:0:0:1::2")
            .get(random.nextInt(7));
    for (Path store : stores) {
      Path network = store.resolve("net-host-local");
      if (Files.isDirectory(network)) {
        if (random.nextInt(1) == 0 && name.startsWith("last") && text.isEmpty()) {
          Files.deleteIfExists(network.resolve(name));
        } else {
          Path file = network.resolve(name);
          Files.writeString(file, text);
          Files.setPosixFilePermissions(
              file, java.nio.file.attribute.PosixFilePermissions.fromString("rw-------"));
        }
      }
    }
    return "damage: " + name + " = " + text;
  }
}
