package dev.podbond.cni.spec;

import dev.podbond.json.JsonObject;
import dev.podbond.json.JsonReader;
import dev.podbond.json.JsonString;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/// An interface that a plugin made or adjusted, in a [CniResult].
///
/// @param name the name in its network namespace
/// @param mac the link-layer address as text
/// @param sandbox the path of the network namespace, as in `CNI_NETNS`; empty for one on the host
/// @param mtu in bytes (printed since 1.0.0)
/// @param socketPath the socket of a user-space interface (printed since 1.0.0)
/// @param pciId the PCI address of the device (printed since 1.0.0)
/// @param unknown members the specification does not name
public record CniInterface(
    String name,
    Optional<String> mac,
    Optional<String> sandbox,
    OptionalInt mtu,
    Optional<String> socketPath,
    Optional<String> pciId,
    JsonObject unknown) {

  private static final Set<String> KNOWN =
      Set.of("name", "mac", "sandbox", "mtu", "socketPath", "pciID");

  /// An interface of a name only.
  public static CniInterface named(String name) {
    return new CniInterface(
        name,
        Optional.empty(),
        Optional.empty(),
        OptionalInt.empty(),
        Optional.empty(),
        Optional.empty(),
        JsonObject.of());
  }

  /// This interface with the given link-layer address.
  public CniInterface withMac(String newMac) {
    return new CniInterface(name, Optional.of(newMac), sandbox, mtu, socketPath, pciId, unknown);
  }

  /// This interface in the given network namespace.
  public CniInterface withSandbox(String netns) {
    return new CniInterface(name, mac, Optional.of(netns), mtu, socketPath, pciId, unknown);
  }

  /// This interface with the given MTU in bytes.
  public CniInterface withMtu(int bytes) {
    return new CniInterface(name, mac, sandbox, OptionalInt.of(bytes), socketPath, pciId, unknown);
  }

  /// This interface backed by the PCI device of the given address.
  public CniInterface withPciId(String address) {
    return new CniInterface(name, mac, sandbox, mtu, socketPath, Optional.of(address), unknown);
  }

  static CniInterface parse(JsonReader<CniException> in) throws CniException {
    return new CniInterface(
        in.string("name").orElse(""),
        in.nonEmptyString("mac"),
        in.nonEmptyString("sandbox"),
        CniReader.nonZero(in, "mtu"),
        in.nonEmptyString("socketPath"),
        in.nonEmptyString("pciID"),
        CniReader.without(in, KNOWN));
  }

  JsonObject toJson(CniVersion version) {
    JsonObject.Builder out =
        JsonObject.builder().put("name", name).putIfPresent("mac", mac, JsonString::new);
    // The specification has these members since 1.1.0. The reference library uses one layout for
    // both versions, and Multus reads a pod's MTU from it.
    if (version.isAtLeast(CniVersion.V1_0_0)) {
      out.putIfPresent("mtu", mtu);
    }
    out.putIfPresent("sandbox", sandbox, JsonString::new);
    if (version.isAtLeast(CniVersion.V1_0_0)) {
      out.putIfPresent("socketPath", socketPath, JsonString::new)
          .putIfPresent("pciID", pciId, JsonString::new);
    }
    return out.putAll(unknown).build();
  }
}
