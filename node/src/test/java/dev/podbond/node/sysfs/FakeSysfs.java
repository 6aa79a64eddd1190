package dev.podbond.node.sysfs;

import dev.podbond.value.PciAddress;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

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
