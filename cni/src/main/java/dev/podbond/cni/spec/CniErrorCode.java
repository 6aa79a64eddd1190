package dev.podbond.cni.spec;

/// The code of a CNI error. The specification reserves 0 to 99; 100 and above belong to the plugin.
///
/// @param value the code as printed
public record CniErrorCode(int value) {

  /// 1: the plugin does not speak the configuration's version.
  public static final CniErrorCode INCOMPATIBLE_VERSION = new CniErrorCode(1);

  /// 3: the container is unknown or gone; the runtime need not call DEL.
  public static final CniErrorCode UNKNOWN_CONTAINER = new CniErrorCode(3);

  /// 4: an environment variable is missing or wrong; the message must name it.
  public static final CniErrorCode INVALID_ENVIRONMENT = new CniErrorCode(4);

  /// 5: input or output failed, for example reading stdin.
  public static final CniErrorCode IO_FAILURE = new CniErrorCode(5);

  /// 6: content could not be decoded.
  public static final CniErrorCode DECODING_FAILURE = new CniErrorCode(6);

  /// 7: the network configuration is wrong.
  public static final CniErrorCode INVALID_CONFIG = new CniErrorCode(7);

  /// 8: the network namespace is wrong. The specification does not have this code; it is the Go
  /// library's.
  public static final CniErrorCode INVALID_NETNS = new CniErrorCode(8);

  /// 11: a temporary condition; try again later.
  public static final CniErrorCode TRY_AGAIN_LATER = new CniErrorCode(11);

  /// 50, from STATUS: the plugin cannot serve ADD.
  public static final CniErrorCode NOT_AVAILABLE = new CniErrorCode(50);

  /// 51, from STATUS: as 50, and attached containers may have lost connectivity.
  public static final CniErrorCode NOT_AVAILABLE_LIMITED_CONNECTIVITY = new CniErrorCode(51);

  /// 999: any other failure. The Go library uses it for an error without a code.
  public static final CniErrorCode INTERNAL = new CniErrorCode(999);

  /// Refuses negative codes; Go decodes them into an unsigned integer.
  public CniErrorCode {
    if (value < 0) {
      throw new IllegalArgumentException("a CNI error code is not negative: " + value);
    }
  }

  @Override
  public String toString() {
    return Integer.toString(value);
  }
}
