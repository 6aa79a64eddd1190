package dev.podbond.node.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.podbond.bonding.linkstate.DisabledVf;
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

  private Path file(DisabledVf vf) {
    return state.resolve("vflinkstate/" + vf.pci() + ".json");
  }

  private static DisabledVf some(int index) {
    return new DisabledVf(
        new PciAddress(0, 0x3b, 1 + index / 8, index % 8),
        index,
        PF,
        "9c7b8d40-boot",
        VfLinkState.AUTO);
  }

  private List<PciAddress> listed() throws StateException {
    List<PciAddress> all = new ArrayList<>();
    store().forEachVf(all::add);
    return all;
  }

  @Test
  void whatIsWrittenIsReadUntilItIsRemoved() throws Exception {
    assertThat(store().load(some(0).pci())).isEmpty();
    assertThat(store().readable()).isEmpty();
    assertThat(store().remove(some(0).pci())).isFalse();
    assertThat(state).as("nobody made anything").isEmptyDirectory();
    for (int i = 0; i < 100; i++) {
      store().save(some(i));
    }
    assertThat(store().load(some(7).pci())).contains(some(7));
    assertThat(store().readable()).hasSize(100);
    assertThat(store().remove(some(7).pci())).isTrue();
    assertThat(file(some(7))).doesNotExist();
    assertThat(listed()).hasSize(99).doesNotContain(some(7).pci());
    assertThat(damaged).isEmpty();
  }

  @Test
  void aTornFileOrAFlippedBitRestoresNothing() throws Exception {
    store().save(some(3));
    store().save(some(4));
    byte[] whole = Files.readAllBytes(file(some(3)));
    Random random = new Random(Long.getLong("podbond.seed", 1));
    for (int i = 0; i < 60; i++) {
      byte[] flipped = whole.clone();
      flipped[random.nextInt(whole.length - 1)] ^= (byte) (1 << random.nextInt(7));
      Files.write(
          file(some(3)),
          i % 2 == 0 ? flipped : Arrays.copyOf(whole, random.nextInt(whole.length - 1)));
      assertThat(store().load(some(3).pci())).as("round %d", i).isEmpty();
      assertThat(store().readable()).as("round %d", i).containsExactly(some(4));
      assertThat(file(some(3))).doesNotExist();
    }
    assertThat(damaged)
        .hasSize(60)
        .allMatch(line -> line.contains("damaged/vflinkstate-0000:3b:01.3.json"));
  }

  @Test
  void whatIsNoRecordOfTheVfIsMovedAside() throws Exception {
    store().save(some(1));
    Files.move(file(some(1)), file(some(2)));
    Files.writeString(state.resolve("vflinkstate/nonsense.json"), "");
    assertThat(store().readable()).isEmpty();
    assertThat(damaged)
        .hasSize(2)
        .anyMatch(line -> line.contains("it holds the record of the VF 0000:3b:01.1"))
        .anyMatch(line -> line.contains("its name is no VF's"));
    assertThat(state.resolve("vflinkstate")).isEmptyDirectory();
  }

  @Test
  void whereTheDirectoryIsNoneNothingElseFails() throws Exception {
    Files.writeString(state.resolve("vflinkstate"), "");
    assertThatThrownBy(this::listed).isInstanceOf(StateException.class);
    assertThat(store().readable()).isEmpty();
  }
}
