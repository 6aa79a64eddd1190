package dev.podbond.bonding.model;

import dev.podbond.bonding.facts.VfRef;
import dev.podbond.bonding.facts.VfSetting;
import dev.podbond.bonding.facts.VfSettings;
import dev.podbond.value.MacAddress;
import dev.podbond.value.PciAddress;
import dev.podbond.value.VfLinkState;
import dev.podbond.value.VfVlan;
import dev.podbond.value.VlanProtocol;
import java.util.Optional;

/// One VF of the model: what its PF knows of it, and how its driver treats MACs.
final class ModelVf {
  VfRef ref;
  final NicFamily family;
  final Optional<String> driver;

  /// Whether an administrator has set its MAC; after that only a trusted VF may change it.
  boolean isLocked;

  /// The MAC that the PF holds for it and reports; zero if not set.
  MacAddress pfMac = MacAddress.ZERO;

  /// igbvf's `perm_addr`: the PF's MAC as of the last reset.
  MacAddress resetMac = MacAddress.ZERO;

  VfVlan vlan = VfVlan.NONE;
  int minTxRateMbps;
  int maxTxRateMbps;
  boolean spoofCheck = true;
  boolean trust;
  VfLinkState linkState = VfLinkState.AUTO;

  ModelVf(VfRef ref, NicFamily family, Optional<String> driver) {
    this.ref = ref;
    this.family = family;
    this.driver = driver;
  }

  PciAddress pci() {
    return ref.pci();
  }

  VfSettings settings() {
    return VfSettings.NONE
        .with(VfSetting.ADMIN_MAC, pfMac)
        .with(VfSetting.VLAN, vlan)
        .with(VfSetting.MIN_TX_RATE_MBPS, minTxRateMbps)
        .with(VfSetting.MAX_TX_RATE_MBPS, maxTxRateMbps)
        .with(VfSetting.SPOOF_CHECK, spoofCheck)
        .with(VfSetting.TRUST, trust)
        .with(VfSetting.LINK_STATE, linkState);
  }

  /// Whether the PF refuses this setting.
  boolean refuses(VfSettings asked) {
    return family == NicFamily.IGB
        && (asked.linkState().isPresent()
            || asked.minTxRateMbps().orElse(0) != 0
            || asked.vlan().filter(vlan -> vlan.protocol() == VlanProtocol.DOT1AD).isPresent());
  }

  void set(VfSettings asked, Optional<ModelLink> link) {
    asked.vlan().ifPresent(value -> vlan = value);
    asked.minTxRateMbps().ifPresent(value -> minTxRateMbps = value);
    asked.maxTxRateMbps().ifPresent(value -> maxTxRateMbps = value);
    asked.spoofCheck().ifPresent(value -> spoofCheck = value);
    asked.trust().ifPresent(value -> trust = value);
    asked.linkState().ifPresent(value -> linkState = value);
    asked
        .adminMac()
        .ifPresent(mac -> {
          pfMac = mac;
          isLocked = !mac.isZero();
          if (family == NicFamily.RESETTING && isLocked) {
            link.ifPresent(netdev -> netdev.mac = mac);
          }
        });
  }

  /// The VF's driver asks its PF for a MAC.
  ///
  /// @return whether the PF agrees
  boolean accepts(MacAddress mac) {
    if (isLocked && !trust) {
      return mac.equals(family == NicFamily.IGB ? resetMac : pfMac);
    }
    if (family == NicFamily.IGB) {
      pfMac = mac;
    }
    return true;
  }

  /// igbvf resets the VF when the link goes down, and the VF then has the PF's MAC; if the PF has
  /// none, the VF tells the PF its own.
  void goneDown(ModelLink link) {
    if (family != NicFamily.IGB) {
      return;
    }
    resetMac = pfMac;
    if (pfMac.isZero()) {
      pfMac = link.mac;
    } else {
      link.mac = pfMac;
    }
  }

  /// Its driver has just bound it. A PF of igb forgets a MAC that only the VF chose
  /// (`igb_vf_reset_event`); without a MAC from its PF the VF makes one up.
  ///
  /// @return the MAC of its interface
  MacAddress probed(RandomMacs macs) {
    if (family == NicFamily.IGB && !isLocked) {
      pfMac = MacAddress.ZERO;
    }
    resetMac = pfMac;
    return pfMac.isZero() ? macs.next() : pfMac;
  }

  String state() {
    return ref + ": " + settings();
  }
}
