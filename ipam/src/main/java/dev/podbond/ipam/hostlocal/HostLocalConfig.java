package dev.podbond.ipam.hostlocal;

import dev.podbond.cni.spec.CniRoute;
import dev.podbond.cni.spec.CniVersion;
import dev.podbond.ipam.config.ConfiguredRoutes;
import dev.podbond.ipam.config.EnvArgs;
import dev.podbond.ipam.config.IpNumber;
import dev.podbond.ipam.config.Ips;
import dev.podbond.ipam.config.Members;
import dev.podbond.ipam.config.NetworkMembers;
import dev.podbond.ipam.config.UnfamiliarException;
import dev.podbond.json.JsonObject;
import dev.podbond.json.JsonValue;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/// A configuration of host-local that is understood to its last field, and that host-local accepts.
///
/// @param version the version of the result
/// @param network whose directory it is
/// @param dataDir the directories of all networks
/// @param sets an attachment gets one address out of each
/// @param wishes the addresses that the call asks for
/// @param routes go into the result
public record HostLocalConfig(
    CniVersion version,
    String network,
    Path dataDir,
    List<RangeSet> sets,
    List<IpNumber> wishes,
    List<CniRoute> routes) {
  /// Where host-local keeps addresses unless `dataDir` says otherwise.
  public static final Path DEFAULT_DATA_DIR = Path.of("/var/lib/cni/networks");

  private static final Set<String> KEYS = keys();

  /// Copies the lists.
  public HostLocalConfig {
    sets = List.copyOf(sets);
    wishes = List.copyOf(wishes);
    routes = List.copyOf(routes);
  }

  private static Set<String> keys() {
    Set<String> keys = new HashSet<>(Set.of("type", "routes", "dataDir", "ranges"));
    keys.addAll(AddressRange.KEYS);
    return Set.copyOf(keys);
  }

  /// Reads a configuration.
  ///
  /// @param envArgs the variable `CNI_ARGS`
  public static HostLocalConfig of(JsonObject config, String envArgs) throws UnfamiliarException {
    NetworkMembers network = NetworkMembers.of(config);
    Members ipam = Members.all("ipam", network.ipam(), KEYS);
    List<RangeSet> sets = sets(network, ipam);
    requireApart(sets, network.version());
    return new HostLocalConfig(
        network.version(),
        network.name(),
        dataDir(ipam),
        sets,
        wishes(network, envArgs),
        ConfiguredRoutes.of(ipam, network.version()));
  }

  /// Those of the runtime come first, then the one range of the oldest configurations.
  private static List<RangeSet> sets(NetworkMembers network, Members ipam)
      throws UnfamiliarException {
    List<RangeSet> sets = new ArrayList<>();
    for (JsonValue set : network.runtimeConfig().fewOf("ipRanges")) {
      sets.add(RangeSet.of("runtimeConfig.ipRanges[]", set));
    }
    if (AddressRange.KEYS.stream().anyMatch(ipam::has)) {
      sets.add(RangeSet.of("ipam", List.of(AddressRange.of(ipam))));
    }
    for (JsonValue set : ipam.fewOf("ranges")) {
      sets.add(RangeSet.of("ipam.ranges[]", set));
    }
    return sets;
  }

  private static void requireApart(List<RangeSet> sets, CniVersion version)
      throws UnfamiliarException {
    if (sets.isEmpty()) {
      throw new UnfamiliarException("ipam has no ranges");
    }
    Members.requireFew(sets.stream().mapToInt(set -> set.ranges().size()).sum(), "ipam.ranges");
    for (int i = 0; i < sets.size(); i++) {
      if (sets.subList(0, i).stream().anyMatch(sets.get(i)::overlaps)) {
        throw new UnfamiliarException("sets of ranges overlap");
      }
    }
    long ipv4 = sets.stream().filter(RangeSet::isIpv4).count();
    if (!version.resultListsInterfaces() && (ipv4 > 1 || sets.size() - ipv4 > 1)) {
      throw new UnfamiliarException("version " + version + " has one address of a family");
    }
  }

  private static Path dataDir(Members ipam) throws UnfamiliarException {
    Optional<String> text = ipam.text("dataDir");
    if (text.isEmpty()) {
      return DEFAULT_DATA_DIR;
    }
    try {
      Path path = Path.of(text.get());
      if (path.isAbsolute() && path.equals(path.normalize())) {
        return path;
      }
    } catch (InvalidPathException _) {
      // Told below like any other unusual path.
    }
    throw ipam.unfamiliar("dataDir", "is no plain absolute path");
  }

  private static List<IpNumber> wishes(NetworkMembers network, String envArgs)
      throws UnfamiliarException {
    List<String> texts = new ArrayList<>();
    EnvArgs.of(envArgs, Set.of("IP")).get("IP").ifPresent(texts::add);
    network.wishes().forEach(texts::addAll);
    Set<IpNumber> wishes = new LinkedHashSet<>();
    for (String text : texts) {
      wishes.add(wish(text).orElseThrow(() -> new UnfamiliarException("no address is " + text)));
    }
    return List.copyOf(wishes);
  }

  /// An address, with or without a prefix length, which does not count.
  private static Optional<IpNumber> wish(String text) {
    return Stream.of(Ips.address(text), Ips.prefix(text).map(p -> IpNumber.of(p.address())))
        .flatMap(Optional::stream)
        .findFirst();
  }

  /// The directory of this network.
  public Path directory() {
    return dataDir.resolve(network);
  }
}
