package dev.podbond.node.state;

import dev.podbond.bonding.linkstate.DisabledVfs;
import dev.podbond.bonding.linkstate.InvalidDisabledVfsException;
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
/// file for each PF, `vflinkstate/<PCI address of the PF>.json` below the state directory. It is
/// written before the first VF is touched, and goes when the last has become what it was.
///
/// A caller that reads and then writes or removes one must hold the [lock][LockName.OfVfLinkStates]
/// of its PF.
public final class DisabledVfStore {
  /// A PF has up to 65535 VFs by PCI's rules, and by far fewer in any NIC that there is.
  private static final JsonLimits LIMITS = new JsonLimits(1024 * 1024, 40_000);

  private static final String SUFFIX = ".json";

  private final SmallRecords<DisabledVfs> records;
  private final Consumer<String> damaged;

  /// @param stateDirectory the state directory
  /// @param files all writes go through here
  /// @param damaged gets a sentence about each record that makes no sense. It was moved aside, if
  ///   that succeeded, and counts as absent: its VFs stay without a link until somebody sets it
  public DisabledVfStore(Path stateDirectory, StateFiles files, Consumer<String> damaged) {
    this.records =
        new SmallRecords<>(stateDirectory, "vflinkstate", files, LIMITS, new DisabledVfsForm());
    this.damaged = damaged;
  }

  private static final class DisabledVfsForm implements SmallRecords.Form<DisabledVfs> {
    @Override
    public JsonObject write(DisabledVfs disabled) {
      return disabled.toJson();
    }

    @Override
    public DisabledVfs read(JsonObject stored) throws JsonException {
      try {
        return DisabledVfs.fromJson(stored);
      } catch (InvalidDisabledVfsException e) {
        throw new JsonException(String.valueOf(e.getMessage()));
      }
    }

    @Override
    public String fileName(DisabledVfs disabled) {
      return name(disabled.pf());
    }

    @Override
    public String owner(DisabledVfs disabled) {
      return "the VFs of the PF " + disabled.pf();
    }
  }

  private static String name(PciAddress pf) {
    return pf + SUFFIX;
  }

  /// Writes what is disabled of a PF, in place of what was stored before; removes that if it is
  /// nothing.
  ///
  /// @throws StateException also if it could not be read again
  public void save(DisabledVfs disabled) throws StateException {
    if (disabled.vfs().isEmpty()) {
      boolean _ = records.remove(name(disabled.pf()));
    } else {
      records.save(disabled);
    }
  }

  /// What is disabled of a PF.
  ///
  /// @throws StateException if there is a file but the disk does not return its content
  public Optional<DisabledVfs> load(PciAddress pf) throws StateException {
    return switch (records.load(name(pf))) {
      case SmallRecords.Found.Read<DisabledVfs>(DisabledVfs disabled) -> Optional.of(disabled);
      case SmallRecords.Found.Nothing<DisabledVfs>() -> Optional.empty();
      case SmallRecords.Found.Damaged<DisabledVfs>(Path file, String reason) -> {
        tell(file, reason);
        yield Optional.empty();
      }
    };
  }

  /// What is disabled of all PFs. Where nothing ever was, this costs a look for a directory.
  ///
  /// @throws StateException if that cannot be read
  public List<DisabledVfs> all() throws StateException {
    List<PciAddress> pfs = new ArrayList<>();
    forEachPf(pfs::add);
    List<DisabledVfs> all = new ArrayList<>();
    for (PciAddress pf : pfs) {
      load(pf).ifPresent(all::add);
    }
    return all;
  }

  /// Hands over the PFs of which anything is stored. Files that are named like no PF are moved
  /// aside.
  ///
  /// @throws StateException if the directory cannot be read
  public void forEachPf(Consumer<PciAddress> each) throws StateException {
    records.forEachKey(
        name ->
            PciAddress.parse(name.substring(0, name.length() - SUFFIX.length()))
                .filter(pf -> name.equals(name(pf))),
        each,
        strange -> {
          SmallRecords.Found.Damaged<DisabledVfs> aside =
              records.setAside(strange, "its name is no PF's");
          tell(aside.file(), aside.reason());
        });
  }

  private void tell(Path file, String reason) {
    damaged.accept("a damaged record of VFs without a link is now " + file + ": " + reason);
  }
}
