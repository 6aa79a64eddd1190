package dev.podbond.node.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.podbond.bonding.demotion.Demotion;
import dev.podbond.bonding.demotion.Held;
import dev.podbond.bonding.demotion.HeldMember;
import dev.podbond.node.state.DemotionStore.Found;
import dev.podbond.value.AttachmentKey;
import dev.podbond.value.PciAddress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What is written down of demoted members, whatever becomes of the files.
final class DemotionStoreTest {
  private static final AttachmentKey KEY = new AttachmentKey("c1", "net1");

  @TempDir Path state;

  private DemotionStore store() {
    return new DemotionStore(state, StateFiles.DURABLE);
  }

  private Path file() {
    return state.resolve("demoted/c1:net1.json");
  }

  private static Demotion demotion(AttachmentKey key, String why) {
    return new Demotion(
        key,
        List.of(
            new HeldMember(
                "net1",
                PciAddress.parse("0000:3b:02.0"),
                PciAddress.parse("0000:3b:00.0").orElseThrow(),
                why,
                Instant.ofEpochMilli(1_800_000_000_123L),
                new Held.Lowered(OptionalInt.of(5), OptionalInt.of(-1), true)),
            new HeldMember(
                "net2",
                Optional.empty(),
                PciAddress.parse("0000:3b:00.1").orElseThrow(),
                why,
                Instant.ofEpochMilli(1_800_000_000_124L),
                new Held.Outside(OptionalInt.of(3), OptionalInt.of(-7)))));
  }

  private static Demotion demotion() {
    return demotion(KEY, "lacp: the partner is expired");
  }

  private List<AttachmentKey> keys(List<Path> strange) throws StateException {
    List<AttachmentKey> keys = new ArrayList<>();
    store().forEachKey(keys::add, strange::add);
    return keys;
  }

  @Test
  void whatIsWrittenIsReadAndGoes() throws Exception {
    assertThat(store().load(KEY)).isEqualTo(new Found.Nothing());
    assertThat(store().remove(KEY)).isFalse();
    store().save(demotion());
    assertThat(store().load(KEY)).isEqualTo(new Found.Demoted(demotion()));
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file())))
        .isEqualTo("rw-------");
    assertThat(store().remove(KEY)).isTrue();
    assertThat(file()).doesNotExist();
  }

  @Test
  void aTornFileIsMovedAsideAtWhicheverByteItEnds() throws Exception {
    store().save(demotion());
    byte[] whole = Files.readAllBytes(file());
    for (int length = 0; length < whole.length - 1; length += 7) {
      Files.write(file(), java.util.Arrays.copyOf(whole, length));
      assertThat(store().load(KEY)).as("%d bytes", length).isInstanceOf(Found.Damaged.class);
      assertThat(file()).doesNotExist();
      assertThat(state.resolve("damaged/demoted-c1:net1.json")).exists();
    }
  }

  /// One other bit would be another priority for ever.
  @Test
  void aFlippedBitIsNoticed() throws Exception {
    store().save(demotion());
    byte[] whole = Files.readAllBytes(file());
    Random random = new Random(Long.getLong("podbond.seed", 1));
    for (int i = 0; i < 100; i++) {
      byte[] flipped = whole.clone();
      flipped[random.nextInt(whole.length - 1)] ^= (byte) (1 << random.nextInt(7));
      Files.write(file(), flipped);
      assertThat(store().load(KEY)).as("round %d", i).isInstanceOf(Found.Damaged.class);
    }
  }

  @Test
  void aRecordOfAnotherBondIsNotTaken() throws Exception {
    store().save(demotion(new AttachmentKey("other", "net1"), ""));
    Files.move(state.resolve("demoted/other:net1.json"), file());
    assertThat(store().load(KEY).toString())
        .contains("damaged/demoted-c1:net1.json", "it holds the record of other/net1");
  }

  @Test
  void whatIsNoOrdinaryFileIsNotOpened() throws Exception {
    Files.createDirectories(file());
    assertThat(store().load(KEY).toString()).contains("is not an ordinary file");
    Files.createSymbolicLink(file(), Path.of("/dev/zero"));
    assertThat(store().load(KEY).toString()).contains("is not an ordinary file");
    Files.writeString(file(), " ".repeat(100_000));
    assertThat(store().load(KEY).toString()).contains("bytes, of which at most 65536 are allowed");
  }

  @Test
  void whatCouldNotBeReadAgainIsNotWritten() {
    assertThatThrownBy(() -> store().save(demotion(KEY, "x".repeat(70_000))))
        .isInstanceOf(StateException.class)
        .hasMessageContaining("could not be read again");
    assertThat(file()).doesNotExist();
  }

  @Test
  void noKeyLeadsOutOfTheDirectory() throws Exception {
    AttachmentKey outside = new AttachmentKey("../c1", "net1");
    assertThat(store().load(outside)).isEqualTo(new Found.Nothing());
    assertThat(store().remove(outside)).isFalse();
    assertThatThrownBy(() -> store().save(demotion(outside, "")))
        .isInstanceOf(StateException.class)
        .hasMessageContaining("cannot make a file name");
  }

  @Test
  void allKeysAreHandedOverAndStrangeNamesMovedAside() throws Exception {
    assertThat(keys(new ArrayList<>())).isEmpty();
    store().save(demotion());
    store().save(demotion(new AttachmentKey("a:b", "net2"), ""));
    Files.writeString(state.resolve("demoted/nonsense.json"), "");
    Files.writeString(state.resolve("demoted/.new-1-2-3"), "");
    List<Path> strange = new ArrayList<>();
    assertThat(keys(strange)).containsExactlyInAnyOrder(KEY, new AttachmentKey("a:b", "net2"));
    assertThat(strange).containsExactly(state.resolve("demoted/nonsense.json"));
    assertThat(store().setAside(strange.getFirst()).toString())
        .endsWith("damaged/demoted-nonsense.json: its name is no record's");
    assertThat(strange.getFirst()).doesNotExist();
  }

  /// One after the other, so that it needs memory for one.
  @Test
  void aGreatManyAreHandedOver() throws IOException, StateException {
    Files.createDirectory(state.resolve("demoted"));
    for (int i = 0; i < 5_000; i++) {
      Files.createFile(state.resolve("demoted/c" + i + ":net1.json"));
    }
    assertThat(keys(new ArrayList<>())).hasSize(5_000);
  }

  @Test
  void aDirectoryThatIsNoneIsSaid() throws Exception {
    Files.writeString(state.resolve("demoted"), "");
    assertThatThrownBy(() -> keys(new ArrayList<>()))
        .isInstanceOf(StateException.class)
        .hasMessageContaining("cannot list the records in");
    List<String> told = new ArrayList<>();
    StateLayout.clear(state, told::add);
    assertThat(told).singleElement().asString().contains("was-demoted", "it is not a directory");
  }
}
