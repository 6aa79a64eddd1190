package dev.podbond.bonding.linkstate;

import dev.podbond.bonding.facts.NodeFacts;
import dev.podbond.bonding.facts.VfFacts;
import dev.podbond.bonding.facts.VfRef;
import dev.podbond.bonding.facts.VfSetting;
import dev.podbond.json.JsonObject;
import dev.podbond.json.JsonReader;
import dev.podbond.json.JsonValue;
import dev.podbond.value.PciAddress;
import dev.podbond.value.VfLinkState;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// A VF whose link state was to become `disable` because the uplink of its PF is bad. It is written
/// down before that is done, and says what the VF has to become again.
///
/// @param index which of its PF's VFs
/// @param pf the PF
/// @param bootId of the boot in which that was done: with the next one all VFs are made anew
/// @param before what its link state was
public record DisabledVf(
    PciAddress pci, int index, PciAddress pf, String bootId, VfLinkState before) {
  /// The version of the record's form; records of other versions are not read.
  private static final int FORMAT = 1;

  /// The VF for whoever knows no more of it than what was written down.
  public VfRef ref() {
    return new VfRef(pf.toString(), index, pci);
  }

  private boolean isNow(VfFacts vf) {
    return vf.pci().equals(pci) && vf.pfSide().linkState().equals(Optional.of(VfLinkState.DISABLE));
  }

  /// The facts as they would be if nobody had taken its link from any VF. Whoever records or
  /// compares a VF's settings has to see these: otherwise it would take for the owner's what will
  /// be taken back.
  public static NodeFacts disregarded(Collection<DisabledVf> all, NodeFacts facts) {
    if (all.isEmpty()) {
      return facts;
    }
    Map<PciAddress, VfFacts> vfs = new HashMap<>(facts.vfs());
    vfs.replaceAll((_, vf) ->
        all.stream()
            .filter(disabled -> disabled.isNow(vf))
            .findFirst()
            .map(disabled ->
                vf.withPfSide(vf.pfSide().with(VfSetting.LINK_STATE, disabled.before())))
            .orElse(vf));
    return facts.withVfs(vfs);
  }

  /// The record as it is stored.
  public JsonObject toJson() {
    return JsonObject.builder()
        .put("format", FORMAT)
        .put("vf", pci.toString())
        .put("index", index)
        .put("pf", pf.toString())
        .put("bootId", bootId)
        .put("before", before.toString())
        .build();
  }

  /// Reads a stored record.
  ///
  /// @throws InvalidDisabledVfException that names the first missing or wrong member
  public static DisabledVf fromJson(JsonObject json) throws InvalidDisabledVfException {
    JsonReader<InvalidDisabledVfException> fields =
        JsonReader.of(json, JsonReader.Keys.EXACT, DisabledVf::refuse);
    fields.requireInteger("format", FORMAT, FORMAT);
    return new DisabledVf(
        fields.require("vf", "a PCI address", PciAddress::parse),
        fields.requireInteger("index", 0, 0xffff),
        fields.require("pf", "a PCI address", PciAddress::parse),
        fields.requireString("bootId"),
        fields.require("before", "auto, enable or disable", VfLinkState::parse));
  }

  private static void refuse(String where, String expected, Optional<JsonValue> found)
      throws InvalidDisabledVfException {
    throw new InvalidDisabledVfException(
        where
            + " must be "
            + expected
            + found.map(some -> ", found " + JsonReader.shown(some)).orElse(""));
  }
}
