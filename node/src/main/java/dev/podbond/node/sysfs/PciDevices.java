package dev.podbond.node.sysfs;

import dev.podbond.bonding.facts.VfRef;
import dev.podbond.bonding.redundancy.PfPlace;
import dev.podbond.value.PciAddress;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.NotLinkException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The node's network PCI functions, read from sysfs.
///
/// A sysfs shows the network interfaces of the namespace in which it was mounted, whatever
/// namespace the reader is in: here we find only interfaces on the host, never a pod's. All methods
/// read afresh; a function that vanishes meanwhile counts as absent.
///
/// See Documentation/ABI/testing/sysfs-bus-pci of the kernel.
public final class PciDevices {
  private static final Pattern VIRTFN = Pattern.compile("virtfn(\\d{1,5})");

  /// The names of the uplink of a NIC in switchdev mode, such as `p0`. Its VFs' representors are in
  /// the same directory, with names like `pf0vf3`.
  private static final Pattern UPLINK_PORT = Pattern.compile("p\\d+(s\\d+)?");

  /// The kernel's prefix for the name of each interface that is on top of another
  /// (`netdev_adjacent_sysfs_add`).
  private static final String UPPER = "upper_";

  /// A container's own sysfs is read-only; a second mount allows binding and unbinding drivers
  /// there.
  private static final Path PCI_IN_CONTAINER = Path.of("/host/sys/bus/pci");

  /// The indices of VFs, by their directories, as this process found them last: of no more VFs than
  /// the node had.
  private static final Map<Path, Integer> INDICES = new ConcurrentHashMap<>();

  private final Path root;

  /// @param sysfs where sysfs is mounted: `/sys`
  public PciDevices(Path sysfs) {
    this.root = sysfs;
  }

  /// All PFs with a network interface on the host, in the order of their PCI addresses.
  public List<PfDevice> pfs() throws IOException {
    List<PfDevice> found = new ArrayList<>();
    for (PciAddress pci : functions()) {
      if (Files.exists(directory(pci).resolve("sriov_totalvfs"))) {
        pf(pci).ifPresent(found::add);
      }
    }
    return List.copyOf(found);
  }

  /// The PF with this network interface on the host.
  public Optional<PfDevice> pf(String name) throws IOException {
    Optional<PciAddress> pci =
        target(InterfaceNames.in(root.resolve("class/net"), name).resolve("device"));
    return pci.isPresent() ? pf(pci.get()) : Optional.empty();
  }

  /// The PF at this address; empty if the function is not a PF, or has no network interface on the
  /// host.
  public Optional<PfDevice> pf(PciAddress pci) throws IOException {
    Optional<Integer> total = number(directory(pci).resolve("sriov_totalvfs"));
    Optional<Uplink> uplink = uplink(pci);
    if (total.isEmpty() || uplink.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new PfDevice(
            uplink.get().name(),
            pci,
            number(directory(pci).resolve("vendor")).orElse(0),
            number(directory(pci).resolve("device")).orElse(0),
            driver(pci),
            total.get(),
            number(directory(pci).resolve("sriov_numvfs")).orElse(0)));
  }

  /// The VFs that a PF has now, in the order of their indices, even while the PF's own interface is
  /// gone.
  public List<VfDevice> vfsOf(PfDevice pf) throws IOException {
    Uplink uplink = uplink(pf.pci()).orElse(new Uplink(pf.pci(), pf.name(), Uplink.GONE));
    List<VfDevice> found = new ArrayList<>();
    for (String name : entries(directory(pf.pci()))) {
      Matcher virtfn = VIRTFN.matcher(name);
      if (virtfn.matches()) {
        Optional<PciAddress> pci = target(directory(pf.pci()).resolve(name));
        if (pci.isPresent()) {
          found.add(vf(uplink, Integer.parseInt(virtfn.group(1)), pci.get()));
        }
      }
    }
    found.sort(Comparator.comparingInt(vf -> vf.ref().index()));
    return List.copyOf(found);
  }

  /// The VF at this address; empty if there is no such function, if it is not a VF, or if its PF
  /// has no network interface on the host.
  public Optional<VfDevice> vf(PciAddress pci) throws IOException {
    Optional<PciAddress> owner = physfn(pci);
    if (owner.isEmpty()) {
      return Optional.empty();
    }
    Optional<Integer> index = index(owner.get(), pci);
    Optional<Uplink> uplink = index.isPresent() ? uplink(owner.get()) : Optional.empty();
    return uplink.isPresent() ? Optional.of(vf(uplink.get(), index.get(), pci)) : Optional.empty();
  }

  /// The index of a VF in its PF. It is looked for where it was the last time first: a PF's
  /// directory is long.
  private Optional<Integer> index(PciAddress pf, PciAddress vf) throws IOException {
    Integer last = INDICES.get(directory(vf));
    if (last != null && isAt(pf, "virtfn" + last, vf)) {
      return Optional.of(last);
    }
    for (String name : entries(directory(pf))) {
      Matcher virtfn = VIRTFN.matcher(name);
      if (virtfn.matches() && isAt(pf, name, vf)) {
        int index = Integer.parseInt(virtfn.group(1));
        INDICES.put(directory(vf), index);
        return Optional.of(index);
      }
    }
    INDICES.remove(directory(vf));
    return Optional.empty();
  }

  /// Whether there is a VF at this address, whatever we know of its PF.
  public boolean isVf(PciAddress pci) throws IOException {
    return physfn(pci).isPresent();
  }

  /// The PF whose port a function uses: that of a VF, a PF itself. Empty for any other function: in
  /// a virtual machine a VF of its host looks like one, and where its port is cannot be seen there.
  public Optional<PciAddress> pfOf(PciAddress pci) throws IOException {
    Optional<PciAddress> pf = physfn(pci);
    return pf.isPresent() || !Files.exists(directory(pci).resolve("sriov_totalvfs"))
        ? pf
        : Optional.of(pci);
  }

  /// The ifindex of a PF's own interface on the host; [Uplink#GONE] without one.
  public int ifindex(PciAddress pf) throws IOException {
    return uplink(pf).map(Uplink::index).orElse(Uplink.GONE);
  }

  /// Where a PF is, as far as it and its driver tell. What cannot be read is not known.
  public PfPlace place(PciAddress pf) throws IOException {
    Optional<Path> net =
        uplink(pf).map(uplink -> InterfaceNames.in(directory(pf).resolve("net"), uplink.name()));
    return new PfPlace(
        pf,
        DeviceSerialNumber.read(directory(pf).resolve("config")),
        net.flatMap(directory -> text(directory.resolve("phys_switch_id"))),
        net.flatMap(directory -> text(directory.resolve("phys_port_id"))),
        rootPort(pf));
  }

  /// The switch inside a card, as the driver of its PF tells it, mostly in switchdev mode.
  public Optional<String> switchId(Uplink pf) {
    return text(
        InterfaceNames.in(directory(pf.pci()).resolve("net"), pf.name()).resolve("phys_switch_id"));
  }

  /// The first bridge from the root of a function's bus, as its path in sysfs has it:
  /// `devices/pci0000:3a/0000:3a:00.0/0000:3b:00.0`.
  private Optional<PciAddress> rootPort(PciAddress pci) throws IOException {
    Path path;
    try {
      path = Files.readSymbolicLink(directory(pci));
    } catch (FileSystemException _) {
      return Optional.empty();
    }
    Optional<PciAddress> first = Optional.empty();
    for (Path name : path) {
      // A root bus may be behind a function of another one.
      first =
          name.toString().startsWith("pci")
              ? Optional.empty()
              : first.or(() -> PciAddress.parse(name.toString()));
    }
    return first.filter(bridge -> !bridge.equals(pci));
  }

  private Optional<PciAddress> physfn(PciAddress vf) throws IOException {
    return target(directory(vf).resolve("physfn"));
  }

  private boolean isAt(PciAddress pf, String virtfn, PciAddress vf) throws IOException {
    return target(directory(pf).resolve(virtfn)).filter(vf::equals).isPresent();
  }

  private Optional<String> hostName(PciAddress pci) throws IOException {
    return entries(directory(pci).resolve("net")).stream().findFirst();
  }

  /// The interfaces on the host that are on top of another one there: VLANs, macvlans, its master.
  public List<String> uppersOf(String hostName) throws IOException {
    return entries(InterfaceNames.in(root.resolve("class/net"), hostName)).stream()
        .filter(name -> name.startsWith(UPPER))
        .map(name -> name.substring(UPPER.length()))
        .toList();
  }

  /// How many VFs a function has now; 0 if it is not a PF.
  public int vfCount(PciAddress pci) {
    return number(directory(pci).resolve("sriov_numvfs")).orElse(0);
  }

  /// Whether the interface of a PF on the host has a carrier. One that is administratively down has
  /// none; of a PF without an interface there, nothing is known.
  public Optional<Boolean> carrier(PciAddress pf) throws IOException {
    return uplink(pf)
        .map(uplink ->
            text(InterfaceNames.in(directory(pf).resolve("net"), uplink.name()).resolve("carrier"))
                .equals(Optional.of("1")));
  }

  /// The kernel driver bound to a function.
  public Optional<String> driver(PciAddress pci) throws IOException {
    return linkName(directory(pci).resolve("driver"));
  }

  /// Writes `sriov_numvfs`, as [VfCreation] needs it.
  void writeNumVfs(PciAddress pf, int count) throws IOException {
    Files.writeString(directory(pf).resolve("sriov_numvfs"), Integer.toString(count));
  }

  /// Unbinds a function from this driver.
  ///
  /// @throws IOException with the kernel's message; "No such device" if it has another driver
  public void unbind(PciAddress pci, String driver) throws IOException {
    write(driverDirectory(driver).resolve("unbind"), pci.toString());
  }

  /// Binds a function that has no driver to this one.
  ///
  /// @throws IOException with the kernel's message; if the driver refuses, it is the driver's
  public void bind(PciAddress pci, String driver) throws IOException {
    write(driverDirectory(driver).resolve("bind"), pci.toString());
  }

  /// Binds a function that has no driver to the driver that the kernel chooses, if there is one.
  ///
  /// @throws IOException with the kernel's message
  public void probe(PciAddress pci) throws IOException {
    write(writable().resolve("drivers_probe"), pci.toString());
  }

  private Path driverDirectory(String driver) {
    return writable().resolve("drivers").resolve(driver);
  }

  private Path writable() {
    return Files.isDirectory(PCI_IN_CONTAINER) ? PCI_IN_CONTAINER : root.resolve("bus/pci");
  }

  /// Writes in one call to an existing file: sysfs treats each write as a whole value.
  private static void write(Path file, String word) throws IOException {
    Files.write(file, word.getBytes(StandardCharsets.US_ASCII), StandardOpenOption.WRITE);
  }

  private VfDevice vf(Uplink uplink, int index, PciAddress pci) throws IOException {
    return new VfDevice(new VfRef(uplink.name(), index, pci), uplink, driver(pci), hostName(pci));
  }

  /// The PF's own interface among those of its function.
  public Optional<Uplink> uplink(PciAddress pf) throws IOException {
    Path net = directory(pf).resolve("net");
    for (String name : entries(net)) {
      Optional<String> port = text(InterfaceNames.in(net, name).resolve("phys_port_name"));
      if (port.isEmpty() || UPLINK_PORT.matcher(port.get()).matches()) {
        return number(InterfaceNames.in(net, name).resolve("ifindex"))
            .map(index -> new Uplink(pf, name, index));
      }
    }
    return Optional.empty();
  }

  private List<PciAddress> functions() throws IOException {
    return entries(root.resolve("bus/pci/devices")).stream()
        .map(PciAddress::parse)
        .flatMap(Optional::stream)
        .toList();
  }

  private Path directory(PciAddress pci) {
    return root.resolve("bus/pci/devices").resolve(pci.toString());
  }

  /// The names in a directory, sorted; an empty list if it does not exist.
  private static List<String> entries(Path directory) throws IOException {
    List<String> names = new ArrayList<>();
    try (DirectoryStream<Path> stream = Files.newDirectoryStream(directory)) {
      stream.forEach(entry -> names.add(InterfaceNames.last(entry)));
    } catch (NoSuchFileException | NotDirectoryException _) {
      return List.of();
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
    names.sort(Comparator.naturalOrder());
    return names;
  }

  /// The PCI function at the end of a symbolic link.
  private static Optional<PciAddress> target(Path link) throws IOException {
    return linkName(link).flatMap(PciAddress::parse);
  }

  /// The last name in the target of a symbolic link.
  private static Optional<String> linkName(Path link) throws IOException {
    try {
      return Optional.ofNullable(Files.readSymbolicLink(link).getFileName()).map(Path::toString);
    } catch (NoSuchFileException | NotLinkException _) {
      return Optional.empty();
    } catch (FileSystemException e) {
      // Something on the way to it is no directory, or it cannot be read though it is there.
      if (Files.isSymbolicLink(link)) {
        throw e;
      }
      return Optional.empty();
    }
  }

  /// A file's text without the line end; empty if it does not exist. Some attributes, such as
  /// `phys_port_name`, exist but cannot be read (EOPNOTSUPP); they count as absent too.
  private static Optional<String> text(Path file) {
    try {
      return Optional.of(Files.readString(file).strip()).filter(text -> !text.isEmpty());
    } catch (IOException _) {
      return Optional.empty();
    }
  }

  private static Optional<Integer> number(Path file) {
    try {
      return text(file).map(Integer::decode);
    } catch (NumberFormatException _) {
      return Optional.empty();
    }
  }
}
