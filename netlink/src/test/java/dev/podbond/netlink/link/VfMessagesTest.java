package dev.podbond.netlink.link;

import static dev.podbond.netlink.link.LinkWire.hex;
import static dev.podbond.netlink.link.LinkWire.read;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.podbond.netlink.HardwareAddress;
import dev.podbond.netlink.Property;
import dev.podbond.netlink.wire.MalformedMessage;
import dev.podbond.netlink.wire.PayloadWriter;
import dev.podbond.value.VfLinkState;
import dev.podbond.value.VfVlan;
import dev.podbond.value.VlanProtocol;
import java.nio.ByteOrder;
import java.util.Optional;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VfMessagesTest {
  /// `struct ifla_vf_mac`, the only part that every driver sends.
  private static final int VF_MAC = 1;

  private static final int VF_VLAN = 2;

  private static byte[] randomBytes(Random random, int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }

  /// A PF with one VF.
  private static void pf(PayloadWriter writer, Consumer<PayloadWriter> vfInfo) {
    LinkHeader.ofIndex(3).writeTo(writer);
    writer.nested(Ifla.VFINFO_LIST, list -> list.nested(1, vfInfo));
  }

  @Test
  void vfChangesAreReadAsVfs() {
    Property.holds(random -> {
      VfVlan vlan =
          new VfVlan(
              random.nextInt(4096), random.nextInt(8), VlanProtocol.values()[random.nextInt(2)]);
      Vf vf =
          new Vf(
              random.nextInt(256),
              HardwareAddress.of(randomBytes(random, 6)),
              vlan,
              new VfRate(random.nextLong(1L << 32), random.nextLong(1L << 32)),
              Optional.of(random.nextBoolean()),
              Optional.of(VfLinkState.values()[random.nextInt(3)]),
              Optional.of(random.nextBoolean()));
      VfChange change =
          VfChange.of(vf.index())
              .address(vf.address())
              .vlan(vlan)
              .rate(vf.rate())
              .spoofCheck(vf.spoofCheck().orElseThrow())
              .linkState(vf.linkState().orElseThrow())
              .trust(vf.trust().orElseThrow());
      Link pf =
          read(w -> {
            LinkHeader.ofIndex(3).writeTo(w);
            w.nested(Ifla.VFINFO_LIST, list -> VfCodec.write(list, change));
          });
      assertThat(pf.vfs()).containsExactly(vf);
      assertThat(pf.vf(vf.index())).contains(vf);
      assertThat(pf.vf(vf.index() + 1)).isEmpty();
    });
  }

  @Test
  void settingsThatADriverLeavesOutAreEmpty() throws MalformedMessage {
    Link pf =
        read(w ->
            pf(
                w,
                info ->
                    info.attribute(VF_MAC, a -> a.putU32(2).putBytes(new byte[32]))
                        .attribute(4, a -> a.putU32(2).putS32(-1))
                        .attribute(9, a -> a.putU32(2).putS32(-1))));
    Vf vf = pf.vf(2).orElseThrow();
    assertThat(vf.spoofCheck()).isEmpty();
    assertThat(vf.trust()).isEmpty();
    assertThat(vf.linkState()).isEmpty();
    assertThat(vf.vlan()).isEqualTo(VfVlan.NONE);
    assertThat(vf.rate()).isEqualTo(VfRate.UNLIMITED);
    assertThat(vf.address()).hasToString("00:00:00:00:00:00");
  }

  @Test
  void aVfInBytes() {
    assumeTrue(ByteOrder.nativeOrder().equals(ByteOrder.LITTLE_ENDIAN));
    assertThat(
            hex(w ->
                VfCodec.write(
                    w, VfChange.of(3).vlan(new VfVlan(100, 5, VlanProtocol.DOT1AD)).trust(true))))
        .isEqualTo(
            // IFLA_VF_INFO (1), nested
            "28000180"
                // IFLA_VF_VLAN_LIST (12), nested
                + "18000c80"
                // IFLA_VF_VLAN_INFO (1): struct ifla_vf_vlan_info of 16 bytes
                + "14000100"
                + "03000000"
                + "64000000"
                + "05000000"
                + "88a8"
                + "0000"
                // IFLA_VF_TRUST (9): struct ifla_vf_trust
                + "0c000900"
                + "03000000"
                + "01000000");
  }

  /// The structure always has room for 32 bytes; the PF's own address tells how many of them count.
  @Test
  void aVfHasAnAddressAsLongAsItsPfs() throws MalformedMessage {
    byte[] infiniband = randomBytes(new Random(1), 20);
    Link pf =
        read(w -> {
          pf(
              w,
              info ->
                  info.attribute(
                      VF_MAC, a -> a.putU32(0).putBytes(infiniband).putBytes(new byte[12])));
          w.attributeBytes(Ifla.ADDRESS, new byte[20]);
        });
    assertThat(pf.vf(0).orElseThrow().address()).isEqualTo(HardwareAddress.of(infiniband));
  }

  @Test
  void theNumberOfAVfIsNeverNegative() throws MalformedMessage {
    assertThat(read(w -> pf(w, info -> numbered(info, 0x7fff_ffffL))).vf(Integer.MAX_VALUE))
        .isPresent();
    assertThatThrownBy(() -> read(w -> pf(w, info -> numbered(info, 0x8000_0000L))))
        .isInstanceOf(MalformedMessage.class)
        .hasMessage("VF number 2147483648");
  }

  private static void numbered(PayloadWriter info, long number) {
    info.attribute(VF_MAC, a -> a.putU32(number).putBytes(new byte[32]));
  }

  @Test
  void anEntryThatIsNotAVfIsIgnored() throws MalformedMessage {
    Link pf =
        read(w -> {
          LinkHeader.ofIndex(3).writeTo(w);
          w.nested(
              Ifla.VFINFO_LIST,
              list ->
                  list.nested(2, info -> numbered(info, 0))
                      .nested(1, info -> {})
                      .nested(1, info -> numbered(info, 1)));
        });
    assertThat(pf.vfs()).extracting(Vf::index).containsExactly(1);
  }

  @ParameterizedTest
  @CsvSource({"0, 0", "1, 7", "4095, 0", "4095, 7"})
  void vlansThatATagCanCarryAreRead(int id, int qos) throws MalformedMessage {
    assertThat(read(w -> pf(w, info -> tagged(info, id, qos))).vf(2))
        .map(Vf::vlan)
        .contains(new VfVlan(id, qos, VlanProtocol.DOT1Q));
  }

  @ParameterizedTest
  @CsvSource({"-1, 0", "4096, 0", "0, -1", "0, 8"})
  void vlansThatNoTagCanCarryAreRefused(int id, int qos) {
    assertThatThrownBy(() -> new VfVlan(id, qos, VlanProtocol.DOT1Q))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("VLAN id %d is not in 0..4095, or priority %d not in 0..7", id, qos);
    assertThatThrownBy(() -> read(w -> pf(w, info -> tagged(info, id, qos))))
        .isInstanceOf(MalformedMessage.class)
        .hasMessageStartingWith("a VF with VLAN ");
  }

  private static void tagged(PayloadWriter info, int id, int qos) {
    numbered(info, 2);
    info.attribute(VF_VLAN, a -> a.putU32(2).putS32(id).putS32(qos));
  }

  @Test
  void aChangeOfAVfSaysWhatItDoes() {
    assertThat(VfChange.of(2).trust(true).spoofCheck(false))
        .hasToString("VF 2: spoof check off, trust on");
    assertThat(
            VfChange.of(0)
                .address(HardwareAddress.parse("02:00:00:00:00:01"))
                .vlan(new VfVlan(100, 5, VlanProtocol.DOT1Q))
                .rate(new VfRate(10, 1000))
                .spoofCheck(true)
                .linkState(VfLinkState.ENABLE)
                .trust(false))
        .hasToString(
            "VF 0: address 02:00:00:00:00:01, VLAN 100 priority 5, rate 10 to 1000 Mbit/s, "
                + "spoof check on, link state enable, trust off");
  }
}
