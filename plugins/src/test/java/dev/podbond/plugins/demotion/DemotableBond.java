package dev.podbond.plugins.demotion;

import dev.podbond.bonding.attachment.Attachment;
import dev.podbond.bonding.change.Change;
import dev.podbond.bonding.change.ChangeFailedException;
import dev.podbond.bonding.change.Kernel;
import dev.podbond.bonding.config.BondNames;
import dev.podbond.bonding.demotion.Demotion;
import dev.podbond.bonding.facts.LinkFacts;
import dev.podbond.bonding.facts.MemberFacts;
import dev.podbond.bonding.facts.NodeFacts;
import dev.podbond.bonding.model.KernelModel;
import dev.podbond.bonding.net.LinkRef;
import dev.podbond.bonding.net.Place;
import dev.podbond.bonding.option.BondMode;
import dev.podbond.bonding.option.BondOption;
import dev.podbond.bonding.option.BondOptions;
import dev.podbond.bonding.option.OptionValue;
import dev.podbond.bonding.state.ConfiguredMember;
import dev.podbond.bonding.state.ConfiguredMember.Pf;
import dev.podbond.json.JsonObject;
import dev.podbond.node.state.DemotionStore;
import dev.podbond.node.state.StateException;
import dev.podbond.plugins.MortalProcess;
import dev.podbond.plugins.demotion.Demoting.Orders;
import dev.podbond.plugins.demotion.Demoting.Outcome;
import dev.podbond.value.AttachmentKey;
import dev.podbond.value.MacAddress;
import dev.podbond.value.PciAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Collectors;

/// A bond of two members, net0 on one PF and net1 on another, in a model of the kernel; what is
/// written down of it is on a real disk. Both may end the process at any act.
final class DemotableBond {
  static final LinkRef BOND = LinkRef.pod("bond0");
  static final AttachmentKey KEY = new AttachmentKey("c1", "net9");
  static final PciAddress FIRST = new PciAddress(0, 1, 0, 0);
  static final PciAddress SECOND = new PciAddress(0, 2, 0, 0);
  private static final int QUEUE = 5;

  final KernelModel kernel = new KernelModel();
  private final Path state;
  private final BondMode mode;
  private final List<ConfiguredMember> members = new ArrayList<>();

  final MortalProcess process = new MortalProcess();

  /// @param primary the member that is the primary, if one is
  DemotableBond(Path state, BondMode mode, Optional<String> primary) {
    this.state = state;
    this.mode = mode;
    BondOptions options =
        new BondOptions(Map.of(BondOption.MODE, new OptionValue.Number(mode.number())))
            .with(BondOption.MIIMON, new OptionValue.Number(100));
    if (primary.isPresent()) {
      options = options.with(BondOption.PRIMARY, new OptionValue.MemberName(primary.get()));
    }
    apply(new Change.CreateBond(BOND, options, Optional.empty(), OptionalInt.empty()));
    apply(new Change.SetAdminState(BOND, true));
    member("net0", FIRST);
    member("net1", SECOND);
    apply(
        new Change.SetMemberOptions(
            LinkRef.pod("net0"), OptionalInt.empty(), OptionalInt.of(QUEUE)));
  }

  private void member(String name, PciAddress pf) {
    LinkRef link = LinkRef.pod(name);
    kernel.addLink(link, "", new MacAddress(0x02_00_00_00_00_10L + pf.bus()), 1500, false);
    apply(new Change.Enslave(link, BOND));
    members.add(
        new ConfiguredMember(
            name,
            Optional.empty(),
            Optional.of(new Pf("pf" + pf.bus(), Optional.of(pf))),
            Optional.empty()));
  }

  void apply(Change change) {
    try {
      kernel.apply(change);
    } catch (ChangeFailedException failure) {
      throw new AssertionError(failure);
    }
  }

  /// A member's interface goes, if it is there.
  void vanish(String name) {
    if (kernel.facts().link(Place.POD, name).isPresent()) {
      apply(new Change.DeleteLink(LinkRef.pod(name), ""));
    }
  }

  private DemotionStore store() {
    return new DemotionStore(state, process.files());
  }

  Optional<Demotion> written() throws StateException {
    return store().load(KEY) instanceof DemotionStore.Found.Demoted(Demotion demotion)
        ? Optional.of(demotion)
        : Optional.empty();
  }

  Outcome judge(Orders orders) throws Exception {
    return judge(orders, kernel);
  }

  Outcome judge(Orders orders, Kernel through) throws Exception {
    Attachment record =
        Attachment.prepared(KEY, "net", "bond", "/run/netns/pod", JsonObject.of())
            .withInterfaces(
                Optional.of(new BondNames(BOND.name(), Optional.empty())), Optional.empty())
            .complete(List.of(), List.of());
    return new DemotionRun(
            record,
            members,
            store(),
            new DemotionRun.Pod() {
              @Override
              public NodeFacts observe() {
                return kernel.facts();
              }

              @Override
              public Kernel kernel(NodeFacts seen) {
                return process.kernel(through);
              }
            })
        .judge(written(), orders);
  }

  private LinkFacts link(String name) {
    return kernel.facts().link(Place.POD, name).orElseThrow();
  }

  private Optional<OptionValue> option(BondOption option) {
    return link(BOND.name()).bond().flatMap(options -> options.get(option));
  }

  String active() {
    return option(BondOption.ACTIVE_SLAVE).map(OptionValue::toString).orElse("none");
  }

  String primary() {
    return option(BondOption.PRIMARY).map(OptionValue::toString).orElse("none");
  }

  boolean isIn(String member) {
    return link(member).member().isPresent();
  }

  boolean carries() {
    return link(BOND.name()).carrier();
  }

  /// Whether a member is kept from carrying traffic.
  boolean isAway(String member) {
    return hasActive() ? !active().equals(member) : !isIn(member);
  }

  boolean hasActive() {
    return mode == BondMode.ACTIVE_BACKUP;
  }

  /// Everything that a demotion may touch.
  String configured() {
    return members.stream()
            .map(member -> link(member.name()))
            .map(link -> link.name() + " " + link.member().map(DemotableBond::shown).orElse("out"))
            .collect(Collectors.joining("\n"))
        + "\nprimary "
        + primary()
        + "\nactive "
        + active()
        + "\n"
        + String.join("\n", kernel.state());
  }

  private static String shown(MemberFacts member) {
    return "prio " + member.priority() + " queue " + member.queueId();
  }
}
