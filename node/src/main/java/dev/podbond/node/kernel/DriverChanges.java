package dev.podbond.node.kernel;

import dev.podbond.bonding.change.Change;
import dev.podbond.bonding.facts.VfRef;
import dev.podbond.node.sysfs.PciDevices;
import dev.podbond.node.sysfs.VfDevice;
import dev.podbond.node.wait.Polling;
import dev.podbond.value.IoReason;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/// Unbinds VFs from their drivers and binds them again through sysfs; see
/// Documentation/ABI/testing/sysfs-bus-pci of the kernel.
final class DriverChanges {
  /// Drivers make a VF's interface in a fraction of a second. iavf first talks to its PF, and asks
  /// again if the PF is busy.
  private static final Duration INTERFACE_LIMIT = Duration.ofSeconds(10);

  /// A driver may be unable to take a VF back immediately after it released it.
  private static final Duration BIND_LIMIT = Duration.ofSeconds(2);

  private final PciDevices devices;
  private final Polling polling;

  DriverChanges(PciDevices devices, Polling polling) {
    this.devices = devices;
    this.polling = polling;
  }

  /// Refuses if the function is no longer this VF. After the unbind it retries the bind before it
  /// reports a failure: a VF without a driver is useless.
  void apply(Change.Rebind rebind) throws Refusal {
    VfRef vf = rebind.vf();
    try {
      Optional<VfDevice> found = devices.vf(vf.pci());
      if (found.isEmpty() && !devices.isVf(vf.pci())) {
        throw new Refusal("ENODEV", "there is no VF at " + vf.pci() + " any more");
      }
      if (found.filter(device -> device.ref().index() == vf.index()).isEmpty()) {
        throw new Refusal(
            "EIO", "its PF has no network interface on the host now, or other VFs than before");
      }
      rebind(vf, devices.driver(vf.pci()));
    } catch (IOException e) {
      throw new Refusal("EIO", "cannot read its device: " + IoReason.withFile(e));
    }
  }

  private void rebind(VfRef vf, Optional<String> driver) throws Refusal, IOException {
    if (driver.isEmpty()) {
      probe(vf);
    } else {
      unbind(vf, driver.get());
      bind(vf, driver.get());
    }
    if (!polling.until(() -> hasInterface(vf), INTERFACE_LIMIT)) {
      throw new Refusal(
          "EIO",
          "its driver has made no network interface within "
              + INTERFACE_LIMIT.toSeconds()
              + " s; the kernel's log says why"
              + driver.map(name -> byHand(vf, name)).orElse(""));
    }
  }

  private boolean hasInterface(VfRef vf) throws IOException {
    return devices.vf(vf.pci()).flatMap(VfDevice::hostName).isPresent();
  }

  private void unbind(VfRef vf, String driver) throws Refusal {
    try {
      devices.unbind(vf.pci(), driver);
    } catch (IOException e) {
      throw new Refusal(
          "EIO",
          "its driver "
              + driver
              + " could not be unbound ("
              + IoReason.of(e)
              + ")"
              + byHand(vf, driver));
    }
  }

  private void bind(VfRef vf, String driver) throws Refusal {
    Attempt attempt = new Attempt(vf, driver);
    boolean isBound = polling.until(attempt::succeeds, BIND_LIMIT);
    if (!isBound) {
      throw new Refusal(
          "EIO",
          "its driver "
              + driver
              + " let go of it and does not take it back ("
              + attempt.failure
              + ")"
              + byHand(vf, driver));
    }
  }

  /// Binds a VF without a driver: an earlier process was killed between unbind and bind.
  private void probe(VfRef vf) throws Refusal, IOException {
    try {
      devices.probe(vf.pci());
    } catch (IOException e) {
      throw new Refusal(
          "EIO",
          "it has no driver, and the kernel could not be asked for one ("
              + IoReason.of(e)
              + "); as root: echo "
              + vf.pci()
              + " > /sys/bus/pci/drivers_probe");
    }
    if (devices.driver(vf.pci()).isEmpty()) {
      throw new Refusal(
          "EIO", "it has no driver, and the kernel has none for it: is its module loaded?");
    }
  }

  private String byHand(VfRef vf, String driver) {
    String directory = " > /sys/bus/pci/drivers/" + driver;
    String echo = "echo " + vf.pci();
    return "; as root: " + echo + directory + "/unbind; " + echo + directory + "/bind";
  }

  /// Retries one request.
  private final class Attempt {
    private final VfRef vf;
    private final String driver;
    private String failure = "";

    Attempt(VfRef vf, String driver) {
      this.vf = vf;
      this.driver = driver;
    }

    boolean succeeds() {
      try {
        devices.bind(vf.pci(), driver);
        return true;
      } catch (IOException e) {
        failure = IoReason.of(e);
        return false;
      }
    }
  }
}
