package dev.podbond.bonding.linkstate;

import dev.podbond.bonding.facts.NodeFacts;
import dev.podbond.bonding.facts.VfFacts;
import dev.podbond.bonding.facts.VfSetting;
import dev.podbond.json.JsonArray;
import dev.podbond.json.JsonBoolean;
import dev.podbond.json.JsonObject;
import dev.podbond.json.JsonReader;
import dev.podbond.json.JsonString;
import dev.podbond.json.JsonValue;
import dev.podbond.value.PciAddress;
import dev.podbond.value.VfLinkState;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/// The VFs of one PF whose link state was set to `disable` because its uplink is bad. It is written
/// down before the first of them is touched, and says of each what it has to become again.
///
/// @param pf the PF
/// @param bootId of the boot in which that was done: with the next one all VFs are made anew
/// @param vfs none if there is nothing to restore
public record DisabledVfs(PciAddress pf, String bootId, List<DisabledVf> vfs) {
  /// The version of the record's form; records of other versions are not read.
  private static final int FORMAT = 1;

  /// Copies the list.
  public DisabledVfs {
    vfs = List.copyOf(vfs);
  }

  /// With those of its VFs that the condition holds for.
  DisabledVfs only(Predicate<DisabledVf> condition) {
    return new DisabledVfs(pf, bootId, vfs.stream().filter(condition).toList());
  }

  /// Without one, whose link state is its owner's from now on.
  public DisabledVfs without(PciAddress vf) {
    return only(disabled -> !disabled.pci().equals(vf));
  }

  /// How many have no link now, as far as is known.
  public int count() {
    return (int) vfs.stream().filter(vf -> !vf.isTheirs()).count();
  }

  private Optional<VfLinkState> before(VfFacts vf) {
    return vfs.stream()
        .filter(disabled -> !disabled.isTheirs())
        .filter(disabled -> disabled.pci().equals(vf.pci()))
        .filter(_ -> vf.pfSide().linkState().equals(Optional.of(VfLinkState.DISABLE)))
        .map(DisabledVf::before)
        .findFirst();
  }

  /// The facts as they would be if nobody had taken its link from any VF. Whoever records, compares
  /// or restores a VF's settings has to see these: otherwise it would take for the owner's what
  /// will be taken back.
  public static NodeFacts disregarded(Collection<DisabledVfs> all, NodeFacts facts) {
    if (all.isEmpty()) {
      return facts;
    }
    Map<PciAddress, VfFacts> vfs = new HashMap<>(facts.vfs());
    vfs.replaceAll((_, vf) ->
        all.stream()
            .flatMap(disabled -> disabled.before(vf).stream())
            .findFirst()
            .map(state -> vf.withPfSide(vf.pfSide().with(VfSetting.LINK_STATE, state)))
            .orElse(vf));
    return facts.withVfs(vfs);
  }

  /// The record as it is stored.
  public JsonObject toJson() {
    return JsonObject.builder()
        .put("format", FORMAT)
        .put("pf", pf.toString())
        .put("bootId", bootId)
        .put("vfs", new JsonArray(vfs.stream().map(DisabledVfs::toJson).toList()))
        .build();
  }

  private static JsonValue toJson(DisabledVf vf) {
    return JsonObject.builder()
        .put("pci", vf.pci().toString())
        .put("index", vf.index())
        .put("before", new JsonString(vf.before().toString()))
        .put("theirs", JsonBoolean.of(vf.isTheirs()))
        .build();
  }

  /// Reads a stored record.
  ///
  /// @throws InvalidDisabledVfsException that names the first missing or wrong member
  public static DisabledVfs fromJson(JsonObject json) throws InvalidDisabledVfsException {
    JsonReader<InvalidDisabledVfsException> fields =
        JsonReader.of(json, JsonReader.Keys.EXACT, DisabledVfs::refuse);
    fields.requireInteger("format", FORMAT, FORMAT);
    PciAddress pf = fields.require("pf", "a PCI address", PciAddress::parse);
    String bootId = fields.requireString("bootId");
    List<DisabledVf> vfs = new ArrayList<>();
    for (JsonReader<InvalidDisabledVfsException> vf : fields.requireObjects("vfs")) {
      vfs.add(
          new DisabledVf(
              vf.require("pci", "a PCI address", PciAddress::parse),
              vf.requireInteger("index", 0, 0xffff),
              vf.require("before", "auto, enable or disable", VfLinkState::parse),
              vf.requireBool("theirs")));
    }
    return new DisabledVfs(pf, bootId, vfs);
  }

  private static void refuse(String where, String expected, Optional<JsonValue> found)
      throws InvalidDisabledVfsException {
    throw new InvalidDisabledVfsException(
        where
            + " must be "
            + expected
            + found.map(some -> ", found " + JsonReader.shown(some)).orElse(""));
  }
}
