package dev.podbond.node.lldp;

import dev.podbond.bonding.lldp.Heard;
import dev.podbond.value.PciAddress;
import java.util.Map;
import java.util.Set;

/// Hears what others say by LLDP, and says nothing itself.
public interface LldpReceiver {
  /// What was heard on each of these PFs since this was last asked. Nobody is waited for, and
  /// nobody listens on another PF any more. One on which nobody can listen is not among them.
  Map<PciAddress, Heard> hear(Set<PciAddress> pfs);

  /// From now on nobody listens, until somebody asks again.
  void stop();
}
