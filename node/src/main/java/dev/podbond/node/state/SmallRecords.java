package dev.podbond.node.state;

import dev.podbond.json.Json;
import dev.podbond.json.JsonException;
import dev.podbond.json.JsonLimits;
import dev.podbond.json.JsonObject;
import dev.podbond.value.IoReason;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;

/// The files of one kind of small record, each with a checksum, in a directory of their own below
/// the state directory. When [#save] returns, the record is on the disk; after a crash it is the
/// old or the new one. A damaged one is moved aside.
///
/// @param <T> the records
final class SmallRecords<T> {
  private final Path state;
  private final Path directory;
  private final StateFiles files;
  private final JsonLimits limits;
  private final Form<T> form;

  /// How a record is written and read.
  ///
  /// @param <T> the record
  interface Form<T> {
    /// The record without its checksum.
    JsonObject write(T record);

    /// Reads a record.
    ///
    /// @throws JsonException that says what is wrong with it
    T read(JsonObject stored) throws JsonException;

    /// The name of its file.
    String fileName(T record);

    /// Whose record it is, for people.
    String owner(T record);
  }

  /// A file as it was found.
  ///
  /// @param <T> the record
  sealed interface Found<T> {
    /// A record.
    record Read<T>(T record) implements Found<T> {}

    /// There is no such file.
    record Nothing<T>() implements Found<T> {}

    /// A file that makes no sense. It was moved aside, if that succeeded.
    ///
    /// @param file where it is now
    record Damaged<T>(Path file, String reason) implements Found<T> {}
  }

  /// @param state the state directory
  /// @param name of their directory in it
  /// @param files all writes go through here
  SmallRecords(Path state, String name, StateFiles files, JsonLimits limits, Form<T> form) {
    this.state = state;
    this.directory = state.resolve(name);
    this.files = files;
    this.limits = limits;
    this.form = form;
  }

  /// Writes a record in place of what was stored before.
  ///
  /// @throws StateException also if it could not be read again
  void save(T record) throws StateException {
    Path file = directory.resolve(form.fileName(record));
    String text = Checksum.textWith(form.write(record)) + "\n";
    try {
      T _ = parse(text.getBytes(StandardCharsets.UTF_8));
      files.replace(file, text);
    } catch (JsonException e) {
      throw new StateException(
          "cannot write the record " + file + ", since it could not be read again: " + message(e),
          e);
    } catch (IOException e) {
      throw new StateException("cannot write the record " + file + ": " + IoReason.of(e), e);
    }
  }

  /// Reads a record. A damaged file is moved aside and reported, once.
  ///
  /// @throws StateException if there is a file but the disk does not return its content
  Found<T> load(String fileName) throws StateException {
    Path file = directory.resolve(fileName);
    try {
      T record = parse(beginning(file));
      return fileName.equals(form.fileName(record))
          ? new Found.Read<>(record)
          : setAside(file, "it holds the record of " + form.owner(record));
    } catch (NoSuchFileException _) {
      return new Found.Nothing<>();
    } catch (StateFile.UnfitFileException | JsonException e) {
      return setAside(file, message(e));
    } catch (IOException e) {
      throw new StateException("cannot read the record " + file + ": " + IoReason.of(e), e);
    } catch (RuntimeException e) {
      // A defect of ours, but it concerns only this record: the others can still be read.
      return setAside(file, "it could not be read because of a defect: " + e);
    }
  }

  /// Removes a record.
  ///
  /// @return whether there was one
  boolean remove(String fileName) throws StateException {
    Path file = directory.resolve(fileName);
    try {
      return files.delete(file);
    } catch (NoSuchFileException _) {
      return false;
    } catch (IOException e) {
      throw new StateException("cannot delete the record " + file + ": " + IoReason.of(e), e);
    }
  }

  /// Hands over whose records there are, one after the other, in no order. Nobody looks into the
  /// files.
  ///
  /// @param key of a file's name
  /// @param strange gets each file whose name is nobody's, for [#setAside]
  /// @throws StateException if the directory cannot be read
  <K> void forEachKey(FileKey<K> key, Consumer<K> each, Consumer<Path> strange)
      throws StateException {
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
      for (Path file : entries) {
        String name = String.valueOf(file.getFileName());
        if (AttachmentStore.isRecord(name)) {
          key.of(name).ifPresentOrElse(each, () -> strange.accept(file));
        }
      }
    } catch (NoSuchFileException _) {
      // Nothing was ever stored.
    } catch (IOException | DirectoryIteratorException e) {
      throw new StateException(
          "cannot list the records in " + directory + ": " + IoReason.of(e), e);
    }
  }

  /// Whose record a file's name belongs to.
  ///
  /// @param <K> their type
  interface FileKey<K> {
    /// Empty if it is nobody's.
    Optional<K> of(String fileName);
  }

  private T parse(byte[] text) throws JsonException {
    JsonObject stored = Json.parseObject(text, limits);
    if (!Checksum.isOn(stored)) {
      throw new JsonException("its checksum does not match its content");
    }
    return form.read(stored);
  }

  /// If the file is longer, it is too long to be parsed.
  private byte[] beginning(Path file) throws IOException {
    StateFile.requireOrdinary(file);
    try (InputStream content = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
      return content.readNBytes(limits.bytes() + 1);
    }
  }

  private static String message(Exception e) {
    return Objects.requireNonNullElse(e.getMessage(), "it makes no sense");
  }

  /// Moves a file aside, if that succeeds.
  Found.Damaged<T> setAside(Path file, String reason) {
    Path aside =
        state.resolve("damaged").resolve(directory.getFileName() + "-" + StateFile.plainName(file));
    try {
      files.setAside(file, aside);
      return new Found.Damaged<>(aside, reason);
    } catch (IOException e) {
      return new Found.Damaged<>(
          file, reason + "; it could not be moved to " + aside + ": " + IoReason.of(e));
    }
  }
}
