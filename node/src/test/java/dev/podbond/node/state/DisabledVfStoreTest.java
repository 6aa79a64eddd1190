package dev.podbond.node.state;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podbond.bonding.linkstate.DisabledVf;
import dev.podbond.bonding.linkstate.DisabledVfs;
import dev.podbond.value.PciAddress;
import dev.podbond.value.VfLinkState;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What is written down of VFs without a link.
final class DisabledVfStoreTest {
  private static final PciAddress PF = new PciAddress(0, 0x3b, 0, 0);

  @TempDir Path state;
  private final List<String> damaged = new ArrayList<>();

  private DisabledVfStore store() {
    return new DisabledVfStore(state, StateFiles.DURABLE, damaged::add);
  }

  private Path file() {
    return state.resolve("vflinkstate/0000:3b:00.0.json");
  }

  private static DisabledVfs some(int vfs) {
    List<DisabledVf> all = new ArrayList<>();
    for (int i = 0; i < vfs; i++) {
      all.add(
          new DisabledVf(
              new PciAddress(0, 0x3b, 1 + i / 8, i % 8), i, VfLinkState.AUTO, i % 2 == 1));
    }
    return new DisabledVfs(PF, "9c7b8d40-boot", all);
  }

  @Test
  void whatIsWrittenIsReadAndGoesWithTheLastVf() throws Exception {
    assertThat(store().load(PF)).isEmpty();
    assertThat(store().all()).isEmpty();
    store().save(some(248));
    assertThat(store().load(PF)).contains(some(248));
    assertThat(store().all()).containsExactly(some(248));
    assertThat(some(248).count()).as("without those that are somebody's").isEqualTo(124);
    store().save(some(0));
    assertThat(file()).doesNotExist();
    store().save(some(0));
    assertThat(damaged).isEmpty();
  }

  @Test
  void aTornFileOrAFlippedBitRestoresNothing() throws Exception {
    store().save(some(3));
    byte[] whole = Files.readAllBytes(file());
    Random random = new Random(Long.getLong("podbond.seed", 1));
    for (int i = 0; i < 60; i++) {
      byte[] flipped = whole.clone();
      flipped[random.nextInt(whole.length - 1)] ^= (byte) (1 << random.nextInt(7));
      Files.write(
          file(), i % 2 == 0 ? flipped : Arrays.copyOf(whole, random.nextInt(whole.length - 1)));
      assertThat(store().load(PF)).as("round %d", i).isEmpty();
      assertThat(file()).doesNotExist();
    }
    assertThat(damaged)
        .hasSize(60)
        .allMatch(line -> line.contains("damaged/vflinkstate-0000:3b:00.0.json"));
  }

  @Test
  void whatIsNoRecordOfThePfIsMovedAside() throws Exception {
    store().save(some(1));
    Files.move(file(), file().resolveSibling("0000:af:00.0.json"));
    Files.writeString(state.resolve("vflinkstate/nonsense.json"), "");
    assertThat(store().all()).isEmpty();
    assertThat(damaged)
        .hasSize(2)
        .anyMatch(line -> line.contains("it holds the record of the VFs of the PF 0000:3b:00.0"))
        .anyMatch(line -> line.contains("its name is no PF's"));
    assertThat(state.resolve("vflinkstate")).isEmptyDirectory();
  }
}
