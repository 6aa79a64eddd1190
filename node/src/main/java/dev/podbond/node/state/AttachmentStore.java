package dev.podbond.node.state;

import dev.podbond.bonding.attachment.Attachment;
import dev.podbond.bonding.attachment.InvalidAttachmentException;
import dev.podbond.json.JsonException;
import dev.podbond.json.JsonExcerpt;
import dev.podbond.json.JsonLimits;
import dev.podbond.json.JsonObject;
import dev.podbond.value.AttachmentKey;
import dev.podbond.value.IoReason;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;

/// The records of all attachments, one file each: `<containerID>:<ifname>.json`.
///
/// When [#save] returns, the record is on the disk; after a crash it is the old or the new one. A
/// caller that reads and then writes or removes a record must hold the lock of its attachment.
public final class AttachmentStore {
  /// Its place on a node.
  public static final Path DEFAULT_DIRECTORY = Path.of("/var/lib/cni/podbond");

  private static final String SUFFIX = ".json";

  /// How much of a record is kept: of its configuration, as much as a configuration may have; in
  /// all, enough for the routes of the longest result.
  private static final JsonExcerpt.Request EXCERPT =
      new JsonExcerpt.Request(
          "config",
          JsonLimits.NETWORK_CONFIG,
          new JsonLimits(1024 * 1024, 50_000),
          Checksum.MEMBER);

  private final Path directory;
  private final StateFiles files;

  /// The store on the disk itself.
  public AttachmentStore(Path directory) {
    this(directory, StateFiles.DURABLE);
  }

  public AttachmentStore(Path directory, StateFiles files) {
    this.directory = directory;
    this.files = files;
  }

  /// All that is stored.
  ///
  /// @param attachments in the order of their files' names
  public record Listing(List<Attachment> attachments, List<Stored.Damaged> damaged) {
    public Listing {
      attachments = List.copyOf(attachments);
      damaged = List.copyOf(damaged);
    }
  }

  /// Writes a record, replacing an older one of the same attachment.
  ///
  /// @throws StateException also if the record could not be read again: a configuration may reach
  ///   the limits for depth and length, and the record around it adds to that
  public void save(Attachment attachment) throws StateException {
    Path file = file(attachment.key());
    JsonObject json = attachment.toJson();
    String text = Checksum.textWith(json) + "\n";
    try {
      if (!JsonExcerpt.keepsAll(json, EXCERPT)) {
        requireReadable(file, json, text);
      }
      files.replace(file, text);
    } catch (JsonException e) {
      throw unreadable(file, String.valueOf(e.getMessage()));
    } catch (IOException e) {
      throw new StateException("cannot write the record " + file + ": " + IoReason.of(e), e);
    }
  }

  private static void requireReadable(Path file, JsonObject json, String text)
      throws StateException, JsonException, IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    JsonObject read = parse(new ByteArrayInputStream(bytes), new Checksum.Running());
    if (!read.equals(Checksum.on(json))) {
      throw unreadable(file, "a part of its configuration is too large");
    }
  }

  private static StateException unreadable(Path file, String why) {
    return new StateException(
        "cannot write the record "
            + file
            + ", since it could not be read again: "
            + why
            + "; make the network configuration smaller");
  }

  /// Reads a record's text. Older releases wrote configurations of any length. Parts that are too
  /// long are dropped, since only the checksum still needs them.
  private static JsonObject parse(InputStream text, Checksum.Running sum)
      throws JsonException, IOException {
    return JsonExcerpt.read(text, EXCERPT, sum::add);
  }

  /// Reads a record. A damaged one is moved aside and reported, once.
  ///
  /// @throws StateException if there is a file but the disk does not return its content
  public Stored load(AttachmentKey key) throws StateException {
    return load(file(key));
  }

  /// Whether there is a record, damaged or not.
  public boolean contains(AttachmentKey key) {
    return isStorable(key) && Files.exists(directory.resolve(name(key)));
  }

  /// How many bytes of the configuration are kept at most when the record is read; 0 if there is no
  /// record.
  public long heldBytes(AttachmentKey key) {
    if (!isStorable(key)) {
      return 0;
    }
    try {
      return Math.min(JsonLimits.NETWORK_CONFIG.bytes(), Files.size(directory.resolve(name(key))));
    } catch (IOException _) {
      return 0;
    }
  }

  /// Removes a record.
  ///
  /// @return whether there was one
  public boolean remove(AttachmentKey key) throws StateException {
    Path file = file(key);
    try {
      return files.delete(file);
    } catch (IOException e) {
      throw new StateException("cannot delete the record " + file + ": " + IoReason.of(e), e);
    }
  }

  /// What to do with each record.
  ///
  /// @param <E> what may keep it from being done
  @FunctionalInterface
  public interface Each<E extends Exception> {
    void accept(Attachment attachment) throws E;
  }

  /// Hands over the records one after the other, in no order, and keeps no reference. A damaged
  /// record is moved aside, and an unreadable one stays; neither stops the others.
  ///
  /// @param passedOver gets one sentence for each record that was not read
  /// @throws StateException if the directory cannot be read
  public <E extends Exception> void forEach(Each<E> each, Consumer<String> passedOver)
      throws StateException, E {
    forEach(this::load, each, damaged -> passedOver.accept(damaged.toString()), passedOver);
  }

  /// As [#forEach(Each, Consumer)] for somebody who only looks: a damaged record stays where it is.
  ///
  /// @param damaged gets each record that makes no sense
  /// @param unreadable gets one sentence for each record whose content the disk does not return
  /// @throws StateException if the directory cannot be read
  public <E extends Exception> void forEachUntouched(
      Each<E> each, Consumer<Stored.Damaged> damaged, Consumer<String> unreadable)
      throws StateException, E {
    forEach(AttachmentStore::read, each, damaged, unreadable);
  }

  /// Reads a record in one way or the other.
  private interface Reading {
    Stored of(Path file) throws StateException;
  }

  private <E extends Exception> void forEach(
      Reading reading, Each<E> each, Consumer<Stored.Damaged> damaged, Consumer<String> unreadable)
      throws StateException, E {
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
      for (Path file : entries) {
        if (isRecord(String.valueOf(file.getFileName()))) {
          Optional<Attachment> attachment = readable(reading, file, damaged, unreadable);
          if (attachment.isPresent()) {
            each.accept(attachment.get());
          }
        }
      }
    } catch (NoSuchFileException _) {
      // Nothing was ever stored.
    } catch (IOException | DirectoryIteratorException e) {
      throw new StateException(
          "cannot list the records in " + directory + ": " + IoReason.of(e), e);
    }
  }

  private static Optional<Attachment> readable(
      Reading reading, Path file, Consumer<Stored.Damaged> damaged, Consumer<String> unreadable) {
    try {
      return switch (reading.of(file)) {
        case Stored.Found(Attachment attachment) -> Optional.of(attachment);
        case Stored.Damaged damage -> {
          damaged.accept(damage);
          yield Optional.empty();
        }
        // Removed since it was listed.
        case Stored.Absent() -> Optional.empty();
      };
    } catch (StateException e) {
      unreadable.accept(e.getMessage());
      return Optional.empty();
    }
  }

  /// Reads all records; damaged ones are moved aside and reported. For callers that need all of
  /// them at once; others use [#forEach].
  ///
  /// @throws StateException also if one of them cannot be read
  public Listing list() throws StateException {
    List<Path> stored;
    try (Stream<Path> entries = Files.list(directory)) {
      stored =
          entries.filter(file -> isRecord(String.valueOf(file.getFileName()))).sorted().toList();
    } catch (NoSuchFileException _) {
      return new Listing(List.of(), List.of());
    } catch (IOException e) {
      throw new StateException(
          "cannot list the records in " + directory + ": " + IoReason.of(e), e);
    }
    List<Attachment> attachments = new ArrayList<>();
    List<Stored.Damaged> damaged = new ArrayList<>();
    for (Path file : stored) {
      switch (load(file)) {
        case Stored.Found(Attachment attachment) -> attachments.add(attachment);
        case Stored.Damaged damage -> damaged.add(damage);
        case Stored.Absent() -> {}
      }
    }
    return new Listing(attachments, damaged);
  }

  private Stored load(Path file) throws StateException {
    Stored stored = read(file);
    return stored instanceof Stored.Damaged(Path damaged, String reason)
        ? setAside(damaged, reason)
        : stored;
  }

  /// As it is on the disk; a damaged one stays there.
  private static Stored read(Path file) throws StateException {
    try (InputStream text = ordinary(file)) {
      Checksum.Running sum = new Checksum.Running();
      JsonObject stored = parse(text, sum);
      if (!sum.isThatOf(stored)) {
        return new Stored.Damaged(file, "its checksum does not match its content");
      }
      Attachment attachment = Attachment.fromJson(stored);
      String name = String.valueOf(file.getFileName());
      return name.equals(name(attachment.key()))
          ? new Stored.Found(attachment)
          : new Stored.Damaged(file, "it holds the record of " + attachment.key());
    } catch (NoSuchFileException _) {
      return new Stored.Absent();
    } catch (StateFile.UnfitFileException e) {
      return new Stored.Damaged(file, String.valueOf(e.getMessage()));
    } catch (IOException e) {
      throw new StateException("cannot read the record " + file + ": " + IoReason.of(e), e);
    } catch (JsonException | InvalidAttachmentException e) {
      return new Stored.Damaged(file, String.valueOf(e.getMessage()));
    } catch (RuntimeException e) {
      // A defect of ours, but it concerns only this record: the others can still be read.
      return new Stored.Damaged(file, "it could not be read because of a defect: " + e);
    }
  }

  private static InputStream ordinary(Path file) throws IOException {
    StateFile.requireOrdinary(file);
    return Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS);
  }

  /// Moves a file to `damaged/`. If that fails, the file stays and is only reported.
  private Stored.Damaged setAside(Path file, String reason) {
    Path aside = directory.resolve("damaged").resolve(StateFile.plainName(file));
    try {
      files.setAside(file, aside);
      return new Stored.Damaged(aside, reason);
    } catch (IOException e) {
      return new Stored.Damaged(
          file, reason + "; it could not be moved to " + aside + ": " + IoReason.of(e));
    }
  }

  private Path file(AttachmentKey key) throws StateException {
    if (!isStorable(key)) {
      throw new StateException("cannot make a file name of the attachment " + key);
    }
    return directory.resolve(name(key));
  }

  /// The name of a file about an attachment.
  static String name(AttachmentKey key) {
    return key.containerId() + ":" + key.ifname() + SUFFIX;
  }

  /// CNI's rules make both parts safe in a file name. A caller may have accepted other names, and
  /// which characters a file name may have depends on the locale.
  static boolean isStorable(AttachmentKey key) {
    String name = name(key);
    try {
      Path _ = Path.of(name);
      return !name.contains("/") && !name.startsWith(".");
    } catch (InvalidPathException _) {
      return false;
    }
  }

  /// Whether a file of this name is about an attachment.
  static boolean isRecord(String name) {
    return name.endsWith(SUFFIX) && !name.startsWith(".");
  }
}
