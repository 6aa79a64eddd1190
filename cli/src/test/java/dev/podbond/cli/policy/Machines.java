package dev.podbond.cli.policy;

import dev.podbond.bonding.facts.VfRef;
import dev.podbond.cluster.object.Kind;
import dev.podbond.cluster.object.NicSelector;
import dev.podbond.cluster.object.NodePolicy;
import dev.podbond.cluster.object.ObjectKey;
import dev.podbond.cluster.object.PfName;
import dev.podbond.cluster.source.Position;
import dev.podbond.json.JsonObject;
import dev.podbond.node.sysfs.PfDevice;
import dev.podbond.node.sysfs.Uplink;
import dev.podbond.node.sysfs.VfDevice;
import dev.podbond.value.PciAddress;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// PFs, VFs and policies for tests.
public final class Machines {
  private Machines() {}

  /// PF `pf<n>`, an Intel 82576, with up to 7 VFs.
  public static PfDevice pf(int n, int numVfs) {
    return new PfDevice(
        "pf" + n, new PciAddress(0, n + 1, 0, 0), 0x8086, 0x10c9, Optional.of("igb"), 7, numVfs);
  }

  /// Its VFs, idle on the host.
  public static List<VfDevice> vfs(PfDevice pf) {
    return IntStream.range(0, pf.numVfs())
        .mapToObj(i ->
            new VfDevice(
                new VfRef(pf.name(), i, new PciAddress(0, pf.pci().bus(), 16 + i / 4, 2 * (i % 4))),
                new Uplink(pf.pci(), pf.name(), 2),
                Optional.of("igbvf"),
                Optional.of(pf.name() + "v" + i)))
        .toList();
  }

  /// A policy that selects by `pfNames`.
  public static NodePolicy policy(
      String name, String resource, int numVfs, int priority, int mtu, String... pfNames) {
    return new NodePolicy(
        new ObjectKey(Kind.NODE_POLICY, "op", name),
        new Position("p.yaml", 1),
        JsonObject.of(),
        resource,
        priority,
        mtu == 0 ? OptionalInt.empty() : OptionalInt.of(mtu),
        numVfs,
        new NicSelector(
            OptionalInt.empty(),
            OptionalInt.empty(),
            List.of(),
            Stream.of(pfNames).map(pf -> PfName.parse(pf).orElseThrow()).toList()),
        false);
  }
}
