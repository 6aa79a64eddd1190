package dev.podbond.bonding.attachment;

import dev.podbond.bonding.config.BondNames;
import dev.podbond.bonding.net.LinkRef;
import dev.podbond.bonding.net.NetnsId;
import dev.podbond.bonding.net.Route;
import dev.podbond.json.JsonArray;
import dev.podbond.json.JsonObject;
import dev.podbond.json.JsonReader;
import dev.podbond.json.JsonString;
import dev.podbond.value.AttachmentKey;
import dev.podbond.value.IpPrefix;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;

/// The record of one attachment. It is written in phase PREPARED before the first change, and
/// already contains everything needed to take back any part of it.
///
/// @param network the network's name
/// @param plugin the plugin's type, "bond" or "sriov"
/// @param netns the path of the pod's network namespace
/// @param config the part of the network configuration that [RecordedConfig] keeps
/// @param bond the bond's names, if the attachment makes one
/// @param vlan the name of the VLAN interface on top of the bond, if the attachment makes one; if
///   `bond` is empty, it is the attachment's interface, on a bond of another attachment
/// @param addresses the addresses of the attachment's interface; empty while PREPARED
/// @param routes its routes, each with its gateway; empty while PREPARED
/// @param members the named links in their former state, in the order of the configuration
/// @param vfs the claimed VFs in their former state, in the order of the configuration
/// @param origin where it comes from
public record Attachment(
    AttachmentKey key,
    String network,
    String plugin,
    String netns,
    JsonObject config,
    Phase phase,
    Optional<BondNames> bond,
    Optional<String> vlan,
    List<IpPrefix> addresses,
    List<Route> routes,
    List<SavedLink> members,
    List<SavedVf> vfs,
    Origin origin) {
  /// The version of the record's form; records of other versions are not read.
  private static final int FORMAT = 1;

  public Attachment {
    addresses = List.copyOf(addresses);
    routes = List.copyOf(routes);
    members = List.copyOf(members);
    vfs = List.copyOf(vfs);
  }

  /// The interface that carries the addresses: the VLAN on top of the bond, the bond, or the VF.
  public LinkRef addressed() {
    return LinkRef.pod(vlan.or(() -> bond.map(BondNames::name)).orElse(key.ifname()));
  }

  /// The `CNI_IFNAME` by which the IPAM plugin knows the attachment, from ADD to DEL.
  public String ipamIfname() {
    return origin.ipamIfname().isEmpty() ? key.ifname() : origin.ipamIfname();
  }

  /// The network as people and the cluster name it: the BondNetwork that it was rendered from, as
  /// `namespace/name`, or else the network's name.
  public String shownNetwork() {
    return RenderedFrom.in(config).orElse(network);
  }

  /// A record in phase PREPARED that makes no interface and has taken nothing yet.
  public static Attachment prepared(
      AttachmentKey key, String network, String plugin, String netns, JsonObject config) {
    return new Attachment(
        key,
        network,
        plugin,
        netns,
        config,
        Phase.PREPARED,
        Optional.empty(),
        Optional.empty(),
        List.of(),
        List.of(),
        List.of(),
        List.of(),
        Origin.UNKNOWN);
  }

  /// The record with the interfaces that the attachment makes.
  public Attachment withInterfaces(Optional<BondNames> bond, Optional<String> vlan) {
    return new Attachment(
        key, network, plugin, netns, config, phase, bond, vlan, addresses, routes, members, vfs,
        origin);
  }

  /// The record with the links and VFs that the attachment takes, in their former state.
  public Attachment withTaken(List<SavedLink> members, List<SavedVf> vfs) {
    return new Attachment(
        key, network, plugin, netns, config, phase, bond, vlan, addresses, routes, members, vfs,
        origin);
  }

  /// The record with only some of the VFs.
  public Attachment withVfs(List<SavedVf> some) {
    return withTaken(members, some);
  }

  /// The record of the finished attachment.
  public Attachment complete(List<IpPrefix> addresses, List<Route> routes) {
    return new Attachment(
        key,
        network,
        plugin,
        netns,
        config,
        Phase.COMPLETE,
        bond,
        vlan,
        addresses,
        routes,
        members,
        vfs,
        origin);
  }

  /// The record of an attachment that is being removed. Its routes go with its interface, nobody
  /// looks for them any more, and there may be thousands.
  public Attachment removing() {
    return new Attachment(
        key,
        network,
        plugin,
        netns,
        config,
        Phase.REMOVING,
        bond,
        vlan,
        addresses,
        List.of(),
        members,
        vfs,
        origin);
  }

  /// The record with its origin.
  public Attachment from(Origin somewhere) {
    return new Attachment(
        key, network, plugin, netns, config, phase, bond, vlan, addresses, routes, members, vfs,
        somewhere);
  }

  /// The record without its namespace, because the path now leads to another one.
  public Attachment withoutNetns() {
    return new Attachment(
        key, network, plugin, "", config, phase, bond, vlan, addresses, routes, members, vfs,
        origin);
  }

  /// The record as it is stored.
  public JsonObject toJson() {
    return JsonObject.builder()
        .put("format", FORMAT)
        .put("containerId", key.containerId())
        .put("ifname", key.ifname())
        .put("network", network)
        .put("plugin", plugin)
        .put("netns", netns)
        .put("phase", phase.toString())
        .put("config", config)
        .putIfPresent("bond", bond.map(BondNames::name), JsonString::new)
        .putIfPresent("bondAltName", bond.flatMap(BondNames::altName), JsonString::new)
        .putIfPresent("vlan", vlan, JsonString::new)
        .put("addresses", JsonArray.ofStrings(addresses.stream().map(IpPrefix::toString).toList()))
        .put("routes", new JsonArray(List.copyOf(routes.stream().map(RouteJson::write).toList())))
        .put(
            "members", new JsonArray(List.copyOf(members.stream().map(SavedLink::toJson).toList())))
        .put("vfs", new JsonArray(List.copyOf(vfs.stream().map(SavedVf::toJson).toList())))
        .put("cniPath", origin.cniPath())
        .put("cniArgs", origin.cniArgs())
        .put("bootId", origin.bootId())
        .putIfPresent("netnsCookie", origin.netns().cookieText(), JsonString::new)
        .putIfPresent(
            "ipamIfname",
            Optional.of(origin.ipamIfname()).filter(name -> !name.isEmpty()),
            JsonString::new)
        .build();
  }

  /// Reads a stored record.
  ///
  /// @throws InvalidAttachmentException that names the first missing or wrong member
  public static Attachment fromJson(JsonObject json) throws InvalidAttachmentException {
    JsonReader<InvalidAttachmentException> fields = RecordReader.of(json);
    fields.requireInteger("format", FORMAT, FORMAT);
    Optional<String> bond = fields.parsed("bond", "an interface name", RecordReader::interfaceName);
    Optional<String> altName =
        fields.parsed(
            "bondAltName", "an alternative interface name", RecordReader::alternativeName);
    return new Attachment(
        new AttachmentKey(
            fields.requireString("containerId"),
            fields.require("ifname", "an interface name", RecordReader::interfaceName)),
        fields.requireString("network"),
        fields.requireString("plugin"),
        fields.require("netns", "a path", text -> Optional.of(text).filter(Attachment::isPath)),
        fields.requireObject("config").object(),
        fields.require("phase", "prepared, complete or removing", Attachment::phase),
        bond.map(name -> new BondNames(name, altName)),
        fields.parsed("vlan", "an interface name", RecordReader::interfaceName),
        fields.requireEach("addresses", "an address prefix", IpPrefix::parse),
        each(fields.requireObjects("routes"), RouteJson::read),
        each(fields.requireObjects("members"), SavedLink::read),
        each(fields.requireObjects("vfs"), SavedVf::read),
        new Origin(
            fields.string("cniPath").orElse(""),
            fields.string("cniArgs").orElse(""),
            new NetnsId(
                fields.string("bootId").orElse(""),
                fields
                    .parsed("netnsCookie", "an unsigned number of 64 bits", NetnsId::parseCookie)
                    .map(OptionalLong::of)
                    .orElseGet(OptionalLong::empty)),
            fields
                .parsed("ipamIfname", "an interface name", RecordReader::interfaceName)
                .orElse("")));
  }

  /// Reads one element of a list.
  private interface Element<T> {
    T read(JsonReader<InvalidAttachmentException> element) throws InvalidAttachmentException;
  }

  private static <T> List<T> each(
      List<JsonReader<InvalidAttachmentException>> elements, Element<T> element)
      throws InvalidAttachmentException {
    List<T> read = new ArrayList<>();
    for (JsonReader<InvalidAttachmentException> reader : elements) {
      read.add(element.read(reader));
    }
    return read;
  }

  private static Optional<Phase> phase(String text) {
    return Stream.of(Phase.values()).filter(phase -> phase.toString().equals(text)).findFirst();
  }

  /// Whether a file can have that name: without NUL and without half a surrogate pair.
  private static boolean isPath(String text) {
    return text.codePoints().noneMatch(c -> c == 0 || Character.getType(c) == Character.SURROGATE);
  }
}
