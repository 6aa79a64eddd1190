package dev.podbond.bonding.attachment;

import dev.podbond.bonding.facts.VfRef;
import dev.podbond.bonding.facts.VfSettings;
import dev.podbond.json.JsonObject;
import dev.podbond.json.JsonReader;
import dev.podbond.json.JsonString;
import dev.podbond.value.PciAddress;
import java.util.Optional;

/// A VF in its state before ADD claimed it.
///
/// @param link its interface; empty for a VF driven by user space
/// @param before the PF's settings for it at that time
/// @param changed the settings that ADD makes through the PF; only these are ever set back
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

  static SavedVf read(JsonReader<InvalidAttachmentException> fields)
      throws InvalidAttachmentException {
    Optional<JsonReader<InvalidAttachmentException>> link = fields.object("link");
    return new SavedVf(
        new VfRef(
            fields.require("pf", "an interface name", RecordReader::interfaceName),
            fields.requireInteger("index", 0, 0xffff),
            fields.require("pci", "a PCI address", PciAddress::parse)),
        link.isEmpty() ? Optional.empty() : Optional.of(SavedLink.read(link.get())),
        VfSettingsJson.read(fields.requireObject("before")),
        VfSettingsJson.read(fields.requireObject("changed")));
  }
}
