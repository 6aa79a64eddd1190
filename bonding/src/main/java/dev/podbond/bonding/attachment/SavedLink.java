package dev.podbond.bonding.attachment;

import dev.podbond.bonding.facts.LinkFacts;
import dev.podbond.bonding.facts.LinkTuning;
import dev.podbond.bonding.facts.NodeFacts;
import dev.podbond.bonding.net.LinkRef;
import dev.podbond.bonding.net.Place;
import dev.podbond.json.JsonArray;
import dev.podbond.json.JsonObject;
import dev.podbond.json.JsonReader;
import dev.podbond.json.JsonString;
import dev.podbond.value.MacAddress;
import dev.podbond.value.PciAddress;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/// A link as it was before ADD touched it.
///
/// @param home its former place and name
/// @param podName its name in the pod
/// @param index its ifindex at home; the kernel may give it another one elsewhere
/// @param kind `IFLA_INFO_KIND`; "" for a hardware device
/// @param up whether it was administratively up
/// @param pci the PCI function behind it, which identifies it whatever its name
/// @param tuning its other settings; unknown in records from before these were recorded
public record SavedLink(
    LinkRef home,
    String podName,
    int index,
    String kind,
    Set<String> altNames,
    Optional<MacAddress> mac,
    int mtuBytes,
    boolean up,
    Optional<PciAddress> pci,
    LinkTuning tuning) {
  public SavedLink {
    altNames = Set.copyOf(altNames);
  }

  /// The link as it is now.
  ///
  /// @param podName its present or future name in the pod
  public static SavedLink of(LinkFacts link, String podName) {
    return new SavedLink(
        link.ref(),
        podName,
        link.index(),
        link.kind(),
        link.altNames(),
        link.mac(),
        link.mtuBytes(),
        link.up(),
        link.pci(),
        link.tuning());
  }

  /// Where it is now. A hardware device is found by its PCI address, also on the host, to which the
  /// kernel returns it when the pod's namespace ends (`default_device_exit_net`). A virtual link
  /// that was already in the pod is found by ifindex, because names are reused; its name or its MAC
  /// must match too. One that came from the host is found in the pod by name. Back on the host it
  /// may have another ifindex, because its own was taken, or another name, because another link has
  /// that now: a link there with its name but another MAC is not it.
  public Optional<LinkFacts> locate(NodeFacts facts) {
    if (pci.isPresent()) {
      return facts.links().stream()
          .filter(link -> link.pci().equals(pci))
          .filter(link -> home.place() == Place.HOST || link.ref().place() == Place.POD)
          .findFirst();
    }
    Optional<LinkFacts> atHome =
        facts.links().stream()
            .filter(link -> link.ref().place() == home.place() && link.index() == index)
            .filter(this::isSameKind)
            .filter(link ->
                link.name().equals(home.name()) || link.name().equals(podName) || hasItsMac(link))
            .findFirst();
    if (atHome.isPresent() || home.place() == Place.POD) {
      return atHome;
    }
    return named(facts, Place.POD, podName)
        .or(() -> named(facts, Place.HOST, home.name()).filter(this::hasItsMac));
  }

  /// Whether a configuration can mean it by `name`: one of its names or its PCI address.
  public boolean answersTo(String name) {
    return podName.equals(name)
        || home.name().equals(name)
        || altNames.contains(name)
        || pci.map(PciAddress::toString).equals(Optional.of(name));
  }

  private Optional<LinkFacts> named(NodeFacts facts, Place place, String name) {
    return facts.links().stream()
        .filter(link -> link.ref().equals(new LinkRef(place, name)))
        .filter(this::isSameKind)
        .findFirst();
  }

  /// The MAC comes back before the link moves.
  private boolean hasItsMac(LinkFacts link) {
    return mac.isPresent() && mac.equals(link.mac());
  }

  private boolean isSameKind(LinkFacts link) {
    return link.kind().equals(kind);
  }

  JsonObject toJson() {
    return JsonObject.builder()
        .put("place", home.place() == Place.HOST ? "host" : "pod")
        .put("name", home.name())
        .put("podName", podName)
        .put("index", index)
        .put("kind", kind)
        .put("altNames", JsonArray.ofStrings(new TreeSet<>(altNames).stream().toList()))
        .putIfPresent("mac", mac, value -> new JsonString(value.toString()))
        .put("mtu", mtuBytes)
        .put("up", up)
        .putIfPresent("pci", pci, value -> new JsonString(value.toString()))
        .putIfPresent(
            "tuning",
            Optional.of(tuning).filter(known -> !known.equals(LinkTuning.UNKNOWN)),
            LinkTuningJson::write)
        .build();
  }

  static SavedLink read(JsonReader<InvalidAttachmentException> fields)
      throws InvalidAttachmentException {
    Place place = fields.require("place", "\"host\" or \"pod\"", SavedLink::place);
    return new SavedLink(
        new LinkRef(
            place, fields.require("name", "an interface name", RecordReader::interfaceName)),
        fields.require("podName", "an interface name", RecordReader::interfaceName),
        fields.requireInteger("index", 1, Integer.MAX_VALUE),
        fields.requireString("kind"),
        Set.copyOf(
            fields.requireEach(
                "altNames", "an alternative interface name", RecordReader::alternativeName)),
        fields.parsed("mac", "a MAC address", MacAddress::parse),
        fields.requireInteger("mtu", 0, Integer.MAX_VALUE),
        fields.requireBool("up"),
        fields.parsed("pci", "a PCI address", PciAddress::parse),
        LinkTuningJson.read(fields.object("tuning")));
  }

  private static Optional<Place> place(String text) {
    return switch (text) {
      case "host" -> Optional.of(Place.HOST);
      case "pod" -> Optional.of(Place.POD);
      default -> Optional.empty();
    };
  }
}
