package dev.podbond.ipam.fixed;

import dev.podbond.cni.spec.CniException;
import dev.podbond.cni.spec.CniIp;
import dev.podbond.cni.spec.CniResult;
import dev.podbond.cni.spec.CniRoute;
import dev.podbond.cni.spec.CniVersion;
import dev.podbond.cni.spec.Dns;
import dev.podbond.cni.spec.NetworkConfig;
import dev.podbond.ipam.config.ConfiguredRoutes;
import dev.podbond.ipam.config.EnvArgs;
import dev.podbond.ipam.config.IpNumber;
import dev.podbond.ipam.config.Ips;
import dev.podbond.ipam.config.Members;
import dev.podbond.ipam.config.NetworkMembers;
import dev.podbond.ipam.config.UnfamiliarException;
import dev.podbond.json.JsonObject;
import dev.podbond.json.JsonString;
import dev.podbond.json.JsonValue;
import dev.podbond.value.IpPrefix;
import dev.podbond.value.IpText;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// A configuration of the plugin `static` that is understood to its last field, and that the plugin
/// accepts. The plugin keeps nothing: the addresses are in the configuration and in the call.
///
/// @param version the version of the result
/// @param ips the addresses, each with the gateway that is configured for it
/// @param routes go into the result
/// @param dns goes into the result
public record FixedConfig(CniVersion version, List<CniIp> ips, List<CniRoute> routes, Dns dns) {
  private static final Set<String> KEYS = Set.of("type", "routes", "addresses", "dns");

  /// `version` is left of old configurations; the plugin does not read it.
  private static final Set<String> ADDRESS_KEYS = Set.of("address", "gateway", "version");

  private static final Set<String> DNS_KEYS = Set.of("nameservers", "domain", "search", "options");

  /// Copies the lists.
  public FixedConfig {
    ips = List.copyOf(ips);
    routes = List.copyOf(routes);
  }

  /// Reads a configuration.
  ///
  /// @param envArgs the variable `CNI_ARGS`
  public static FixedConfig of(JsonObject config, String envArgs) throws UnfamiliarException {
    NetworkMembers network = NetworkMembers.of(config);
    Members ipam = Members.all("ipam", network.ipam(), KEYS);
    List<CniIp> ips = configured(ipam);
    ips.addAll(ofArguments(EnvArgs.of(envArgs, Set.of("IP", "GATEWAY"))));
    for (List<String> wishes : network.wishes()) {
      // Each place overrides those before.
      ips = wishes.isEmpty() ? ips : wished(wishes);
    }
    requireFit(ips, network.version());
    return new FixedConfig(
        network.version(), ips, ConfiguredRoutes.of(ipam, network.version()), dns(ipam));
  }

  private static List<CniIp> configured(Members ipam) throws UnfamiliarException {
    List<CniIp> ips = new ArrayList<>();
    for (JsonValue element : ipam.fewOf("addresses")) {
      Members address = Members.all("ipam.addresses[]", element, ADDRESS_KEYS);
      Optional<InetAddress> gateway =
          address.has("gateway")
              ? Optional.of(Ips.require(address, "gateway").address())
              : Optional.empty();
      if (address.has("version") && !(address.value("version").get() instanceof JsonString)) {
        throw address.unfamiliar("version", "is no text");
      }
      ips.add(
          CniIp.of(
              address
                  .text("address")
                  .flatMap(Ips::prefix)
                  .orElseThrow(() -> address.unfamiliar("address", "has no prefix length")),
              gateway));
    }
    return ips;
  }

  /// A gateway belongs to those addresses of the arguments in whose network it is.
  private static List<CniIp> ofArguments(EnvArgs args) throws UnfamiliarException {
    List<CniIp> ips = new ArrayList<>();
    for (String text : parts(args.get("IP"))) {
      ips.add(CniIp.of(prefix(text), Optional.empty()));
    }
    for (String text : parts(args.get("GATEWAY"))) {
      InetAddress gateway =
          Ips.address(text)
              .map(IpNumber::address)
              .orElseThrow(() -> new UnfamiliarException("no gateway is " + text));
      ips.replaceAll(
          ip -> ip.address().contains(gateway) ? CniIp.of(ip.address(), Optional.of(gateway)) : ip);
    }
    return ips;
  }

  private static List<String> parts(Optional<String> list) throws UnfamiliarException {
    List<String> parts =
        list.map(text -> List.of(text.split(",", -1))).orElse(List.of()).stream()
            .map(String::strip)
            .toList();
    Members.requireFew(parts.size(), "CNI_ARGS");
    return parts;
  }

  private static List<CniIp> wished(List<String> wishes) throws UnfamiliarException {
    List<CniIp> ips = new ArrayList<>();
    for (String text : wishes) {
      ips.add(CniIp.of(prefix(text), Optional.empty()));
    }
    return ips;
  }

  private static IpPrefix prefix(String text) throws UnfamiliarException {
    return Ips.prefix(text)
        .orElseThrow(() -> new UnfamiliarException("no address with prefix length is " + text));
  }

  private static void requireFit(List<CniIp> ips, CniVersion version) throws UnfamiliarException {
    long ipv4 = ips.stream().filter(ip -> ip.address().isIpv4()).count();
    if (!version.resultListsInterfaces() && (ips.isEmpty() || ipv4 > 1 || ips.size() - ipv4 > 1)) {
      throw new UnfamiliarException("version " + version + " has one address of a family");
    }
  }

  private static Dns dns(Members ipam) throws UnfamiliarException {
    Optional<JsonValue> value = ipam.value("dns");
    if (value.isEmpty()) {
      return Dns.NONE;
    }
    Members dns = Members.all("ipam.dns", value.get(), DNS_KEYS);
    return new Dns(
        dns.texts("nameservers"),
        dns.text("domain"),
        dns.texts("search"),
        dns.texts("options"),
        JsonObject.of());
  }

  /// The result of an ADD.
  public CniResult result() {
    return CniResult.EMPTY.withIps(ips).withRoutes(routes).withDns(dns);
  }

  /// Whether the addresses that the result of ADD still has have the gateways of the configuration.
  ///
  /// @param ifname for the message
  /// @return what is wrong
  public Optional<String> check(NetworkConfig config, String ifname) throws UnfamiliarException {
    CniResult previous;
    try {
      previous =
          config
              .prevResult(version)
              .orElseThrow(() -> new UnfamiliarException("prevResult is missing"));
    } catch (CniException e) {
      throw new UnfamiliarException(e.getMessage());
    }
    for (CniIp ip : ips) {
      Optional<CniIp> found =
          previous.ips().stream()
              .filter(other -> other.address().address().equals(ip.address().address()))
              .findFirst();
      if (found.isPresent()
          && ip.gateway().isPresent()
          && !found.get().gateway().equals(ip.gateway())) {
        return Optional.of(
            "static: Failed to match addr "
                + IpText.format(ip.address().address())
                + " on interface "
                + ifname);
      }
    }
    return Optional.empty();
  }
}
