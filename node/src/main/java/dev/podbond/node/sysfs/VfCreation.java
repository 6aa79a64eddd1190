package dev.podbond.node.sysfs;

import dev.podbond.bonding.change.Change;
import dev.podbond.bonding.change.ChangeFailedException;
import dev.podbond.bonding.change.Kernel;
import dev.podbond.bonding.net.LinkRef;
import dev.podbond.node.wait.Polling;
import dev.podbond.value.IoReason;
import dev.podbond.value.PciAddress;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/// Makes a PF have a given number of VFs.
public final class VfCreation {
  /// How long the VFs' drivers may take until each VF has its network interface.
  private static final Duration PROBE_LIMIT = Duration.ofSeconds(10);

  private final PciDevices devices;
  private final Kernel kernel;
  private final Predicate<PciAddress> claimed;
  private final Polling polling;

  /// @param claimed whether a VF belongs to a pod, in addition to what sysfs shows
  public VfCreation(
      PciDevices devices, Kernel kernel, Predicate<PciAddress> claimed, Polling polling) {
    this.devices = devices;
    this.kernel = kernel;
    this.claimed = claimed;
    this.polling = polling;
  }

  /// Gives a PF exactly `count` VFs; does nothing if it has them. The PF is identified by its
  /// address, since names change hands.
  ///
  /// The PF is set up first: a VF whose driver binds while its PF is down gets no MAC from it and
  /// stays in reset. The kernel changes the number only from zero (EBUSY otherwise). So all VFs of
  /// the PF are created anew, and none of them may be in use.
  ///
  /// @return the PF's VFs
  public List<VfDevice> create(PciAddress address, int count) throws VfCreationException {
    try {
      PfDevice pf =
          devices
              .pf(address)
              .orElseThrow(() ->
                  new VfCreationException(
                      "cannot make VFs on "
                          + address
                          + ": there is no PF with a network interface on the host at this"
                          + " address; enable SR-IOV in the firmware and see that its driver is"
                          + " loaded"));
      if (count < 0 || count > pf.totalVfs()) {
        throw new VfCreationException(
            "cannot make " + count + " VFs on " + pf + ": it offers 0 to " + pf.totalVfs());
      }
      if (pf.numVfs() != count) {
        change(pf, count);
      }
      return devices.vfsOf(pf);
    } catch (IOException e) {
      throw new VfCreationException(
          "cannot read the VFs of " + address + ": " + IoReason.withFile(e), e);
    }
  }

  private void change(PfDevice pf, int count) throws VfCreationException, IOException {
    List<VfDevice> busy = devices.vfsOf(pf).stream().filter(this::isInUse).toList();
    if (!busy.isEmpty()) {
      throw new VfCreationException(
          "cannot change "
              + pf
              + " from "
              + pf.numVfs()
              + " to "
              + count
              + " VFs: that deletes all of them, and these are in use: "
              + busy.stream().map(vf -> vf.ref().toString()).collect(Collectors.joining(", "))
              + "; delete the pods that have them first");
    }
    try {
      kernel.apply(new Change.SetAdminState(LinkRef.host(pf.name()), true));
    } catch (ChangeFailedException e) {
      throw new VfCreationException("cannot make VFs on " + pf + ": " + e.getMessage(), e);
    }
    write(pf, 0);
    if (count > 0) {
      write(pf, count);
      awaitDrivers(pf, count);
    }
  }

  private void write(PfDevice pf, int count) throws VfCreationException {
    try {
      devices.writeNumVfs(pf.pci(), count);
    } catch (IOException e) {
      throw new VfCreationException(
          "the driver of "
              + pf
              + " refused "
              + count
              + " VFs: "
              + IoReason.of(e)
              + "; the kernel log says more",
          e);
    }
  }

  private void awaitDrivers(PfDevice pf, int count) throws VfCreationException, IOException {
    boolean ready =
        polling.until(
            () -> {
              List<VfDevice> vfs = devices.vfsOf(pf);
              return vfs.size() == count
                  && vfs.stream().allMatch(vf -> vf.driver().isEmpty() || hasInterface(vf));
            },
            PROBE_LIMIT);
    if (!ready) {
      throw new VfCreationException(
          pf
              + " was told to have "
              + count
              + " VFs, but after "
              + PROBE_LIMIT.toSeconds()
              + " s not all of them have a network interface; the kernel log says more");
    }
  }

  /// A VF is in use if it is claimed, if it is in some pod (a network driver is bound, but the host
  /// sees no interface) or if user space drives it.
  private boolean isInUse(VfDevice vf) {
    return claimed.test(vf.pci()) || (vf.driver().isPresent() && !hasInterface(vf));
  }

  private static boolean hasInterface(VfDevice vf) {
    return vf.hostName().isPresent();
  }
}
