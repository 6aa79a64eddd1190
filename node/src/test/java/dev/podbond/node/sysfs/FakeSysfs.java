package dev.podbond.node.sysfs;

import dev.podbond.value.PciAddress;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;

/// A tree of directories and symbolic links laid out as the kernel lays out sysfs.
public final class FakeSysfs {
  private final Path root;
  private int interfaces;

  public FakeSysfs(Path root) {
    this.root = root;
    directory("bus/pci/devices");
    directory("bus/pci/drivers");
    directory("class/net");
  }

  public Path root() {
    return root;
  }

  /// A PF that could have VFs but has none.
  public FakeSysfs pf(String pci, String name, int totalVfs) {
    function(pci, "0x8086", "0x10c9");
    driver(pci, "igb");
    netdev(pci, name);
    file(device(pci).resolve("sriov_totalvfs"), totalVfs + "\n");
    file(device(pci).resolve("sriov_numvfs"), "0\n");
    return this;
  }

  public FakeSysfs vf(String pf, int index, String pci) {
    function(pci, "0x8086", "0x10ca");
    link(device(pf).resolve("virtfn" + index), Path.of("../" + pci));
    link(device(pci).resolve("physfn"), Path.of("../" + pf));
    return this;
  }

  /// A function that has nothing to do with SR-IOV.
  public FakeSysfs nic(String pci, String driver) {
    function(pci, "0x1af4", "0x1041");
    return driver(pci, driver);
  }

  public FakeSysfs driver(String pci, String driver) {
    directory("bus/pci/drivers/" + driver);
    link(device(pci).resolve("driver"), Path.of("../../../bus/pci/drivers/" + driver));
    return this;
  }

  public FakeSysfs netdev(String pci, String name) {
    Path directory = directory("devices/pci0000:00/" + pci + "/net/" + name);
    link(directory.resolve("device"), Path.of("../../../" + pci));
    file(directory.resolve("ifindex"), ++interfaces + "\n");
    link(root.resolve("class/net/" + name), Path.of("../..").resolve(root.relativize(directory)));
    return this;
  }

  /// The interface of a PF is this one.
  public FakeSysfs ifindex(String pci, String name, int index) {
    file(device(pci).resolve("net").resolve(name).resolve("ifindex"), index + "\n");
    return this;
  }

  /// As when another card comes into the slot: the interface has another ifindex.
  public void replaced(String pci, String name) {
    file(device(pci).resolve("net").resolve(name).resolve("ifindex"), 1000 + ++interfaces + "\n");
  }

  /// As `ip link set NAME name TO`.
  public void renamed(String pci, String name, String to) {
    try {
      Path net = device(pci).resolve("net");
      Files.move(net.resolve(name), net.resolve(to));
      Files.delete(root.resolve("class/net/" + name));
      link(
          root.resolve("class/net/" + to),
          Path.of("../..").resolve(root.relativize(net.resolve(to))));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Configuration space up to the last of these words, which come each behind its offset.
  public FakeSysfs config(String pci, int... words) {
    int last = words[words.length - 2];
    ByteBuffer space = ByteBuffer.allocate(last + Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < words.length; i += 2) {
      space.putInt(words[i], words[i + 1]);
    }
    try {
      Files.write(device(pci).resolve("config"), space.array());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return this;
  }

  /// The function behind other bridges: `pci0000:3a/0000:3a:00.0/0000:3b:00.0`, whose last name is
  /// that of a link to it.
  FakeSysfs at(String pci, String path) {
    try {
      Path there = root.resolve("devices").resolve(path);
      Files.createDirectories(Objects.requireNonNull(there.getParent()));
      link(there, device(pci));
      Path known = root.resolve("bus/pci/devices/" + pci);
      Files.delete(known);
      link(known, Path.of("../../../devices").resolve(path));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return this;
  }

  FakeSysfs portFile(String pci, String name, String file, String text) {
    file(device(pci).resolve("net").resolve(name).resolve(file), text + "\n");
    return this;
  }

  FakeSysfs portName(String pci, String name, String port) {
    file(device(pci).resolve("net").resolve(name).resolve("phys_port_name"), port + "\n");
    return this;
  }

  public Path device(String pci) {
    return root.resolve("devices/pci0000:00").resolve(pci);
  }

  public static PciAddress pci(String text) {
    return PciAddress.parse(text).orElseThrow();
  }

  private void function(String pci, String vendor, String device) {
    Path directory = directory("devices/pci0000:00/" + pci);
    link(root.resolve("bus/pci/devices/" + pci), Path.of("../../../devices/pci0000:00/" + pci));
    file(directory.resolve("vendor"), vendor + "\n");
    file(directory.resolve("device"), device + "\n");
  }

  private Path directory(String path) {
    try {
      return Files.createDirectories(root.resolve(path));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void file(Path path, String text) {
    try {
      Files.writeString(path, text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void link(Path path, Path target) {
    try {
      Files.createSymbolicLink(path, target);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
