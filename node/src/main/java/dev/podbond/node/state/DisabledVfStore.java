package dev.podbond.node.state;

import dev.podbond.bonding.linkstate.DisabledVf;
import dev.podbond.bonding.linkstate.InvalidDisabledVfException;
import dev.podbond.json.JsonException;
import dev.podbond.json.JsonLimits;
import dev.podbond.json.JsonObject;
import dev.podbond.value.PciAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/// Which VFs have no link because of a bad uplink, and what the link state of each was before: one
/// file for each, `vflinkstate/<its PCI address>.json` below the state directory. It is written
/// before the VF is touched, and goes when it has become what it was. So a file that cannot be read
/// concerns one VF and nobody else.
///
/// A caller that reads and then writes or removes one must hold the lock of the VF.
public final class DisabledVfStore {
  private static final JsonLimits LIMITS = new JsonLimits(4 * 1024, 20);

  private static final String SUFFIX = ".json";

  private final SmallRecords<DisabledVf> records;
  private final Consumer<String> damaged;

  /// @param stateDirectory the state directory
  /// @param files all writes go through here
  /// @param damaged gets a sentence about each record that makes no sense. It was moved aside, if
  ///   that succeeded, and counts as absent: its VF stays without a link until somebody sets it
  public DisabledVfStore(Path stateDirectory, StateFiles files, Consumer<String> damaged) {
    this.records =
        new SmallRecords<>(stateDirectory, "vflinkstate", files, LIMITS, new DisabledVfForm());
    this.damaged = damaged;
  }

  private static final class DisabledVfForm implements SmallRecords.Form<DisabledVf> {
    @Override
    public JsonObject write(DisabledVf disabled) {
      return disabled.toJson();
    }

    @Override
    public DisabledVf read(JsonObject stored) throws JsonException {
      try {
        return DisabledVf.fromJson(stored);
      } catch (InvalidDisabledVfException e) {
        throw new JsonException(String.valueOf(e.getMessage()));
      }
    }

    @Override
    public String fileName(DisabledVf disabled) {
      return name(disabled.pci());
    }

    @Override
    public String owner(DisabledVf disabled) {
      return "the VF " + disabled.pci();
    }
  }

  private static String name(PciAddress vf) {
    return vf + SUFFIX;
  }

  /// Writes what is known of a VF, in place of what was stored before.
  ///
  /// @throws StateException also if it could not be read again
  public void save(DisabledVf disabled) throws StateException {
    records.save(disabled);
  }

  /// What is stored of a VF.
  ///
  /// @throws StateException if there is a file but the disk does not return its content
  public Optional<DisabledVf> load(PciAddress vf) throws StateException {
    return switch (records.load(name(vf))) {
      case SmallRecords.Found.Read<DisabledVf>(DisabledVf disabled) -> Optional.of(disabled);
      case SmallRecords.Found.Nothing<DisabledVf>() -> Optional.empty();
      case SmallRecords.Found.Damaged<DisabledVf>(Path file, String reason) -> {
        tell(file, reason);
        yield Optional.empty();
      }
    };
  }

  /// Removes what is stored of a VF.
  ///
  /// @return whether there was anything
  public boolean remove(PciAddress vf) throws StateException {
    return records.remove(name(vf));
  }

  /// Hands over the VFs of which anything is stored. Nobody looks into the files; those that are
  /// named like no VF are moved aside. Where nothing ever was, this costs a look for a directory.
  ///
  /// @throws StateException if the directory cannot be read
  public void forEachVf(Consumer<PciAddress> each) throws StateException {
    records.forEachKey(
        name ->
            PciAddress.parse(name.substring(0, name.length() - SUFFIX.length()))
                .filter(vf -> name.equals(name(vf))),
        each,
        strange -> {
          SmallRecords.Found.Damaged<DisabledVf> aside =
              records.setAside(strange, "its name is no VF's");
          tell(aside.file(), aside.reason());
        });
  }

  /// All that can be read now. What cannot be read is passed over in silence: whoever has to do
  /// with that VF says so, and nobody else is kept from anything.
  public List<DisabledVf> readable() {
    List<PciAddress> vfs = new ArrayList<>();
    List<DisabledVf> all = new ArrayList<>();
    try {
      forEachVf(vfs::add);
    } catch (StateException _) {
      return List.of();
    }
    for (PciAddress vf : vfs) {
      try {
        load(vf).ifPresent(all::add);
      } catch (StateException _) {
        // The others can be.
      }
    }
    return all;
  }

  private void tell(Path file, String reason) {
    damaged.accept("a damaged record of a VF without a link is now " + file + ": " + reason);
  }
}
