package dev.podbond.plugins.verb;

import dev.podbond.cni.exec.Ipam;
import dev.podbond.cni.plugin.NetworkInvocation;
import dev.podbond.cni.spec.CniErrorCode;
import dev.podbond.cni.spec.CniException;
import dev.podbond.plugins.ipam.ConfiguredIpam;
import dev.podbond.plugins.node.NodeEnvironment;
import dev.podbond.value.IoReason;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// STATUS: could the plugin serve an ADD now? It checks driver, privileges and IPAM and touches
/// nothing.
public final class Status {
  private static final int CAP_NET_ADMIN = 12;
  private static final int CAP_SYS_ADMIN = 21;

  private final NodeEnvironment node;
  private final String plugin;

  /// For one call.
  public Status(NodeEnvironment node, String plugin) {
    this.node = node;
    this.plugin = plugin;
  }

  /// Checks whether the plugin can work.
  ///
  /// @throws CniException with code 50 (CNI spec, "Error") naming what is missing
  public void run(NetworkInvocation call) throws CniException {
    requireCapability(CAP_NET_ADMIN, "CAP_NET_ADMIN", "to change links");
    requireCapability(CAP_SYS_ADMIN, "CAP_SYS_ADMIN", "to enter the pod's network namespace");
    if (plugin.equals("bond") && !hasBondingDriver()) {
      throw new CniException(
          CniErrorCode.NOT_AVAILABLE,
          "this kernel has no bonding driver: neither "
              + node.sysfs().resolve("module/bonding")
              + " nor a module bonding for the running kernel exists; install the kernel's modules");
    }
    Optional<Ipam> ipam = ConfiguredIpam.asked(call.config(), node.ipam());
    if (ipam.isPresent()) {
      ipam.get().status(call);
    }
  }

  private static void requireCapability(int bit, String name, String purpose) throws CniException {
    try (Stream<String> lines = Files.lines(Path.of("/proc/self/status"))) {
      boolean has =
          lines
              .filter(line -> line.startsWith("CapEff:"))
              .map(line -> new BigInteger(line.substring("CapEff:".length()).strip(), 16))
              .anyMatch(effective -> effective.testBit(bit));
      if (!has) {
        throw new CniException(
            CniErrorCode.NOT_AVAILABLE, "the plugin lacks " + name + ", which it needs " + purpose);
      }
    } catch (IOException e) {
      throw new CniException(
          CniErrorCode.NOT_AVAILABLE,
          "cannot read the plugin's own capabilities: " + IoReason.withFile(e),
          e);
    }
  }

  /// Whether the bonding driver is loaded, or the kernel can load it for the first bond.
  private boolean hasBondingDriver() throws CniException {
    if (Files.exists(node.sysfs().resolve("module/bonding"))) {
      return true;
    }
    try {
      String release = Files.readString(Path.of("/proc/sys/kernel/osrelease")).strip();
      for (String index : List.of("modules.dep", "modules.builtin")) {
        Path file = Path.of("/lib/modules", release, index);
        if (Files.exists(file)) {
          try (Stream<String> lines = Files.lines(file)) {
            if (lines.anyMatch(line -> line.contains("/bonding.ko"))) {
              return true;
            }
          }
        }
      }
      return false;
    } catch (IOException e) {
      throw new CniException(
          CniErrorCode.NOT_AVAILABLE,
          "cannot tell whether the bonding driver can be loaded: " + IoReason.withFile(e),
          e);
    }
  }
}
