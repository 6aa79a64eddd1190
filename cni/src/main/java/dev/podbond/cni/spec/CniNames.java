package dev.podbond.cni.spec;

import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/// The rules for container ids, interface names and network names, as the Go library checks them.
public final class CniNames {

  /// Longest interface name in bytes: the kernel's `IFNAMSIZ` less the final zero.
  public static final int MAX_INTERFACE_NAME_BYTES = 15;

  private static final Pattern ID = Pattern.compile("[a-zA-Z0-9][a-zA-Z0-9_.\\-]*");

  private CniNames() {}

  /// Checks a container id.
  ///
  /// @throws CniException with code 3 if it is empty, code 4 if it contains a forbidden character
  public static void requireContainerId(String containerId) throws CniException {
    if (containerId.isEmpty()) {
      throw new CniException(CniErrorCode.UNKNOWN_CONTAINER, "missing containerID");
    }
    if (!ID.matcher(containerId).matches()) {
      throw new CniException(
          CniErrorCode.INVALID_ENVIRONMENT, "invalid characters in containerID", containerId);
    }
  }

  /// Checks the name of a network.
  ///
  /// @throws CniException with code 7 if it is empty or contains a forbidden character
  public static void requireNetworkName(String name) throws CniException {
    if (name.isEmpty()) {
      throw new CniException(CniErrorCode.INVALID_CONFIG, "missing network name");
    }
    if (!ID.matcher(name).matches()) {
      throw new CniException(
          CniErrorCode.INVALID_CONFIG, "invalid characters found in network name", name);
    }
  }

  /// Checks the name of an interface to create.
  ///
  /// @throws CniException with code 4 if the kernel would refuse the name
  public static void requireInterfaceName(String name) throws CniException {
    if (name.isEmpty()) {
      throw badInterfaceName("interface name is empty", "");
    }
    if (name.getBytes(StandardCharsets.UTF_8).length > MAX_INTERFACE_NAME_BYTES) {
      throw badInterfaceName(
          "interface name is too long",
          "interface name should be less than " + (MAX_INTERFACE_NAME_BYTES + 1) + " characters");
    }
    if (name.equals(".") || name.equals("..")) {
      throw badInterfaceName("interface name is . or ..", "");
    }
    if (name.codePoints().anyMatch(c -> c == '/' || c == ':' || isSpace(c))) {
      throw badInterfaceName("interface name contains / or : or whitespace characters", name);
    }
  }

  /// White space as Go's `unicode.IsSpace` defines it, including the no-break space.
  private static boolean isSpace(int c) {
    return Character.isSpaceChar(c) || (c >= '\t' && c <= '\r') || c == 0x85;
  }

  private static CniException badInterfaceName(String msg, String details) {
    return new CniException(CniErrorCode.INVALID_ENVIRONMENT, msg, details);
  }
}
