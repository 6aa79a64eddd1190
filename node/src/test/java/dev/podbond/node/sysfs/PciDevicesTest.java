package dev.podbond.node.sysfs;

import static dev.podbond.node.sysfs.FakeSysfs.pci;
import static org.assertj.core.api.Assertions.assertThat;

import dev.podbond.bonding.facts.VfRef;
import dev.podbond.bonding.redundancy.PfPlace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PciDevicesTest {
  private static final String PF0 = "0000:01:00.0";
  private static final String PF1 = "0000:02:00.0";

  @TempDir Path root;
  private FakeSysfs sysfs;
  private PciDevices devices;

  @BeforeEach
  void twoPfs() {
    sysfs =
        new FakeSysfs(root)
            .pf(PF0, "pf0", 7)
            .pf(PF1, "pf1", 7)
            .vf(PF0, 0, "0000:01:10.0")
            .vf(PF0, 1, "0000:01:10.2")
            .vf(PF0, 10, "0000:01:11.0")
            .driver("0000:01:10.0", "igbvf")
            .netdev("0000:01:10.0", "pf0vf0")
            .driver("0000:01:10.2", "vfio-pci");
    devices = new PciDevices(root);
  }

  @Test
  void aVfIsFoundWhereItIsNowAndNotWhereItWasBefore() throws IOException {
    assertThat(devices.vf(pci("0000:01:11.0")).orElseThrow().ref().index()).isEqualTo(10);
    Path pf = sysfs.device(PF0);
    Files.move(pf.resolve("virtfn10"), pf.resolve("virtfn3"));
    assertThat(devices.vf(pci("0000:01:11.0")).orElseThrow().ref().index()).isEqualTo(3);
    Files.delete(pf.resolve("virtfn3"));
    assertThat(devices.vf(pci("0000:01:11.0"))).isEmpty();
  }

  @Test
  void pfsAreFoundInTheOrderOfTheirAddresses() throws IOException {
    assertThat(devices.pfs())
        .containsExactly(
            new PfDevice("pf0", pci(PF0), 0x8086, 0x10c9, Optional.of("igb"), 7, 0),
            new PfDevice("pf1", pci(PF1), 0x8086, 0x10c9, Optional.of("igb"), 7, 0));
  }

  @Test
  void aPfIsFoundByItsInterface() throws IOException {
    assertThat(devices.pf("pf1")).map(PfDevice::pci).contains(pci(PF1));
    assertThat(devices.pf("nope")).isEmpty();
    assertThat(devices.pf("pf0vf0")).as("a VF is no PF").isEmpty();
  }

  @Test
  void aVfKnowsItsPfAndTheIndexThatVirtfnGivesIt() throws IOException {
    assertThat(devices.vf(pci("0000:01:11.0")))
        .map(VfDevice::ref)
        .contains(new VfRef("pf0", 10, pci("0000:01:11.0")));
  }

  @Test
  void vfsComeInTheOrderOfTheirIndicesNotOfTheirNames() throws IOException {
    PfDevice pf = devices.pf("pf0").orElseThrow();
    assertThat(devices.vfsOf(pf)).extracting(vf -> vf.ref().index()).containsExactly(0, 1, 10);
  }

  @Test
  void theDriverAndTheHostInterfaceOfAVfAreRead() throws IOException {
    assertThat(devices.vf(pci("0000:01:10.0")).orElseThrow())
        .isEqualTo(
            new VfDevice(
                new VfRef("pf0", 0, pci("0000:01:10.0")),
                new Uplink(pci(PF0), "pf0", 1),
                Optional.of("igbvf"),
                Optional.of("pf0vf0")));
    VfDevice vfio = devices.vf(pci("0000:01:10.2")).orElseThrow();
    assertThat(vfio.driver()).contains("vfio-pci");
    assertThat(vfio.hostName()).isEmpty();
  }

  @Test
  void whatStandsOnALinkAndHowManyVfsItHasIsRead() throws IOException {
    Path net = root.resolve("class/net/pf0");
    Files.createDirectory(net.resolve("upper_pf0.100"));
    Files.createDirectory(net.resolve("upper_mac0"));
    Files.createDirectory(net.resolve("lower_eth9"));
    Files.writeString(root.resolve("bus/pci/devices").resolve(PF1).resolve("sriov_numvfs"), "3\n");

    assertThat(devices.uppersOf("pf0")).containsExactly("mac0", "pf0.100");
    assertThat(devices.uppersOf("pf1")).isEmpty();
    assertThat(devices.uppersOf("nope")).isEmpty();
    assertThat(devices.vfCount(pci(PF0))).isZero();
    assertThat(devices.vfCount(pci(PF1))).isEqualTo(3);
    assertThat(devices.vfCount(pci("0000:01:10.0"))).as("a VF is no PF").isZero();
  }

  @Test
  void whatIsNoVfIsNotFoundAsOne() throws IOException {
    assertThat(devices.vf(pci(PF0))).isEmpty();
    assertThat(devices.vf(pci("0000:ff:00.0"))).isEmpty();
  }

  @Test
  void theUplinkIsToldFromTheRepresentorsBesideIt() throws IOException {
    sysfs
        .pf("0000:03:00.0", "eth9", 4)
        .netdev("0000:03:00.0", "aaa_rep0")
        .portName("0000:03:00.0", "aaa_rep0", "pf0vf0")
        .portName("0000:03:00.0", "eth9", "p0");
    assertThat(devices.pfs())
        .extracting(PfDevice::name)
        .contains("eth9")
        .doesNotContain("aaa_rep0");
  }

  @Test
  void aPfWhoseInterfaceIsElsewhereIsNoPfOfTheHost() throws IOException {
    Files.delete(sysfs.device(PF0).resolve("net/pf0/device"));
    Files.delete(sysfs.device(PF0).resolve("net/pf0/ifindex"));
    Files.delete(sysfs.device(PF0).resolve("net/pf0"));
    assertThat(devices.pfs()).extracting(PfDevice::name).containsExactly("pf1");
    assertThat(devices.vf(pci("0000:01:10.0"))).isEmpty();
  }

  @Test
  void aVfWhosePfHasNoInterfaceIsAVfAllTheSame() throws IOException {
    Files.delete(sysfs.device(PF0).resolve("net/pf0/ifindex"));
    assertThat(devices.vf(pci("0000:01:10.0"))).isEmpty();
    assertThat(devices.isVf(pci("0000:01:10.0"))).isTrue();
    assertThat(devices.isVf(pci(PF0))).isFalse();
    assertThat(devices.isVf(pci("0000:ff:00.0"))).isFalse();
  }

  @Test
  void aPfThatWasRenamedIsTheSameInterface() throws IOException {
    VfDevice before = devices.vf(pci("0000:01:10.0")).orElseThrow();
    sysfs.renamed(PF0, "pf0", "ens9f0");
    VfDevice now = devices.vf(before.pci()).orElseThrow();
    assertThat(now.ref().pf()).isEqualTo("ens9f0");
    assertThat(now.uplink().index()).isEqualTo(before.uplink().index());
    assertThat(devices.pf(pci(PF0))).map(PfDevice::name).contains("ens9f0");
  }

  @Test
  void aNodeWithoutPciHasNoPfs() throws IOException {
    assertThat(new PciDevices(root.resolve("nothing")).pfs()).isEmpty();
  }

  /// Neither text nor Java's paths can express such a name; a shell can. As `bonding_masters`,
  /// which the kernel puts beside the interfaces.
  @Test
  void aFileAmongTheInterfacesHasNoFunction() throws IOException {
    Files.writeString(sysfs.root().resolve("class/net/bonding_masters"), "bond0");
    assertThat(devices.pf("bonding_masters")).isEmpty();
  }

  @Test
  void anInterfaceWhoseNameIsNoUtf8IsFoundUnderIt() throws Exception {
    Process rename =
        new ProcessBuilder(
                "sh",
                "-c",
                "n=$(printf '\\377\\376x'); cd $0 && mv devices/pci0000:00/0000:01:10.0/net/pf0vf0"
                    + " devices/pci0000:00/0000:01:10.0/net/$n && cd class/net && rm pf0vf0 && ln -s"
                    + " ../../devices/pci0000:00/0000:01:10.0/net/$n $n",
                root.toString())
            .inheritIO()
            .start();
    assertThat(rename.waitFor()).isZero();
    String name = "\udcff\udcfex";
    assertThat(devices.vf(pci("0000:01:10.0")).flatMap(VfDevice::hostName)).contains(name);
    assertThat(devices.uppersOf(name)).isEmpty();
  }

  @Test
  void aPlaceHasWhatFunctionAndDriverTell() throws IOException {
    assertThat(devices.place(pci(PF0))).isEqualTo(PfPlace.at(pci(PF0)));
    sysfs.config(
        PF0, 0x100, 0x1401_0001, 0x140, 0x1a01_0003, 0x144, 0xff12_3456, 0x148, 0xb496_91ff);
    sysfs.portFile(PF0, "pf0", "phys_switch_id", "56fb150003a1420c");
    sysfs.portFile(PF0, "pf0", "phys_port_id", "3cfdfe123456");
    assertThat(devices.place(pci(PF0)))
        .isEqualTo(
            new PfPlace(
                pci(PF0),
                Optional.of("b4-96-91-ff-ff-12-34-56"),
                Optional.of("56fb150003a1420c"),
                Optional.of("3cfdfe123456"),
                Optional.empty()));
  }

  /// What a process without rights sees, a device without such a list or that does not answer, and
  /// a list that never ends.
  @Test
  void aSerialNumberThatCannotBeReadIsNotKnown() throws IOException {
    for (int[] words :
        new int[][] {
          {0x3c, 1},
          {0x100, 0},
          {0x100, -1, 0xffc, 0},
          {0x100, 0x1001_0001},
          {0x100, 0x0041_0001},
          {0x100, 0xffc1_0001, 0xffc, 0x0001_0003},
          {0x100, 0x1401_0001, 0x140, 0x0001_0003}
        }) {
      sysfs.config(PF0, words);
      assertThat(devices.place(pci(PF0)).serialNumber()).as(Arrays.toString(words)).isEmpty();
    }
  }

  @Test
  void theRootPortIsTheFirstBridgeOfTheFunctionsOwnRootBus() throws IOException {
    assertThat(devices.place(pci(PF0)).rootPort()).as("at the root itself").isEmpty();
    sysfs.at(PF0, "pci0000:3a/0000:3a:00.0/0000:3b:00.0/0000:3c:01.0");
    assertThat(devices.place(pci(PF0)).rootPort()).contains(pci("0000:3a:00.0"));
    sysfs.at(PF0, "pci0000:00/0000:00:0e.0/pci10000:e0/10000:e0:06.0");
    assertThat(devices.place(pci(PF0)).rootPort()).contains(pci("10000:e0:06.0"));
  }

  @Test
  void thePfOfAFunctionIsThatOfItsPort() throws IOException {
    sysfs.nic("0000:04:00.0", "virtio-pci");
    assertThat(devices.pfOf(pci("0000:01:10.0"))).contains(pci(PF0));
    assertThat(devices.pfOf(pci(PF1))).contains(pci(PF1));
    assertThat(devices.pfOf(pci("0000:04:00.0"))).isEmpty();
    assertThat(devices.pfOf(pci("0000:05:00.0"))).isEmpty();
  }
}
