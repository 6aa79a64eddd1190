package dev.podbond.bonding.attachment;

import dev.podbond.bonding.facts.VfRef;
import dev.podbond.bonding.facts.VfSettings;
import dev.podbond.json.JsonObject;
import dev.podbond.json.JsonString;
import dev.podbond.json.JsonValue;
import dev.podbond.value.PciAddress;
import java.util.Optional;

/// A VF as it was before ADD claimed it.
///
/// @param link its interface; empty for a VF that user space drives
/// @param before what its PF said of it
/// @param changed what ADD sets through the PF; only that is ever set back
public record SavedVf(VfRef vf, Optional<SavedLink> link, VfSettings before, VfSettings changed) {
  public PciAddress pci() {
    return vf.pci();
  }

  JsonObject toJson() {
    return JsonObject.builder()
        .put("pf", vf.pf())
        .put("index", vf.index())
        .put("pci", new JsonString(vf.pci().toString()))
        .putIfPresent("link", link, SavedLink::toJson)
        .put("before", VfSettingsJson.write(before))
        .put("changed", VfSettingsJson.write(changed))
        .build();
  }

  static SavedVf read(String path, JsonValue value) throws InvalidAttachmentException {
    Fields fields = Fields.of(path, value);
    Optional<Fields> link = fields.optionalObject("link");
    return new SavedVf(
        new VfRef(
            fields.name("pf"),
            fields.integer("index", 0, 0xffff),
            fields.required("pci", "a PCI address", PciAddress::parse)),
        link.isEmpty()
            ? Optional.empty()
            : Optional.of(SavedLink.read(link.get().path(), link.get().object())),
        VfSettingsJson.read(fields.object("before")),
        VfSettingsJson.read(fields.object("changed")));
  }
}
