package dev.podbond.bonding.model;

import dev.podbond.bonding.change.Change;
import dev.podbond.bonding.change.ChangeFailedException;
import dev.podbond.bonding.change.Kernel;
import dev.podbond.bonding.facts.NodeFacts;
import dev.podbond.bonding.facts.PfFacts;
import dev.podbond.bonding.facts.VfFacts;
import dev.podbond.bonding.facts.VfRef;
import dev.podbond.bonding.facts.VfSettings;
import dev.podbond.bonding.net.LinkRef;
import dev.podbond.bonding.net.Place;
import dev.podbond.bonding.net.Route;
import dev.podbond.bonding.option.BondOption;
import dev.podbond.bonding.option.OptionValue;
import dev.podbond.value.IpPrefix;
import dev.podbond.value.MacAddress;
import dev.podbond.value.PciAddress;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/// Two network namespaces in memory, with the kernel's refusals and side effects.
///
/// Tests can ask it for [#facts], like a node, and for its [#state], which is equal before ADD and
/// after DEL. Actions of the kernel itself have their own methods: [#setCarrier], [#destroyPod]. It
/// makes every change as a whole or refuses it.
public final class KernelModel implements Kernel {
  private static final int DEFAULT_MTU_BYTES = 1500;

  private final RandomMacs macs = new RandomMacs();
  final BondDriver bonding = new BondDriver(macs);
  final List<ModelLink> links = new ArrayList<>();

  /// The links of a third namespace, which nobody sees.
  private final List<ModelLink> hidden = new ArrayList<>();

  private final Map<PciAddress, ModelVf> vfs = new HashMap<>();
  private final Map<String, PfFacts> pfs = new HashMap<>();
  final Set<BondOption> unknownOptions = EnumSet.noneOf(BondOption.class);
  private int nextIndex = 2;

  /// Adds a link without master.
  ///
  /// @param kind "" for a hardware device, "dummy", "veth", ...
  public void addLink(LinkRef ref, String kind, MacAddress mac, int mtuBytes, boolean up) {
    add(ref, kind, mac, mtuBytes).up = up;
  }

  private ModelLink add(LinkRef ref, String kind, MacAddress mac, int mtuBytes) {
    ModelLink link = new ModelLink(ref.place(), ref.name(), nextIndex++, kind, mac, mtuBytes);
    links.add(link);
    return link;
  }

  public void addAltName(LinkRef ref, String altName) {
    find(ref).orElseThrow().altNames.add(altName);
  }

  /// Adds a PF, which is visible only through its VFs.
  public void addPf(PfFacts pf) {
    pfs.put(pf.name(), pf);
  }

  /// Gives PFs other names, as udev or a driver's reload does; two PFs may exchange theirs.
  public void renamePfs(Map<String, String> names) {
    Map<String, PfFacts> before = Map.copyOf(pfs);
    pfs.clear();
    before.forEach((name, pf) -> {
      String now = names.getOrDefault(name, name);
      pfs.put(now, new PfFacts(now, pf.pci(), pf.up(), pf.carrier(), pf.mtuBytes(), pf.bond()));
    });
    vfs.values()
        .forEach(vf ->
            vf.ref =
                new VfRef(
                    names.getOrDefault(vf.ref.pf(), vf.ref.pf()), vf.ref.index(), vf.ref.pci()));
  }

  /// Removes a PF's interface but leaves its VFs, as while its driver is reloaded.
  public void removePf(String name) {
    pfs.remove(name);
  }

  /// Adds a VF with its interface.
  public void addVf(VfRef ref, NicFamily family, LinkRef link, MacAddress mac, int mtuBytes) {
    ModelVf vf = new ModelVf(ref, family, Optional.of("igbvf"));
    vfs.put(ref.pci(), vf);
    add(link, "", mac, mtuBytes).vf = Optional.of(vf);
    if (family == NicFamily.IGB) {
      vf.pfMac = mac;
      vf.resetMac = mac;
    }
  }

  /// Adds a VF driven by user space.
  public void addUserspaceVf(VfRef ref, NicFamily family) {
    vfs.put(ref.pci(), new ModelVf(ref, family, Optional.of("vfio-pci")));
  }

  /// Makes the kernel too old to know an option: it ignores the option silently.
  public void forget(BondOption option) {
    unknownOptions.add(option);
  }

  /// Plugs or pulls a link's cable.
  public void setCarrier(LinkRef ref, boolean carrier) {
    ModelLink link = find(ref).orElseThrow();
    boolean wasUp = link.isLinkUp();
    link.carrier = carrier;
    bonding.linkChanged(link, wasUp);
  }

  /// Sets an option of an existing bond, as somebody might do through sysfs.
  public void setOption(LinkRef bond, BondOption option, OptionValue value) {
    ModelLink link = find(bond).orElseThrow();
    link.options = link.options.with(option, value);
  }

  /// Ends the pod's namespace. Virtual links end with it. Hardware comes to the host, down, with
  /// its last MAC and its name in the pod, or another name if that is taken.
  ///
  /// @param mtuRestored whether bonding still restored the MTU of its members
  public void destroyPod(boolean mtuRestored) {
    for (ModelLink link : List.copyOf(links)) {
      if (link.place != Place.POD) {
        continue;
      }
      if (link.vf.isEmpty() && !link.kind.isEmpty()) {
        links.remove(link);
        continue;
      }
      if (link.master.isPresent() && mtuRestored) {
        link.mtuBytes = link.originalMtuBytes;
      }
      link.master = Optional.empty();
      link.up = false;
      forgetLayer3(link);
      link.name = isTaken(Place.HOST, link.name) ? "dev" + link.index : link.name;
      link.altNames.removeIf(altName -> isTaken(Place.HOST, altName));
      link.place = Place.HOST;
    }
  }

  /// Moves a link from the pod into the pod's own further namespace, as its tenant may.
  public void hide(LinkRef ref) {
    ModelLink link = find(ref).orElseThrow();
    move(link, ref);
    links.remove(link);
    hidden.add(link);
  }

  /// What a node would observe now.
  public NodeFacts facts() {
    Map<PciAddress, VfFacts> vfFacts = new HashMap<>();
    vfs.forEach((pci, vf) ->
        Optional.ofNullable(pfs.get(vf.ref.pf()))
            .ifPresent(pf ->
                vfFacts.put(
                    pci,
                    new VfFacts(
                        vf.ref,
                        pf,
                        vf.settings(),
                        vf.driver,
                        netdev(vf).map(link -> new LinkRef(link.place, link.name))))));
    Map<String, List<Route>> routes = new HashMap<>();
    links.stream()
        .filter(link -> link.place == Place.POD)
        .forEach(link -> routes.put(link.name, List.copyOf(link.routes)));
    return new NodeFacts(links.stream().map(ModelLink::facts).toList(), vfFacts, routes);
  }

  /// Everything that matters about the links of the host, the links of the pod and the VFs, a line
  /// each. It leaves out what an attachment may change for good: ifindexes, and whether a PF
  /// insists on the MAC that it reports, since no PF tells that.
  public List<String> state() {
    return Stream.concat(
            links.stream().map(ModelLink::state), vfs.values().stream().map(ModelVf::state))
        .sorted()
        .toList();
  }

  /// The part of [#state] that outlives the pod: the host, hardware that is in the pod, and VFs.
  public List<String> lastingState() {
    return Stream.concat(
            links.stream()
                .filter(link -> link.place == Place.HOST || link.kind.isEmpty())
                .map(ModelLink::state),
            vfs.values().stream().map(ModelVf::state))
        .sorted()
        .toList();
  }

  @Override
  public void apply(Change change) throws ChangeFailedException {
    try {
      ChangeRules.apply(this, change);
    } catch (Refusal refusal) {
      throw new ChangeFailedException(change, refusal.errno, String.valueOf(refusal.getMessage()));
    }
  }

  ModelLink create(LinkRef ref, String kind, Optional<MacAddress> mac, int mtuBytes) {
    return add(ref, kind, mac.orElseGet(macs::next), mtuBytes);
  }

  void delete(ModelLink link) {
    for (ModelLink member : List.copyOf(link.members)) {
      bonding.release(member);
    }
    link.master.ifPresent(_ -> bonding.release(link));
    links.removeIf(other -> other.over.equals(Optional.of(link)));
    links.remove(link);
  }

  void setAdminState(ModelLink link, boolean up) {
    boolean goesDown = link.up && !up;
    boolean wasUp = link.isLinkUp();
    link.up = up;
    if (goesDown) {
      link.routes.clear();
      link.vf.ifPresent(vf -> vf.goneDown(link));
    }
    bonding.linkChanged(link, wasUp);
  }

  void move(ModelLink link, LinkRef destination) {
    link.master.ifPresent(_ -> bonding.release(link));
    links.removeIf(other -> other.over.equals(Optional.of(link)));
    setAdminState(link, false);
    forgetLayer3(link);
    link.place = destination.place();
    link.name = destination.name();
    if (links.stream().anyMatch(o -> o != link && o.place == link.place && o.index == link.index)) {
      link.index = nextIndex++;
    }
  }

  private static void forgetLayer3(ModelLink link) {
    link.addresses.clear();
    link.routes.clear();
    link.sysctls.clear();
  }

  void setVf(VfRef ref, VfSettings settings) throws Refusal {
    ModelVf vf = vfs.get(ref.pci());
    if (vf == null) {
      throw Refusal.of("ENXIO");
    }
    if (!pfs.containsKey(vf.ref.pf())) {
      throw Refusal.of("ENODEV");
    }
    if (vf.refuses(settings)) {
      throw Refusal.of("EOPNOTSUPP");
    }
    vf.set(settings, netdev(vf));
  }

  /// The old interface ends with everything on top of it, wherever that is; the new one is on the
  /// host, as its driver makes it.
  void rebind(VfRef ref) throws Refusal {
    ModelVf vf = vfs.get(ref.pci());
    if (vf == null) {
      throw Refusal.of("ENODEV");
    }
    netdev(vf).ifPresent(this::delete);
    hidden.removeIf(link -> link.vf.equals(Optional.of(vf)));
    String name = "eth" + nextIndex;
    add(LinkRef.host(name), "", vf.probed(macs), DEFAULT_MTU_BYTES).vf = Optional.of(vf);
  }

  private Optional<ModelLink> netdev(ModelVf vf) {
    return links.stream().filter(link -> link.vf.equals(Optional.of(vf))).findFirst();
  }

  Optional<ModelLink> find(LinkRef ref) {
    return links.stream()
        .filter(link -> link.place == ref.place() && link.name.equals(ref.name()))
        .findFirst();
  }

  boolean isTaken(Place place, String name) {
    return links.stream().anyMatch(link -> link.place == place && link.answersTo(name));
  }

  static boolean contains(IpPrefix network, byte[] address) {
    byte[] prefix = network.address().getAddress();
    if (prefix.length != address.length) {
      return false;
    }
    for (int bit = 0; bit < network.length(); bit++) {
      int mask = 0x80 >> (bit % 8);
      if ((prefix[bit / 8] & mask) != (address[bit / 8] & mask)) {
        return false;
      }
    }
    return true;
  }
}
