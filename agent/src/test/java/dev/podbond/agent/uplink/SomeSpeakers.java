package dev.podbond.agent.uplink;

import dev.podbond.bonding.lldp.Heard;
import dev.podbond.bonding.lldp.Lldpdu;
import dev.podbond.node.lldp.LldpReceiver;
import dev.podbond.value.PciAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// Devices that say by LLDP who they are, each once.
public final class SomeSpeakers implements LldpReceiver {
  private final Map<PciAddress, List<Lldpdu>> said = new TreeMap<>();

  volatile boolean stopped = true;

  /// One at the other end of this PF's cable says for how long it will be there.
  void say(PciAddress pf, String chassis, int ttlSeconds) {
    said.computeIfAbsent(pf, _ -> new ArrayList<>()).add(lldpdu(chassis, ttlSeconds));
  }

  /// What a device of this name says.
  public static Lldpdu lldpdu(String chassis, int ttlSeconds) {
    byte[] name = chassis.getBytes(StandardCharsets.UTF_8);
    byte[] frame = new byte[2 + 1 + name.length + 2 + 1 + 1 + 2 + 2];
    frame[0] = 2;
    frame[1] = (byte) (1 + name.length);
    frame[2] = 7;
    System.arraycopy(name, 0, frame, 3, name.length);
    int place = 3 + name.length;
    for (int octet : new int[] {4, 2, 7, '1', 6, 2, ttlSeconds >> 8, ttlSeconds}) {
      frame[place++] = (byte) octet;
    }
    return Lldpdu.parse(frame).orElseThrow();
  }

  @Override
  public Map<PciAddress, Heard> hear(Set<PciAddress> pfs) {
    stopped = false;
    Map<PciAddress, Heard> heard = new TreeMap<>();
    pfs.forEach(pf -> heard.put(pf, new Heard(said.getOrDefault(pf, List.of()), false)));
    said.clear();
    return heard;
  }

  @Override
  public void stop() {
    stopped = true;
    said.clear();
  }
}
