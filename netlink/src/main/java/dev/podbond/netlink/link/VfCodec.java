package dev.podbond.netlink.link;

import dev.podbond.netlink.HardwareAddress;
import dev.podbond.netlink.wire.Attribute;
import dev.podbond.netlink.wire.Attributes;
import dev.podbond.netlink.wire.MalformedMessage;
import dev.podbond.netlink.wire.Payload;
import dev.podbond.netlink.wire.PayloadWriter;
import dev.podbond.value.VfLinkState;
import dev.podbond.value.VfVlan;
import dev.podbond.value.VlanProtocol;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// `IFLA_VFINFO_LIST`: a list of `IFLA_VF_INFO`. Each holds structures that start with the VF's
/// number.
final class VfCodec {
  private static final int VF_INFO = 1;

  private static final int MAC = 1;
  private static final int VLAN = 2;
  private static final int SPOOFCHK = 4;
  private static final int LINK_STATE = 5;
  private static final int RATE = 6;
  private static final int TRUST = 9;
  private static final int VLAN_LIST = 12;
  private static final int VLAN_INFO = 1;

  /// The offset of the first value in each structure, after the VF's number.
  private static final int FIRST = 4;

  private static final int SECOND = 8;
  private static final int THIRD = 12;

  /// The kernel presets a setting to -1. A driver that does not support the setting leaves that
  /// value.
  private static final long UNSUPPORTED = 0xffff_ffffL;

  private VfCodec() {}

  /// @param addressLength the length of the PF's own address in bytes: the VF's is as long, but
  ///   `struct ifla_vf_mac` always has 32 bytes
  static List<Vf> parse(Attributes list, int addressLength) throws MalformedMessage {
    List<Vf> vfs = new ArrayList<>();
    for (Attribute entry : list) {
      if (entry.type() == VF_INFO) {
        Optional<Vf> vf = parseOne(entry.nested(), addressLength);
        vf.ifPresent(vfs::add);
      }
    }
    return List.copyOf(vfs);
  }

  private static Optional<Vf> parseOne(Attributes info, int addressLength) throws MalformedMessage {
    Optional<Attribute> mac = info.find(MAC);
    if (mac.isEmpty()) {
      return Optional.empty();
    }
    Payload address = mac.get().value();
    long index = address.u32(0);
    if (index > Integer.MAX_VALUE) {
      throw new MalformedMessage("VF number " + index);
    }
    int length = Math.max(1, Math.min(addressLength, HardwareAddress.MAX_LENGTH));
    return Optional.of(
        new Vf(
            (int) index,
            HardwareAddress.of(address.bytes(FIRST, length)),
            vlan(info),
            rate(info),
            onOff(info, SPOOFCHK),
            linkState(info),
            onOff(info, TRUST)));
  }

  private static VfVlan vlan(Attributes info) throws MalformedMessage {
    Optional<Attribute> listed = info.nested(VLAN_LIST).find(VLAN_INFO);
    if (listed.isPresent()) {
      Payload value = listed.get().value();
      VlanProtocol protocol = VlanProtocol.of(value.be16(THIRD)).orElse(VlanProtocol.DOT1Q);
      return vlan(value.u32(FIRST), value.u32(SECOND), protocol);
    }
    Optional<Attribute> plain = info.find(VLAN);
    if (plain.isPresent()) {
      Payload value = plain.get().value();
      return vlan(value.u32(FIRST), value.u32(SECOND), VlanProtocol.DOT1Q);
    }
    return VfVlan.NONE;
  }

  private static VfVlan vlan(long id, long qos, VlanProtocol protocol) throws MalformedMessage {
    try {
      return new VfVlan(Math.toIntExact(id), Math.toIntExact(qos), protocol);
    } catch (IllegalArgumentException | ArithmeticException e) {
      throw new MalformedMessage("a VF with VLAN %d and priority %d".formatted(id, qos));
    }
  }

  private static VfRate rate(Attributes info) throws MalformedMessage {
    Optional<Attribute> rate = info.find(RATE);
    if (rate.isEmpty()) {
      return VfRate.UNLIMITED;
    }
    Payload value = rate.get().value();
    return new VfRate(value.u32(FIRST), value.u32(SECOND));
  }

  private static Optional<Boolean> onOff(Attributes info, int type) throws MalformedMessage {
    Optional<Attribute> setting = info.find(type);
    if (setting.isEmpty()) {
      return Optional.empty();
    }
    long value = setting.get().value().u32(FIRST);
    return value == UNSUPPORTED ? Optional.empty() : Optional.of(value != 0);
  }

  private static Optional<VfLinkState> linkState(Attributes info) throws MalformedMessage {
    Optional<Attribute> state = info.find(LINK_STATE);
    return state.isEmpty() ? Optional.empty() : VfLinkState.of(state.get().value().u32(FIRST));
  }

  static void write(PayloadWriter list, VfChange change) {
    list.nested(VF_INFO, info -> writeInfo(info, change));
  }

  private static void writeInfo(PayloadWriter info, VfChange change) {
    int vf = change.index();
    change
        .address()
        .ifPresent(mac ->
            info.attribute(
                MAC,
                w ->
                    w.putU32(vf)
                        .putBytes(Arrays.copyOf(mac.toBytes(), HardwareAddress.MAX_LENGTH))));
    change.vlan().ifPresent(vlan -> writeVlan(info, vf, vlan));
    change
        .rate()
        .ifPresent(rate ->
            info.attribute(RATE, w -> w.putU32(vf).putU32(rate.minMbps()).putU32(rate.maxMbps())));
    change.spoofCheck().ifPresent(on -> writeSetting(info, SPOOFCHK, vf, on ? 1 : 0));
    change.linkState().ifPresent(state -> writeSetting(info, LINK_STATE, vf, state.number()));
    change.trust().ifPresent(on -> writeSetting(info, TRUST, vf, on ? 1 : 0));
  }

  private static void writeVlan(PayloadWriter info, int vf, VfVlan vlan) {
    switch (vlan.protocol()) {
      case DOT1Q -> info.attribute(VLAN, w -> w.putU32(vf).putU32(vlan.id()).putU32(vlan.qos()));
      case DOT1AD ->
          info.nested(
              VLAN_LIST,
              list ->
                  list.attribute(
                      VLAN_INFO,
                      w ->
                          w.putU32(vf)
                              .putU32(vlan.id())
                              .putU32(vlan.qos())
                              .putBe16(vlan.protocol().etherType())
                              .pad()));
    }
  }

  private static void writeSetting(PayloadWriter info, int type, int vf, int value) {
    info.attribute(type, w -> w.putU32(vf).putU32(value));
  }
}
