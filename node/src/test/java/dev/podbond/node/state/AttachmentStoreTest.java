package dev.podbond.node.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;

import dev.podbond.bonding.attachment.Attachment;
import dev.podbond.bonding.attachment.Origin;
import dev.podbond.bonding.config.BondNames;
import dev.podbond.bonding.net.NetnsId;
import dev.podbond.json.Json;
import dev.podbond.json.JsonNull;
import dev.podbond.json.JsonObject;
import dev.podbond.json.JsonString;
import dev.podbond.value.AttachmentKey;
import dev.podbond.value.IpPrefix;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AttachmentStoreTest {
  private static final AttachmentKey KEY = new AttachmentKey("c1", "net1");

  @TempDir Path temporary;
  private Path directory;
  private AttachmentStore store;

  @BeforeEach
  void open() {
    directory = temporary.resolve("podbond");
    store = new AttachmentStore(directory);
  }

  private static Attachment attachment(AttachmentKey key, String network) {
    return attachment(key, network, JsonObject.of("name", new JsonString(network)));
  }

  private static Attachment attachment(AttachmentKey key, String network, JsonObject config) {
    return Attachment.prepared(key, network, "bond", "/run/netns/pod", config)
        .withInterfaces(Optional.of(new BondNames("bond0", Optional.of("net1"))), Optional.empty())
        .from(
            new Origin(
                "/opt/cni/bin", "K8S_POD_NAME=web", new NetnsId("b1", OptionalLong.of(4711))));
  }

  private Path file() {
    return directory.resolve("c1:net1.json");
  }

  @Test
  void aRecordIsReadAsItWasWritten() throws StateException {
    Attachment attachment = attachment(KEY, "blue");
    store.save(attachment);
    assertThat(store.load(KEY)).isEqualTo(new Stored.Found(attachment));
    assertThat(store.contains(KEY)).isTrue();
    assertThat(file()).exists();
  }

  /// Otherwise its attachment would be lost: nobody could tell the former state of its links.
  @Test
  void aRecordThatCouldNotBeReadAgainIsNotWritten() throws Exception {
    String depth = "[".repeat(Json.MAX_DEPTH - 1);
    JsonObject config = Json.parseObject("{\"x\":" + depth + depth.replace('[', ']') + "}");
    Attachment deep = attachment(KEY, "blue", config);
    assertThatThrownBy(() -> store.save(deep))
        .isInstanceOf(StateException.class)
        .hasMessageContaining("could not be read again")
        .hasMessageContaining("make the network configuration smaller");
    assertThat(store.load(KEY)).isEqualTo(new Stored.Absent());
  }

  /// Older releases kept the whole configuration, with whatever a pod's annotation had put into it.
  @Test
  void ofALongRecordOfAnOlderReleaseWhatIsNeededIsRead() throws Exception {
    JsonObject needed =
        JsonObject.of("name", new JsonString("blue"), "ipam", JsonObject.of("a", JsonNull.NULL));
    JsonObject config =
        needed
            .with("args", Json.parseObject("{\"cni\":[" + "{},".repeat(100_000) + "{}]}"))
            .with("prevResult", new JsonString("x".repeat(200_000)));
    Attachment old = attachment(KEY, "blue", config);
    Files.createDirectories(directory);
    Files.writeString(file(), Checksum.on(old.toJson()).toPrettyString());
    assertThat(store.load(KEY)).isEqualTo(new Stored.Found(attachment(KEY, "blue", needed)));
    Files.writeString(
        file(), Checksum.on(old.toJson()).toPrettyString().replaceFirst("xxx", "xyx"));
    assertThat(store.load(KEY).toString()).contains("its checksum does not match");
  }

  @Test
  void aRecordThatIsTooLargeEvenSoIsMovedAside() throws Exception {
    JsonObject record =
        attachment(KEY, "blue")
            .toJson()
            .with("routes", Json.parse("[" + "0,".repeat(60_000) + "0]"));
    Files.createDirectories(directory);
    Files.writeString(file(), Checksum.on(record).toPrettyString());
    assertThat(store.load(KEY).toString())
        .contains("values, of which at most 50000 are allowed", "damaged/c1:net1.json");
  }

  @Test
  void aLaterRecordTakesThePlaceOfTheFirst() throws Exception {
    store.save(attachment(KEY, "blue"));
    Attachment complete =
        attachment(KEY, "blue")
            .complete(List.of(IpPrefix.parse("10.0.0.2/24").orElseThrow()), List.of());
    store.save(complete);
    assertThat(store.load(KEY)).isEqualTo(new Stored.Found(complete));
    try (Stream<Path> files = Files.list(directory)) {
      assertThat(files).containsExactly(file());
    }
  }

  @Test
  void whatWasNeverWrittenIsAbsent() throws StateException {
    assertThat(store.load(KEY)).isEqualTo(new Stored.Absent());
    assertThat(store.remove(KEY)).isFalse();
    assertThat(store.contains(KEY)).isFalse();
    assertThat(store.list().attachments()).isEmpty();
  }

  @Test
  void aRemovedRecordIsGone() throws StateException {
    store.save(attachment(KEY, "blue"));
    assertThat(store.remove(KEY)).isTrue();
    assertThat(store.remove(KEY)).isFalse();
    assertThat(store.load(KEY)).isEqualTo(new Stored.Absent());
  }

  @Test
  void whatCannotBeReadKeepsNoOtherRecordFromItsTurn() throws Exception {
    store.save(attachment(KEY, "blue"));
    store.save(attachment(new AttachmentKey("c2", "net1"), "green"));
    Files.writeString(directory.resolve("c3:net1.json"), "{}");
    Files.createDirectory(directory.resolve("c4:net1.json"));
    List<AttachmentKey> found = new ArrayList<>();
    List<String> passedOver = new ArrayList<>();
    store.forEach(record -> found.add(record.key()), passedOver::add);
    assertThat(found).containsExactlyInAnyOrder(KEY, new AttachmentKey("c2", "net1"));
    assertThat(passedOver)
        .hasSize(2)
        .anyMatch(line -> line.contains("damaged/c3:net1.json"))
        .anyMatch(line -> line.contains("c4:net1.json"));
  }

  @Test
  void whoOnlyLooksLeavesDamageWhereItIs() throws Exception {
    store.save(attachment(KEY, "blue"));
    Path damaged = directory.resolve("c3:net1.json");
    Files.writeString(damaged, "{}");
    store.save(attachment(new AttachmentKey("c5", "net1"), "blue"));
    Path moved = directory.resolve("c6:net1.json");
    Files.move(directory.resolve("c5:net1.json"), moved);
    List<AttachmentKey> found = new ArrayList<>();
    List<Stored.Damaged> passedOver = new ArrayList<>();
    store.forEachUntouched(record -> found.add(record.key()), passedOver::add, line -> fail(line));
    assertThat(found).containsExactly(KEY);
    assertThat(passedOver)
        .extracting(Stored.Damaged::file)
        .containsExactlyInAnyOrder(damaged, moved);
    assertThat(passedOver).contains(new Stored.Damaged(moved, "it holds the record of c5/net1"));
    assertThat(damaged).hasContent("{}");
    assertThat(directory.resolve("damaged")).doesNotExist();
  }

  @Test
  void whereNothingWasEverStoredThereIsNothingToGoThrough() throws Exception {
    store.forEach(record -> fail(record.toString()), line -> fail(line));
    store.forEachUntouched(
        record -> fail(record.toString()), damage -> fail(damage.toString()), line -> fail(line));
  }

  @Test
  void aRecordCutShortAnywhereIsMovedAsideAndInNobodysWay() throws Exception {
    store.save(attachment(KEY, "blue"));
    byte[] whole = Files.readAllBytes(file());
    long seed = Long.getLong("podbond.seed", System.nanoTime());
    Random random = new Random(seed);
    for (int i = 0; i < 50; i++) {
      // A missing newline at the end does no harm.
      int length = random.nextInt(whole.length - 2);
      Files.write(file(), java.util.Arrays.copyOf(whole, length));
      Stored stored = store.load(KEY);
      assertThat(stored).as("seed %d, %d bytes", seed, length).isInstanceOf(Stored.Damaged.class);
      assertThat(((Stored.Damaged) stored).file())
          .as("seed %d, %d bytes", seed, length)
          .isEqualTo(directory.resolve("damaged/c1:net1.json"))
          .hasSize(length);
      assertThat(store.load(KEY))
          .as("seed %d, %d bytes", seed, length)
          .isEqualTo(new Stored.Absent());
    }
    store.save(attachment(KEY, "blue"));
    assertThat(store.load(KEY)).isInstanceOf(Stored.Found.class);
  }

  /// Even if it is still JSON: otherwise a removal would restore a MAC or an MTU with one wrong
  /// bit.
  @Test
  void aRecordWithOneWrongBitIsDamageOrStillSaysTheSame() throws Exception {
    Attachment attachment = attachment(KEY, "blue");
    store.save(attachment);
    byte[] whole = Files.readAllBytes(file());
    for (int bit = 0; bit < whole.length * 8; bit++) {
      byte[] spoiled = whole.clone();
      spoiled[bit / 8] ^= (byte) (1 << (bit % 8));
      Files.write(file(), spoiled);
      Stored stored = store.load(KEY);
      if (!stored.equals(new Stored.Found(attachment))) {
        assertThat(stored).as("bit %d", bit).isInstanceOf(Stored.Damaged.class);
      }
    }
  }

  /// Records of a version that wrote no checksum.
  @Test
  void aRecordWithoutAChecksumIsRead() throws Exception {
    Attachment attachment = attachment(KEY, "blue");
    store.save(attachment);
    Files.writeString(file(), attachment.toJson().toPrettyString());
    assertThat(store.load(KEY)).isEqualTo(new Stored.Found(attachment));
  }

  @Test
  void theRecordOfAnotherAttachmentUnderThisNameIsDamage() throws Exception {
    store.save(attachment(new AttachmentKey("c2", "net1"), "blue"));
    Files.move(directory.resolve("c2:net1.json"), file());
    assertThat(store.load(KEY).toString()).contains("it holds the record of c2/net1");
  }

  @Test
  void damagedRecordsAreReportedBesideTheOthers() throws Exception {
    store.save(attachment(KEY, "blue"));
    Files.writeString(directory.resolve("c9:net1.json"), "{}");
    Files.writeString(directory.resolve(".new-123"), "half");
    AttachmentStore.Listing listing = store.list();
    assertThat(listing.attachments()).extracting(Attachment::key).containsExactly(KEY);
    assertThat(listing.damaged()).hasSize(1);
  }

  @Test
  void aKeyThatIsNoFileNameIsRefused() {
    for (AttachmentKey key :
        List.of(
            new AttachmentKey("../c1", "net1"),
            new AttachmentKey("/c1", "net1"),
            new AttachmentKey(".c1", "net1"),
            new AttachmentKey("c1", "net\0"),
            new AttachmentKey("c1", "\ud800"))) {
      assertThatThrownBy(() -> store.save(attachment(key, "blue")))
          .isInstanceOf(StateException.class)
          .hasMessageContaining("cannot make a file name");
      assertThat(store.contains(key)).isFalse();
    }
  }

  @Test
  void aDirectoryThatCannotBeMadeIsNamed() throws IOException {
    Files.writeString(directory, "a file where the directory should be");
    assertThatThrownBy(() -> store.save(attachment(KEY, "blue")))
        .isInstanceOf(StateException.class)
        .hasMessageStartingWith("cannot write the record " + file());
  }

  @Test
  void theDirectoryIsNobodyElsesBusiness() throws Exception {
    store.save(attachment(KEY, "blue"));
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory)))
        .isEqualTo("rwx------");
  }

  @Test
  void whoReadsWhileOthersWriteSeesAWholeRecord() throws Exception {
    store.save(attachment(KEY, "blue"));
    List<Future<?>> writers = new ArrayList<>();
    try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
      for (int i = 0; i < 4; i++) {
        String network = "n" + i;
        writers.add(
            threads.submit(() -> {
              for (int n = 0; n < 20; n++) {
                store.save(attachment(KEY, network));
              }
              return null;
            }));
      }
      for (int n = 0; n < 100; n++) {
        assertThat(store.load(KEY)).isInstanceOf(Stored.Found.class);
      }
    }
    for (Future<?> writer : writers) {
      writer.get();
    }
  }
}
