package dev.podbond.node.sysfs;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HexFormat;
import java.util.Optional;

/// The serial number that a PCI Express device has in its extended configuration space.
///
/// ```
///  31        20 19  16 15             0
/// +------------+------+----------------+
/// | next       | ver. | ID, 0x0003     |  at some offset from 0x100
/// +------------+------+----------------+
/// | serial number, lower half          |
/// +------------------------------------+
/// | serial number, upper half          |
/// +------------------------------------+
/// ```
///
/// See the PCI Express Base Specification, Device Serial Number Extended Capability, and
/// include/uapi/linux/pci_regs.h of the kernel (`PCI_EXT_CAP_ID_DSN`). The kernel shows more than
/// the first 64 bytes only to whoever has CAP_SYS_ADMIN, since devices exist that do not bear it.
/// It goes along this list itself when it finds a function that can have VFs: no other function is
/// to be asked here.
final class DeviceSerialNumber {
  private static final int FIRST = 0x100;
  private static final int END = 0x1000;
  private static final int HEADER_BYTES = 4;
  private static final int NUMBER_BYTES = 8;
  private static final int ID = 0x0003;

  /// More do not fit, so that a list without an end has one.
  private static final int MOST = (END - FIRST) / (HEADER_BYTES + 4);

  private DeviceSerialNumber() {}

  /// The number as `lspci` writes it, `b4-96-91-ff-ff-12-34-56`; empty if the device has none, or
  /// if this process may not see it.
  ///
  /// @param config the file `config` of the function
  static Optional<String> read(Path config) {
    if (!Files.isRegularFile(config)) {
      return Optional.empty();
    }
    try (FileChannel space = FileChannel.open(config, StandardOpenOption.READ)) {
      return find(space);
    } catch (IOException _) {
      return Optional.empty();
    }
  }

  private static Optional<String> find(FileChannel space) throws IOException {
    int at = FIRST;
    for (int i = 0; i < MOST && at >= FIRST && at <= END - HEADER_BYTES - NUMBER_BYTES; i++) {
      ByteBuffer found = ByteBuffer.allocate(HEADER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
      if (space.read(found, at) < HEADER_BYTES) {
        return Optional.empty();
      }
      int header = found.getInt(0);
      // A list without elements, and a device that does not answer.
      if (header == 0 || header == -1) {
        return Optional.empty();
      }
      if ((header & 0xffff) == ID) {
        return number(space, at + HEADER_BYTES);
      }
      at = header >>> 20 & ~0x3;
    }
    return Optional.empty();
  }

  private static Optional<String> number(FileChannel space, int at) throws IOException {
    ByteBuffer found = ByteBuffer.allocate(NUMBER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    return space.read(found, at) < NUMBER_BYTES
        ? Optional.empty()
        : Optional.of(
            HexFormat.ofDelimiter("-")
                .formatHex(ByteBuffer.allocate(NUMBER_BYTES).putLong(found.getLong(0)).array()));
  }
}
