package dev.podbond.cli.apply;

import dev.podbond.cli.machine.MachineException;
import dev.podbond.cli.machine.VfState;
import dev.podbond.cli.store.StoreException;
import dev.podbond.cluster.object.ObjectKey;
import dev.podbond.node.sysfs.PfDevice;
import dev.podbond.value.PciAddress;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Which VFs are unavailable, and whose they are.
final class VfsInUse {
  private VfsInUse() {}

  /// All VFs in use: by our pods, by others through any CNI plugin, or by the host itself.
  static Set<PciAddress> taken(ApplyContext context) throws StoreException, MachineException {
    Set<PciAddress> taken = new HashSet<>(context.holders().keySet());
    for (PfDevice pf : context.pfDevices()) {
      context.machine().vfsOf(pf).stream()
          .filter(VfState::isInUse)
          .map(VfState::pci)
          .forEach(taken::add);
    }
    return taken;
  }

  /// Refuses a change that would delete VFs in use.
  static void requireFree(ApplyContext context, PfDevice pf, String purpose)
      throws MachineException {
    List<String> holders = new ArrayList<>();
    try {
      Map<PciAddress, ObjectKey> pods = context.holders();
      for (VfState vf : context.machine().vfsOf(pf)) {
        if (pods.containsKey(vf.pci())) {
          holders.add(pods.get(vf.pci()) + " has " + vf.pci());
        } else if (vf.hostUse().isPresent()) {
          holders.add(
              "the host uses "
                  + vf.device().hostName().orElse("")
                  + " ("
                  + vf.pci()
                  + "): "
                  + vf.hostUse().get());
        } else if (vf.isInUse()) {
          holders.add("somebody else has " + vf.pci());
        }
      }
    } catch (StoreException e) {
      throw new MachineException(String.valueOf(e.getMessage()), e);
    }
    if (!holders.isEmpty()) {
      throw new MachineException(
          "cannot "
              + purpose
              + ": that deletes all VFs of "
              + pf
              + ", and "
              + String.join(", ", holders)
              + "; delete those pods first, or free what the host uses");
    }
  }
}
