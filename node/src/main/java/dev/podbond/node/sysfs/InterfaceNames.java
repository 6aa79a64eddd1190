package dev.podbond.node.sysfs;

import dev.podbond.netlink.wire.KernelText;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.nio.file.Path;
import java.util.HexFormat;

/// Names of network interfaces as file names. A pod may leave its VF a name that is not valid
/// UTF-8. Java's paths hold its bytes but convert them to text; only their URIs carry every byte.
final class InterfaceNames {
  private static final char REPLACED = '\ufffd';

  private InterfaceNames() {}

  /// The last name of a path, in the spelling of netlink ([KernelText]).
  static String last(Path path) {
    String text = String.valueOf(path.getFileName());
    if (text.indexOf(REPLACED) < 0) {
      return text;
    }
    String raw = path.toUri().getRawPath().replaceAll("/$", "");
    byte[] bytes = percentDecoded(raw.substring(raw.lastIndexOf('/') + 1));
    return KernelText.decode(bytes, bytes.length);
  }

  private static byte[] percentDecoded(String raw) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (int i = 0; i < raw.length(); i++) {
      if (raw.charAt(i) == '%') {
        bytes.write(HexFormat.fromHexDigits(raw, i + 1, i + 3));
        i += 2;
      } else {
        bytes.write(raw.charAt(i));
      }
    }
    return bytes.toByteArray();
  }

  /// The file of this name in a directory.
  static Path in(Path directory, String name) {
    if (!KernelText.hasStrayBytes(name)) {
      return directory.resolve(name);
    }
    StringBuilder uri = new StringBuilder(directory.toUri().toString());
    if (uri.charAt(uri.length() - 1) != '/') {
      uri.append('/');
    }
    for (byte octet : KernelText.encode(name)) {
      uri.append('%').append(HexFormat.of().toHexDigits(octet));
    }
    return Path.of(URI.create(uri.toString()));
  }
}
