package dev.podbond.bonding.model;

import dev.podbond.bonding.change.Change;
import dev.podbond.bonding.change.ChangeFailedException;
import dev.podbond.bonding.config.BondConfig;
import dev.podbond.bonding.config.BondNames;
import dev.podbond.bonding.config.MemberOptions;
import dev.podbond.bonding.config.MemberSpec;
import dev.podbond.bonding.config.VfConfig;
import dev.podbond.bonding.facts.PfFacts;
import dev.podbond.bonding.facts.VfRef;
import dev.podbond.bonding.facts.VfSetting;
import dev.podbond.bonding.facts.VfSettings;
import dev.podbond.bonding.net.LinkRef;
import dev.podbond.bonding.net.Place;
import dev.podbond.bonding.net.Route;
import dev.podbond.bonding.option.BondMode;
import dev.podbond.bonding.option.BondOption;
import dev.podbond.bonding.option.BondOptions;
import dev.podbond.bonding.option.OptionValue;
import dev.podbond.bonding.plan.AssignedIp;
import dev.podbond.value.IpPrefix;
import dev.podbond.value.MacAddress;
import dev.podbond.value.PciAddress;
import dev.podbond.value.VfLinkState;
import dev.podbond.value.VfVlan;
import dev.podbond.value.VlanProtocol;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.stream.LongStream;

/// Worlds in which a bond can be made: dummies, NICs and VFs of either family, in the pod, on the
/// host or given by PCI address; up and down, with equal MACs, odd MTUs and alternative names; in
/// every mode. The same seed makes the same world.
public final class RandomWorlds {
  private final Random random;
  private final KernelModel kernel = new KernelModel();
  private final List<MemberSpec> members = new ArrayList<>();
  private final BondMode mode;
  private final int failOverMac;
  private final boolean linksInContainer;
  private final boolean onlyHardware;
  private int smallestMtu = Integer.MAX_VALUE;
  private MacAddress lastMac = MacAddress.ZERO;

  private RandomWorlds(long seed, boolean onlyHardware) {
    this.random = new Random(seed);
    this.onlyHardware = onlyHardware;
    this.mode = BondMode.values()[random.nextInt(BondMode.values().length)];
    this.failOverMac = mode == BondMode.ACTIVE_BACKUP ? random.nextInt(3) : 0;
    this.linksInContainer = !onlyHardware && random.nextBoolean();
  }

  /// The seeds of the worlds that a test tries: as many as usual, unless `-Dproperty.runs` says
  /// fewer, as mutation testing does, which runs each test some hundred times; or the one of
  /// `-Dpodbond.seed`.
  public static long[] seeds(int usual) {
    Long only = Long.getLong("podbond.seed");
    return only != null
        ? new long[] {only}
        : LongStream.range(0, Math.min(usual, Integer.getInteger("property.runs", usual)))
            .toArray();
  }

  /// Any world.
  public static World of(long seed) {
    return new RandomWorlds(seed, false).world();
  }

  /// A world whose members are hardware from the host: none of it may be lost, even if the pod is.
  public static World ofHardware(long seed) {
    return new RandomWorlds(seed, true).world();
  }

  private World world() {
    LinkRef other = LinkRef.pod("eth0");
    kernel.addLink(other, "veth", mac(0xe0), 1500, true);
    kernel.addLink(LinkRef.host("uplink"), "", mac(0xe1), 1500, true);
    for (int pf = 0; pf < 2; pf++) {
      kernel.addPf(new PfFacts("pf" + pf, pci(pf, 0), true, true, 9000, Optional.empty()));
    }
    int count = 2 + random.nextInt(3);
    for (int n = 0; n < count; n++) {
      member(n);
    }
    BondNames names =
        random.nextBoolean()
            ? new BondNames("bond0", Optional.of("net9"))
            : new BondNames("net9", Optional.empty());
    OptionalInt mtu =
        random.nextBoolean()
            ? OptionalInt.empty()
            : OptionalInt.of(smallestMtu - random.nextInt(9));
    Optional<MacAddress> mac = random.nextInt(4) == 0 ? Optional.of(mac(0xb0)) : Optional.empty();
    OptionalInt vlan = random.nextInt(4) == 0 ? OptionalInt.of(5) : OptionalInt.empty();
    BondConfig config =
        new BondConfig(
            "net",
            mode,
            options(),
            members,
            linksInContainer,
            true,
            Optional.empty(),
            mtu,
            mac,
            vlan,
            false);
    List<AssignedIp> ips = new ArrayList<>();
    List<Route> routes = new ArrayList<>();
    if (random.nextInt(3) > 0) {
      ips.add(ip("10.1.0.2/24", "10.1.0.1"));
      routes.add(Route.of(prefix("10.9.0.0/16"), Optional.empty()));
      if (random.nextBoolean()) {
        ips.add(ip("fd00::2/64", "fd00::1"));
        routes.add(Route.of(prefix("fd00:9::/48"), Optional.of(address("fd00::7"))));
      }
    }
    return new World(kernel, config, names, ips, routes);
  }

  private BondOptions options() {
    BondOptions options =
        new BondOptions(Map.of(BondOption.MODE, number(mode.number())))
            .with(BondOption.MIIMON, number(100))
            .with(BondOption.FAIL_OVER_MAC, number(failOverMac));
    if (random.nextBoolean()) {
      options = options.with(BondOption.UPDELAY, number(250)).with(BondOption.MIN_LINKS, number(1));
    }
    if (mode == BondMode.LACP) {
      options = options.with(BondOption.LACP_RATE, number(1));
    }
    Optional<String> primary = members.getLast().knownName();
    return hasActive() && primary.isPresent() && random.nextBoolean()
        ? options.with(BondOption.PRIMARY, new OptionValue.MemberName(primary.get()))
        : options;
  }

  private boolean hasActive() {
    return mode == BondMode.ACTIVE_BACKUP
        || mode == BondMode.BALANCE_TLB
        || mode == BondMode.BALANCE_ALB;
  }

  private boolean membersChangeMac() {
    return failOverMac != 1;
  }

  private void member(int n) {
    MacAddress mac = n > 0 && random.nextInt(3) == 0 ? lastMac : mac(n);
    lastMac = mac;
    int mtu = new int[] {1500, 1400, 9000}[random.nextInt(3)];
    smallestMtu = Math.min(smallestMtu, mtu);
    OptionalInt priority =
        hasActive() && random.nextInt(4) == 0 ? OptionalInt.of(n) : OptionalInt.empty();
    OptionalInt queue = random.nextInt(4) == 0 ? OptionalInt.of(n + 1) : OptionalInt.empty();
    MemberOptions options = new MemberOptions(priority, queue);
    int choice = random.nextInt(3);
    if (choice == 0) {
      device(n, mac, mtu, options);
      return;
    }
    LinkRef ref = new LinkRef(linksInContainer ? Place.POD : Place.HOST, "net" + n);
    if (choice == 1 && linksInContainer) {
      vf(n, ref, mac, mtu, membersChangeMac());
    } else {
      kernel.addLink(ref, onlyHardware || choice == 1 ? "" : "dummy", mac, mtu, false);
    }
    state(ref);
    boolean byAltName = random.nextInt(4) == 0;
    if (byAltName) {
      kernel.addAltName(ref, "alt-of-net-" + n);
    }
    members.add(new MemberSpec.Named(byAltName ? "alt-of-net-" + n : ref.name(), options));
  }

  private void device(int n, MacAddress mac, int mtu, MemberOptions options) {
    LinkRef home = LinkRef.host("ens" + n + "f0v0");
    boolean hasMac = random.nextInt(3) == 0;
    boolean setsTrust = random.nextBoolean();
    vf(n, home, mac, mtu, membersChangeMac() && !setsTrust);
    state(home);
    Optional<String> podName =
        random.nextInt(4) == 0 ? Optional.empty() : Optional.of("member" + n);
    if (podName.isPresent() && random.nextInt(3) == 0) {
      kernel.addAltName(home, podName.get());
    }
    if (random.nextInt(3) == 0) {
      kernel.addAltName(home, "enp" + n + "s0f0v0");
    }
    boolean trust = setsTrust && (membersChangeMac() || random.nextBoolean());
    Optional<MacAddress> asked =
        hasMac && (trust || !membersChangeMac() || isTrusted(n))
            ? Optional.of(mac(0xa0 + n))
            : Optional.empty();
    VfSettings settings =
        VfSettings.NONE
            .with(VfSetting.ADMIN_MAC, asked)
            .with(
                VfSetting.VLAN,
                random.nextBoolean()
                    ? Optional.of(new VfVlan(7, 0, VlanProtocol.DOT1Q))
                    : Optional.empty())
            .with(
                VfSetting.MAX_TX_RATE_MBPS,
                random.nextBoolean() ? Optional.of(100) : Optional.empty())
            .with(
                VfSetting.SPOOF_CHECK,
                random.nextBoolean() ? Optional.of(random.nextBoolean()) : Optional.empty())
            .with(VfSetting.TRUST, trust ? Optional.of(true) : Optional.empty())
            .with(
                VfSetting.LINK_STATE,
                random.nextBoolean() ? Optional.of(VfLinkState.AUTO) : Optional.empty());
    members.add(
        new MemberSpec.Device(
            pci(n % 2, 2 * n + 1), podName, new VfConfig(settings, asked), options));
  }

  private boolean isTrusted(int n) {
    return kernel.facts().vf(pci(n % 2, 2 * n + 1)).orElseThrow().pfSide().trust().orElse(false);
  }

  /// @param mustChangeMac whether the bond will change its MAC before it is trusted
  private void vf(int n, LinkRef link, MacAddress mac, int mtu, boolean mustChangeMac) {
    VfRef ref = new VfRef("pf" + n % 2, n, pci(n % 2, 2 * n + 1));
    kernel.addVf(ref, random.nextBoolean() ? NicFamily.IGB : NicFamily.RESETTING, link, mac, mtu);
    boolean isLocked = random.nextBoolean();
    boolean trust = (isLocked && mustChangeMac) || random.nextInt(3) == 0;
    apply(
        new Change.SetVf(
            ref,
            VfSettings.NONE
                .with(VfSetting.ADMIN_MAC, isLocked ? Optional.of(mac) : Optional.empty())
                .with(VfSetting.SPOOF_CHECK, random.nextBoolean())
                .with(VfSetting.TRUST, trust)));
  }

  private void state(LinkRef ref) {
    if (random.nextBoolean()) {
      apply(new Change.SetAdminState(ref, true));
    }
  }

  private void apply(Change change) {
    try {
      kernel.apply(change);
    } catch (ChangeFailedException failure) {
      throw new AssertionError(failure);
    }
  }

  private static OptionValue number(long value) {
    return new OptionValue.Number(value);
  }

  private static MacAddress mac(int n) {
    return new MacAddress(0x02_00_00_00_00_00L + n);
  }

  private static PciAddress pci(int bus, int n) {
    return new PciAddress(0, bus + 1, 16 + n / 8, n % 8);
  }

  private static AssignedIp ip(String prefix, String gateway) {
    return new AssignedIp(prefix(prefix), Optional.of(address(gateway)));
  }

  private static IpPrefix prefix(String text) {
    return IpPrefix.parse(text).orElseThrow();
  }

  private static InetAddress address(String text) {
    return InetAddress.ofLiteral(text);
  }
}
