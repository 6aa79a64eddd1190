package dev.podbond.node.observe;

import static dev.podbond.node.sysfs.FakeSysfs.pci;
import static org.assertj.core.api.Assertions.assertThat;

import dev.podbond.bonding.redundancy.PfPlace;
import dev.podbond.bonding.state.ConfiguredMember;
import dev.podbond.bonding.state.ConfiguredMember.Pf;
import dev.podbond.node.sysfs.FakeSysfs;
import dev.podbond.node.sysfs.PciDevices;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What the node's PCI bus says of a bond's members.
final class MemberHardwareTest {
  private static final String PF = "0000:01:00.0";
  private static final String VF = "0000:01:10.0";

  @TempDir Path root;

  private static ConfiguredMember member(String name, Optional<String> pci, Optional<Pf> pf) {
    return new ConfiguredMember(name, pci.map(FakeSysfs::pci), pf, Optional.empty());
  }

  private MemberHardware hardware() {
    new FakeSysfs(root).pf(PF, "ens1f0", 7).vf(PF, 0, VF).driver(VF, "igbvf");
    return new MemberHardware(new PciDevices(root));
  }

  @Test
  void theVfOfAnyAttachmentIsFoundByItsFunction() {
    assertThat(hardware().of(member("net1", Optional.of(VF), Optional.empty())))
        .isEqualTo(
            new ConfiguredMember(
                "net1",
                Optional.of(pci(VF)),
                Optional.of(new Pf("ens1f0", Optional.of(pci(PF)))),
                Optional.of("igbvf"),
                Optional.of(PfPlace.at(pci(PF)))));
  }

  @Test
  void onlyOfPfsAndTheirVfsItIsKnownWhereTheirPortIs() {
    MemberHardware hardware = hardware();
    new FakeSysfs(root).vf(PF, 1, "0000:01:10.2").nic("0000:04:00.0", "virtio-pci");
    assertThat(place(hardware, PF)).isEqualTo(place(hardware, VF)).isPresent();
    assertThat(place(hardware, "0000:04:00.0")).isEmpty();
    assertThat(hardware.of(member("net1", Optional.empty(), Optional.empty())).place()).isEmpty();
  }

  private static Optional<PfPlace> place(MemberHardware hardware, String pci) {
    return hardware.of(member("net1", Optional.of(pci), Optional.empty())).place();
  }

  /// As while its driver is being bound anew, or when the PF's interface is gone.
  @Test
  void ofWhatIsNotThereTheRecordIsBelieved() {
    Optional<Pf> recorded = Optional.of(new Pf("old0", Optional.empty()));
    ConfiguredMember gone = member("net1", Optional.of("0000:07:10.0"), recorded);
    ConfiguredMember virtual = member("net2", Optional.empty(), Optional.empty());
    MemberHardware hardware = hardware();
    assertThat(hardware.of(gone)).isEqualTo(gone);
    assertThat(hardware.of(virtual)).isEqualTo(virtual);
  }

  @Test
  void aPfHasACarrierOrNoneOrItIsNotKnown() throws Exception {
    MemberHardware hardware = hardware();
    Path carrier = new FakeSysfs(root).device(PF).resolve("net/ens1f0/carrier");
    assertThat(hardware.carrier(pci(PF))).as("down, where reading fails").contains(false);
    Files.writeString(carrier, "1\n");
    assertThat(hardware.carrier(pci(PF))).contains(true);
    Files.writeString(carrier, "0\n");
    assertThat(hardware.carrier(pci(PF))).contains(false);
    assertThat(hardware.carrier(pci("0000:07:00.0"))).isEmpty();
  }

  /// Each read of a configuration space is one of the device.
  @Test
  void thePlaceOfAPfIsReadOnceAndAgainForAnotherCard() {
    MemberHardware hardware = hardware();
    FakeSysfs sysfs = new FakeSysfs(root);
    sysfs.config(PF, 0x100, 0x0001_0003, 0x104, 0x2222_2222, 0x108, 0x1111_1111);
    Optional<PfPlace> first = place(hardware, VF);
    assertThat(first.flatMap(PfPlace::serialNumber)).contains("11-11-11-11-22-22-22-22");
    sysfs.config(PF, 0x100, 0x0001_0003, 0x104, 0x3333_3333, 0x108, 0x1111_1111);
    assertThat(place(hardware, VF)).isEqualTo(first);
    sysfs.replaced(PF, "ens1f0");
    assertThat(place(hardware, VF).flatMap(PfPlace::serialNumber))
        .contains("11-11-11-11-33-33-33-33");
  }
}
