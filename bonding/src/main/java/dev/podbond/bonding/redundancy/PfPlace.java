package dev.podbond.bonding.redundancy;

import dev.podbond.value.PciAddress;
import java.util.Optional;
import java.util.regex.Pattern;

/// Where a PF is in its machine, as far as the machine tells. What has no digit but 0 and f is no
/// identity: firmware without one says so.
///
/// @param pci its function
/// @param serialNumber that of its device, which all functions of a device have in common
/// @param switchId the switch inside its card, if its driver tells
/// @param portId its port, if its driver tells; several PFs may share one
/// @param rootPort the port of the machine that it is behind, if it is behind one
/// @param cabling what it is plugged into
public record PfPlace(
    PciAddress pci,
    Optional<String> serialNumber,
    Optional<String> switchId,
    Optional<String> portId,
    Optional<PciAddress> rootPort,
    Cabling cabling) {
  /// A PCI address or an identity.
  static final Pattern NAME = Pattern.compile("[0-9a-f:.-]{1,64}");

  private static final Pattern IDENTITY = Pattern.compile("(?=.*[1-9a-e])[0-9a-f-]{2,64}");

  /// Leaves out what is no identity.
  public PfPlace {
    serialNumber = serialNumber.filter(PfPlace::isIdentity);
    switchId = switchId.filter(PfPlace::isIdentity);
    portId = portId.filter(PfPlace::isIdentity);
  }

  /// A PF of whose cabling nothing is known.
  public PfPlace(
      PciAddress pci,
      Optional<String> serialNumber,
      Optional<String> switchId,
      Optional<String> portId,
      Optional<PciAddress> rootPort) {
    this(pci, serialNumber, switchId, portId, rootPort, Cabling.UNKNOWN);
  }

  /// A PF of which only the address is known.
  public static PfPlace at(PciAddress pci) {
    return new PfPlace(pci, Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
  }

  private static boolean isIdentity(String text) {
    return IDENTITY.matcher(text).matches();
  }

  /// The PF with what it is plugged into.
  public PfPlace plugged(Cabling into) {
    return new PfPlace(pci, serialNumber, switchId, portId, rootPort, into);
  }

  /// The PCI device that it is a function of: its address without the function, `0000:3b:00`.
  public String device() {
    String address = pci.toString();
    return address.substring(0, address.lastIndexOf('.'));
  }
}
