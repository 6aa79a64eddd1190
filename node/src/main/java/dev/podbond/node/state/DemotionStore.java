package dev.podbond.node.state;

import dev.podbond.bonding.demotion.Demotion;
import dev.podbond.bonding.demotion.InvalidDemotionException;
import dev.podbond.json.JsonException;
import dev.podbond.json.JsonLimits;
import dev.podbond.json.JsonObject;
import dev.podbond.value.AttachmentKey;
import dev.podbond.value.InterfaceName;
import java.nio.file.Path;
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

  private final SmallRecords<Demotion> records;

  /// @param stateDirectory the state directory
  /// @param files all writes go through here
  public DemotionStore(Path stateDirectory, StateFiles files) {
    this.records = new SmallRecords<>(stateDirectory, "demoted", files, LIMITS, new DemotionForm());
  }

  private static final class DemotionForm implements SmallRecords.Form<Demotion> {
    @Override
    public JsonObject write(Demotion demotion) {
      return demotion.toJson();
    }

    @Override
    public Demotion read(JsonObject stored) throws JsonException {
      try {
        return Demotion.fromJson(stored);
      } catch (InvalidDemotionException e) {
        throw new JsonException(String.valueOf(e.getMessage()));
      }
    }

    @Override
    public String fileName(Demotion demotion) {
      return AttachmentStore.name(demotion.key());
    }

    @Override
    public String owner(Demotion demotion) {
      return demotion.key().toString();
    }
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
    if (!AttachmentStore.isStorable(demotion.key())) {
      throw new StateException("cannot make a file name of the attachment " + demotion.key());
    }
    records.save(demotion);
  }

  /// Reads what is demoted of a bond. A damaged file is moved aside and reported, once.
  ///
  /// @throws StateException if there is a file but the disk does not return its content
  public Found load(AttachmentKey key) throws StateException {
    if (!AttachmentStore.isStorable(key)) {
      return new Found.Nothing();
    }
    return switch (records.load(AttachmentStore.name(key))) {
      case SmallRecords.Found.Read<Demotion>(Demotion demotion) -> new Found.Demoted(demotion);
      case SmallRecords.Found.Nothing<Demotion>() -> new Found.Nothing();
      case SmallRecords.Found.Damaged<Demotion>(Path file, String reason) ->
          new Found.Damaged(file, reason);
    };
  }

  /// Removes what is stored of a bond.
  ///
  /// @return whether there was anything
  public boolean remove(AttachmentKey key) throws StateException {
    return AttachmentStore.isStorable(key) && records.remove(AttachmentStore.name(key));
  }

  /// Hands over the bonds of which anything is stored, one after the other, in no order. Nobody
  /// looks into the files.
  ///
  /// @param strange gets each file whose name is no bond's, for [#setAside]
  /// @throws StateException if the directory cannot be read
  public void forEachKey(Consumer<AttachmentKey> each, Consumer<Path> strange)
      throws StateException {
    records.forEachKey(DemotionStore::key, each, strange);
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

  /// Moves a file aside whose name is no bond's, if that succeeds.
  public Found.Damaged setAside(Path strange) {
    SmallRecords.Found.Damaged<Demotion> aside =
        records.setAside(strange, "its name is no record's");
    return new Found.Damaged(aside.file(), aside.reason());
  }
}
