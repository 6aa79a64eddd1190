package dev.podbond.node.state;

import dev.podbond.bonding.demotion.Demotion;
import dev.podbond.bonding.demotion.InvalidDemotionException;
import dev.podbond.json.Json;
import dev.podbond.json.JsonException;
import dev.podbond.json.JsonLimits;
import dev.podbond.json.JsonObject;
import dev.podbond.value.AttachmentKey;
import dev.podbond.value.InterfaceName;
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

/// Which members of bonds are demoted, and what each was before: one file for each bond,
/// `demoted/<containerID>:<ifname>.json` below the state directory. It is written before the first
/// member is touched, and goes when the last has become what it was.
///
/// A caller that reads and then writes or removes one must hold the lock of its attachment.
public final class DemotionStore {
  /// A bond has few members, and of each little is said.
  private static final JsonLimits LIMITS = new JsonLimits(64 * 1024, 2_000);

  private static final String SUFFIX = ".json";

  private final Path state;
  private final Path directory;
  private final StateFiles files;

  /// @param stateDirectory the state directory
  /// @param files all writes go through here
  public DemotionStore(Path stateDirectory, StateFiles files) {
    this.state = stateDirectory;
    this.directory = stateDirectory.resolve("demoted");
    this.files = files;
  }

  /// What is stored of one bond.
  public sealed interface Found {
    /// Members of it are demoted.
    record Demoted(Demotion demotion) implements Found {}

    /// Nothing is.
    record Nothing() implements Found {}

    /// A file that makes no sense. It was moved aside, if that succeeded. What its members were is
    /// not known any more.
    ///
    /// @param file where it is now
    record Damaged(Path file, String reason) implements Found {
      @Override
      public String toString() {
        return "a damaged record of demoted members is now " + file + ": " + reason;
      }
    }
  }

  /// Writes what is demoted of a bond, in place of what was stored before.
  ///
  /// @throws StateException also if it could not be read again
  public void save(Demotion demotion) throws StateException {
    Path file = file(demotion.key());
    String text = Checksum.textWith(demotion.toJson()) + "\n";
    try {
      Demotion _ = parse(text.getBytes(StandardCharsets.UTF_8));
      files.replace(file, text);
    } catch (JsonException | InvalidDemotionException e) {
      throw new StateException(
          "cannot write the record " + file + ", since it could not be read again: " + message(e),
          e);
    } catch (IOException e) {
      throw new StateException("cannot write the record " + file + ": " + IoReason.of(e), e);
    }
  }

  /// Reads what is demoted of a bond. A damaged file is moved aside and reported, once.
  ///
  /// @throws StateException if there is a file but the disk does not return its content
  public Found load(AttachmentKey key) throws StateException {
    return AttachmentStore.isStorable(key) ? load(file(key)) : new Found.Nothing();
  }

  /// Removes what is stored of a bond.
  ///
  /// @return whether there was anything
  public boolean remove(AttachmentKey key) throws StateException {
    if (!AttachmentStore.isStorable(key)) {
      return false;
    }
    Path file = file(key);
    try {
      return files.delete(file);
    } catch (NoSuchFileException _) {
      return false;
    } catch (IOException e) {
      throw new StateException("cannot delete the record " + file + ": " + IoReason.of(e), e);
    }
  }

  /// Hands over the bonds of which anything is stored, one after the other, in no order. Nobody
  /// looks into the files.
  ///
  /// @param strange gets each file whose name is no bond's, for [#setAside]
  /// @throws StateException if the directory cannot be read
  public void forEachKey(Consumer<AttachmentKey> each, Consumer<Path> strange)
      throws StateException {
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
      for (Path file : entries) {
        String name = String.valueOf(file.getFileName());
        if (AttachmentStore.isRecord(name)) {
          key(name).ifPresentOrElse(each, () -> strange.accept(file));
        }
      }
    } catch (NoSuchFileException _) {
      // Nothing was ever stored.
    } catch (IOException | DirectoryIteratorException e) {
      throw new StateException(
          "cannot list the records in " + directory + ": " + IoReason.of(e), e);
    }
  }

  /// No name of an interface has a colon.
  private static Optional<AttachmentKey> key(String name) {
    String both = name.substring(0, name.length() - SUFFIX.length());
    int colon = both.lastIndexOf(':');
    String ifname = both.substring(colon + 1);
    return colon > 0 && InterfaceName.isValid(ifname)
        ? Optional.of(new AttachmentKey(both.substring(0, colon), ifname))
        : Optional.empty();
  }

  private Found load(Path file) throws StateException {
    try {
      Demotion demotion = parse(beginning(file));
      String name = String.valueOf(file.getFileName());
      return name.equals(AttachmentStore.name(demotion.key()))
          ? new Found.Demoted(demotion)
          : setAside(file, "it holds the record of " + demotion.key());
    } catch (NoSuchFileException _) {
      return new Found.Nothing();
    } catch (StateFile.UnfitFileException | JsonException | InvalidDemotionException e) {
      return setAside(file, message(e));
    } catch (IOException e) {
      throw new StateException("cannot read the record " + file + ": " + IoReason.of(e), e);
    } catch (RuntimeException e) {
      // A defect of ours, but it concerns only this record: the others can still be read.
      return setAside(file, "it could not be read because of a defect: " + e);
    }
  }

  private static Demotion parse(byte[] text) throws JsonException, InvalidDemotionException {
    JsonObject stored = Json.parseObject(text, LIMITS);
    if (!Checksum.isOn(stored)) {
      throw new JsonException("its checksum does not match its content");
    }
    return Demotion.fromJson(stored);
  }

  /// If the file is longer, it is too long to be parsed.
  private static byte[] beginning(Path file) throws IOException {
    StateFile.requireOrdinary(file);
    try (InputStream content = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
      return content.readNBytes(LIMITS.bytes() + 1);
    }
  }

  private static String message(Exception e) {
    return Objects.requireNonNullElse(e.getMessage(), "it makes no sense");
  }

  /// Moves a file aside whose name is no bond's, if that succeeds.
  public Found.Damaged setAside(Path strange) {
    return setAside(strange, "its name is no record's");
  }

  private Found.Damaged setAside(Path file, String reason) {
    Path aside = state.resolve("damaged").resolve("demoted-" + StateFile.plainName(file));
    try {
      files.setAside(file, aside);
      return new Found.Damaged(aside, reason);
    } catch (IOException e) {
      return new Found.Damaged(
          file, reason + "; it could not be moved to " + aside + ": " + IoReason.of(e));
    }
  }

  private Path file(AttachmentKey key) throws StateException {
    if (!AttachmentStore.isStorable(key)) {
      throw new StateException("cannot make a file name of the attachment " + key);
    }
    return directory.resolve(AttachmentStore.name(key));
  }
}
