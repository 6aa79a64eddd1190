package dev.podbond.plugins.attachment;

import dev.podbond.bonding.attachment.Attachment;
import dev.podbond.bonding.config.BondConfig;
import dev.podbond.bonding.config.CniIfname;
import dev.podbond.bonding.config.InvalidConfigException;
import dev.podbond.bonding.config.NameWish;
import dev.podbond.bonding.config.NodeSettings;
import dev.podbond.bonding.config.PodNetworks;
import dev.podbond.bonding.config.SriovConfig;
import dev.podbond.bonding.config.VlanConfig;
import dev.podbond.cni.plugin.Invocation;
import dev.podbond.cni.spec.CniArgs;
import dev.podbond.cni.spec.CniErrorCode;
import dev.podbond.cni.spec.CniException;
import dev.podbond.json.JsonObject;
import java.util.Optional;

/// Reads what a call wants. The two plugins differ in nothing else.
@FunctionalInterface
public interface SpecReader {
  /// The `bond` plugin: a bond, or a VLAN on one that is there.
  SpecReader BOND =
      (config, mac, ifname, networks, settings) -> {
        if (VlanConfig.isOne(config)) {
          return new VlanSpec(
              VlanConfig.parse(config, mac).under(settings), CniIfname.require(ifname));
        }
        BondConfig bond = BondConfig.parse(config, mac).under(settings);
        return BondSpec.of(bond, NameWish.of(config, ifname, bond.ifname(), networks));
      };

  /// The `sriov` plugin.
  SpecReader SRIOV =
      (config, mac, ifname, _, settings) ->
          new VfSpec(SriovConfig.parse(config, mac).under(settings), CniIfname.require(ifname));

  /// The reader for a plugin's type; empty for a type that is not ours.
  static Optional<SpecReader> of(String type) {
    return switch (type) {
      case "bond" -> Optional.of(BOND);
      case "sriov" -> Optional.of(SRIOV);
      default -> Optional.empty();
    };
  }

  /// What a configuration wants.
  ///
  /// @param mac the value of `MAC` in CNI_ARGS
  /// @param networks what is known of the pod's networks
  AttachmentSpec read(
      JsonObject config,
      Optional<String> mac,
      String ifname,
      PodNetworks networks,
      NodeSettings settings)
      throws InvalidConfigException;

  /// What a recorded attachment was made from.
  ///
  /// @throws CniException if the record is damaged
  default AttachmentSpec read(Attachment record, CniArgs args, NodeSettings settings)
      throws CniException {
    try {
      return read(
              record.config(),
              args.get("MAC"),
              record.key().ifname(),
              PodNetworks.UNKNOWN,
              settings)
          .named(record);
    } catch (InvalidConfigException e) {
      throw new CniException(
          CniErrorCode.INTERNAL,
          "the record of " + record.key() + " is damaged: " + e.getMessage(),
          e);
    }
  }

  /// What an invocation wants.
  default AttachmentSpec read(Invocation call, NodeSettings settings)
      throws InvalidConfigException {
    return read(
        call.config().json(),
        call.args().get("MAC"),
        call.ifname(),
        MultusNetworks.of(call, settings),
        settings);
  }
}
