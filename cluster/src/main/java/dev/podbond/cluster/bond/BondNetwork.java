package dev.podbond.cluster.bond;

import dev.podbond.bonding.attachment.RenderedFrom;
import dev.podbond.bonding.config.BondConfig;
import dev.podbond.bonding.config.ConfigProblem;
import dev.podbond.bonding.config.InvalidConfigException;
import dev.podbond.bonding.option.BondMode;
import dev.podbond.bonding.option.BondOption;
import dev.podbond.bonding.option.OptionDomain;
import dev.podbond.bonding.redundancy.Failure;
import dev.podbond.cluster.multus.NetworkSelection;
import dev.podbond.json.JsonArray;
import dev.podbond.json.JsonBoolean;
import dev.podbond.json.JsonLimits;
import dev.podbond.json.JsonNumber;
import dev.podbond.json.JsonObject;
import dev.podbond.json.JsonString;
import dev.podbond.json.JsonValue;
import dev.podbond.json.LenientObject;
import dev.podbond.value.InterfaceName;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.regex.Pattern;

/// A BondNetwork: a bond described once; everything else follows from it.
///
/// Its fields are those of the `bond` plugin under the same names, with these exceptions. `members`
/// are SriovNetworks where the plugin has links, `primary` may name one of them, `chain` holds the
/// plugins that run after the bond, `vlans` are separate network attachments, and `readinessGate`,
/// `allocation` and `survive` are about its pods.
///
/// @param uid the object's UID, for owner references; empty before it is stored
/// @param generation counts the changes of its spec
/// @param members in the order in which the pod gets them
/// @param interfaceName the bond's name in the pod
/// @param config the plugin's configuration, valid or not; see [#bond]
/// @param mode its mode, whether the rest of it is valid or not; empty if there is no such mode
/// @param chain the configurations of the plugins that run after the bond
/// @param vlans the VLANs on the bond; wrong ones are left out
/// @param problems the problems of chain, VLANs, allocation and what to survive
/// @param allocation how a pod gets the members
/// @param survive the failures with which its pods are still to be reached
/// @param gatesPods whether its pods are ready only while their bonds pass traffic
public record BondNetwork(
    String namespace,
    String name,
    String uid,
    long generation,
    List<BondMember> members,
    String interfaceName,
    JsonObject config,
    Optional<BondMode> mode,
    List<JsonObject> chain,
    List<BondVlan> vlans,
    List<ConfigProblem> problems,
    Allocation allocation,
    Set<Failure> survive,
    boolean gatesPods) {
  /// Group and version of the API.
  public static final String API_VERSION = "podbond.dev/v1alpha1";

  /// The kind.
  public static final String KIND = "BondNetwork";

  /// The size limit of its `spec`: the plugin accepts a configuration of this many bytes, and 32
  /// VLANs with addresses and chains have a few thousand values.
  public static final JsonLimits SPEC = new JsonLimits(64 << 10, 2000);

  private static final String IFNAME = "ifname";
  private static final String READINESS_GATE = "readinessGate";

  /// Fields that a BondNetwork expresses in another way than the plugin.
  public static final Set<String> OWN_FIELDS =
      Set.of(
          "members",
          IFNAME,
          BondChain.KEY,
          BondVlans.KEY,
          READINESS_GATE,
          Allocation.KEY,
          Allocation.DISTINCT,
          Allocation.SAME_NUMA_NODE,
          Survive.KEY);

  /// Fields of the plugin that do not depend on the kernel's options; they are passed on.
  public static final Set<String> PLUGIN_FIELDS =
      Set.of("mode", "mtu", "mac", "vlan", "ipam", "strict");

  /// A number of one digit, as the plugin's parser takes it.
  private static final Pattern NUMBER = Pattern.compile("[+]?0*[0-9]");

  private static final Set<String> MEMBER_OPTIONS = Set.of("prio", "queueId");
  static final String CNI_VERSION = "1.0.0";

  public BondNetwork {
    members = List.copyOf(members);
    chain = List.copyOf(chain);
    vlans = List.copyOf(vlans);
    problems = List.copyOf(problems);
    survive = Set.copyOf(survive);
  }

  /// The BondNetwork of an object; [#bond] tells whether its bond is valid.
  public static BondNetwork of(JsonObject manifest) {
    JsonObject metadata = LenientObject.object(manifest, "metadata");
    JsonObject spec = LenientObject.object(manifest, "spec");
    String name =
        LenientObject.text(metadata, "name")
            .or(() -> LenientObject.text(metadata, "generateName"))
            .orElse("");
    String namespace = LenientObject.text(metadata, "namespace").orElse("default");
    String interfaceName = LenientObject.text(spec, IFNAME).orElse(BondInterfaces.bond(name));
    List<BondMember> members = new ArrayList<>();
    List<JsonValue> links = new ArrayList<>();
    for (JsonObject member : LenientObject.objects(spec, "members")) {
      String network = LenientObject.text(member, "sriovNetwork").orElse("");
      String link = BondInterfaces.member(interfaceName, members.size());
      members.add(new BondMember(network, link));
      JsonObject.Builder entry = JsonObject.builder().put("name", link);
      MEMBER_OPTIONS.stream().sorted().forEach(key -> entry.putIfPresent(key, member.get(key)));
      links.add(entry.build());
    }
    List<ConfigProblem> problems = new ArrayList<>();
    List<JsonObject> chain = new BondChain("", spec, problems).read();
    List<BondVlan> vlans = new BondVlans(name, interfaceName, spec, problems).read(members);
    Set<Failure> survive = Survive.of(spec, problems);
    Allocation allocation = Allocation.of(spec, survive, problems);
    JsonObject config =
        config(namespace + "/" + name, name, interfaceName, spec, members, links, !chain.isEmpty());
    return new BondNetwork(
        namespace,
        name,
        LenientObject.text(metadata, "uid").orElse(""),
        metadata.get("generation").orElse(metadata) instanceof JsonNumber number
            ? number.longValue()
            : 0,
        members,
        interfaceName,
        config,
        mode(config),
        chain,
        vlans,
        problems,
        allocation,
        survive,
        spec.get(READINESS_GATE).filter(JsonBoolean.TRUE::equals).isPresent());
  }

  /// The bond.
  ///
  /// @throws InvalidConfigException in the words of the plugin, which parses the same configuration
  ///   with the same code; also for problems of chain, VLANs, allocation and what to survive
  public BondConfig bond() throws InvalidConfigException {
    List<ConfigProblem> all = new ArrayList<>();
    Optional<BondConfig> bond = Optional.empty();
    try {
      bond = Optional.of(BondConfig.parse(config, Optional.empty()));
    } catch (InvalidConfigException e) {
      all.addAll(e.problems());
    }
    all.addAll(problems);
    if (!all.isEmpty()) {
      throw new InvalidConfigException(all);
    }
    return bond.orElseThrow();
  }

  private static Optional<BondMode> mode(JsonObject config) {
    return switch (config.get(BondOption.MODE.key()).orElse(config)) {
      case JsonString(String text) -> mode(text);
      case JsonNumber number -> BondMode.of(number.longValue());
      default -> Optional.empty();
    };
  }

  private static Optional<BondMode> mode(String text) {
    OptionalInt named =
        BondOption.MODE.domain() instanceof OptionDomain.Choice modes
            ? modes.number(text)
            : OptionalInt.empty();
    if (named.isPresent()) {
      return BondMode.of(named.getAsInt());
    }
    return NUMBER.matcher(text).matches()
        ? BondMode.of(text.charAt(text.length() - 1) - '0')
        : Optional.empty();
  }

  /// `namespace/name`.
  public String path() {
    return namespace + "/" + name;
  }

  /// Its members as a pod's annotation lists them, before the bond.
  public List<NetworkSelection> memberNetworks() {
    return members.stream()
        .map(member -> NetworkSelection.of(namespace, member.network(), member.interfaceName()))
        .toList();
  }

  /// Its VLANs as a pod's annotation lists them, after the bond.
  public List<NetworkSelection> vlanNetworks() {
    return vlans.stream()
        .map(vlan -> NetworkSelection.of(namespace, vlan.network(), vlan.interfaceName()))
        .toList();
  }

  /// The paths of its network attachments: its own, and one for each VLAN.
  public List<String> attachments() {
    List<String> paths = new ArrayList<>(List.of(path()));
    vlans.forEach(vlan -> paths.add(namespace + "/" + vlan.network()));
    return paths;
  }

  /// The configurations of all plugins that it runs: those of bond, VLANs and chains.
  List<JsonObject> configs() {
    List<JsonObject> configs = new ArrayList<>(List.of(config));
    configs.addAll(chain);
    for (BondVlan vlan : vlans) {
      configs.add(vlan.config());
      configs.addAll(vlan.chain());
    }
    return configs;
  }

  /// Why the kernel would refuse the bond's name, which the plugin learns only from CNI_IFNAME.
  public Optional<String> nameProblem() {
    return InterfaceName.isValid(interfaceName)
        ? Optional.empty()
        : Optional.of(
            "ifname is \""
                + interfaceName
                + "\": it must be an interface name of at most "
                + InterfaceName.MAX_LENGTH
                + " characters");
  }

  private static JsonObject config(
      String path,
      String name,
      String interfaceName,
      JsonObject spec,
      List<BondMember> members,
      List<JsonValue> links,
      boolean isChained) {
    Map<String, JsonValue> config = new LinkedHashMap<>();
    config.put("cniVersion", new JsonString(CNI_VERSION));
    config.put("name", new JsonString(name));
    config.put("type", new JsonString("bond"));
    config.put(RenderedFrom.FIELD, new JsonString(path));
    if (!isChained) {
      // Plugins of a chain look for the interface by CNI_IFNAME, so that must be the bond's name.
      config.put(IFNAME, new JsonString(interfaceName));
    }
    config.put("linksInContainer", JsonBoolean.TRUE);
    spec.members()
        .forEach((key, value) -> {
          if (!OWN_FIELDS.contains(key) && !key.equalsIgnoreCase(RenderedFrom.FIELD)) {
            config.put(key, value);
          }
        });
    if (spec.get("primary").orElse(spec) instanceof JsonString(String primary)) {
      config.put("primary", new JsonString(link(primary, members)));
    }
    if (isActiveBackup(spec) && !config.containsKey(BondOption.FAIL_OVER_MAC.key())) {
      // The only setting for which VFs need not be trusted; bond-cni's default needs trusted VFs.
      config.put(BondOption.FAIL_OVER_MAC.key(), JsonNumber.of(1));
    }
    config.put("links", new JsonArray(links));
    return new JsonObject(config);
  }

  /// The interface of the member whose network has this name; any other name is returned unchanged.
  private static String link(String primary, List<BondMember> members) {
    return members.stream()
        .filter(member -> member.network().equals(primary))
        .findFirst()
        .map(BondMember::interfaceName)
        .orElse(primary);
  }

  private static boolean isActiveBackup(JsonObject spec) {
    return spec.get("mode").orElse(spec) instanceof JsonString(String mode)
        && (mode.equals(BondMode.ACTIVE_BACKUP.toString())
            || BondMode.ACTIVE_BACKUP.aliases().contains(mode));
  }
}
