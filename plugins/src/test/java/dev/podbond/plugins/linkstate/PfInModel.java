package dev.podbond.plugins.linkstate;

import dev.podbond.bonding.change.Change;
import dev.podbond.bonding.change.ChangeFailedException;
import dev.podbond.bonding.change.Kernel;
import dev.podbond.bonding.facts.NodeFacts;
import dev.podbond.bonding.facts.PfFacts;
import dev.podbond.bonding.facts.VfFacts;
import dev.podbond.bonding.facts.VfRef;
import dev.podbond.bonding.facts.VfSetting;
import dev.podbond.bonding.facts.VfSettings;
import dev.podbond.bonding.linkstate.AttachedVfs;
import dev.podbond.bonding.linkstate.DisabledVf;
import dev.podbond.bonding.linkstate.PfVfs;
import dev.podbond.bonding.linkstate.VfLinkStates.Orders;
import dev.podbond.bonding.model.KernelModel;
import dev.podbond.bonding.model.NicFamily;
import dev.podbond.bonding.net.LinkRef;
import dev.podbond.cni.spec.CniErrorCode;
import dev.podbond.cni.spec.CniException;
import dev.podbond.node.netns.NetnsIds;
import dev.podbond.node.state.DisabledVfStore;
import dev.podbond.node.state.StateException;
import dev.podbond.plugins.MortalProcess;
import dev.podbond.plugins.linkstate.VfLinkSwitch.Outcome;
import dev.podbond.plugins.session.LinkStateActs;
import dev.podbond.value.AttachmentKey;
import dev.podbond.value.MacAddress;
import dev.podbond.value.PciAddress;
import dev.podbond.value.VfLinkState;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/// A PF with some VFs in a model of the kernel; what is written down of them is on a real disk.
final class PfInModel {
  static final PciAddress PF = new PciAddress(0, 1, 0, 0);

  final KernelModel kernel = new KernelModel();
  final MortalProcess process = new MortalProcess();
  final List<String> warned = new ArrayList<>();
  private final Path state;
  private final List<VfRef> refs = new ArrayList<>();

  /// VFs that somebody else is at work on.
  final Set<PciAddress> busy = new HashSet<>();

  /// VFs that pods have by themselves; all at first.
  final Set<PciAddress> attached = new HashSet<>();

  /// VFs that are members of bonds, as the records have it now.
  final Set<PciAddress> members = new HashSet<>();

  /// As [#members], which the agent has not heard of yet.
  final Set<PciAddress> newMembers = new HashSet<>();

  /// Whether the driver takes link states and goes on reporting `auto`, as ixgbe of Linux 5.18.
  boolean isMute;

  String boot = NetnsIds.bootId();
  boolean isHidden;
  boolean isRecordUnreadable;
  boolean isGone;

  /// @param states the link states that the owner of the node has set
  PfInModel(Path state, NicFamily family, VfLinkState... states) {
    this.state = state;
    kernel.addPf(new PfFacts("ens1f0", PF, true, true, 9000, Optional.empty()));
    for (int i = 0; i < states.length; i++) {
      VfRef ref = new VfRef("ens1f0", i, vf(i));
      refs.add(ref);
      attached.add(ref.pci());
      kernel.addVf(
          ref, family, LinkRef.host("ens1f0v" + i), new MacAddress(0x02_00_00_00_00_10L + i), 1500);
      if (states[i] != VfLinkState.AUTO) {
        set(i, states[i]);
      }
    }
  }

  static PciAddress vf(int number) {
    return new PciAddress(0, 1, 2, number);
  }

  /// As its owner does, by hand.
  void set(int number, VfLinkState linkState) {
    try {
      kernel.apply(
          new Change.SetVf(
              refs.get(number), VfSettings.NONE.with(VfSetting.LINK_STATE, linkState)));
    } catch (ChangeFailedException failure) {
      throw new AssertionError(failure);
    }
  }

  VfLinkState linkState(int number) {
    return kernel.facts().vf(vf(number)).orElseThrow().pfSide().linkState().orElseThrow();
  }

  List<VfLinkState> linkStates() {
    List<VfLinkState> all = new ArrayList<>();
    for (int i = 0; i < refs.size(); i++) {
      all.add(linkState(i));
    }
    return all;
  }

  DisabledVfStore store() {
    return new DisabledVfStore(state, process.files(), warned::add);
  }

  /// What is written down, by the numbers of the VFs.
  List<Integer> written() throws StateException {
    List<Integer> numbers = new ArrayList<>();
    for (VfRef ref : refs) {
      if (store().load(ref.pci()).isPresent()) {
        numbers.add(ref.index());
      }
    }
    return numbers;
  }

  /// What CHECK, repair and others see.
  NodeFacts seen() {
    return DisabledVf.disregarded(store().readable(), facts());
  }

  private NodeFacts facts() {
    if (!isMute) {
      return kernel.facts();
    }
    Map<PciAddress, VfFacts> vfs = new HashMap<>(kernel.facts().vfs());
    vfs.replaceAll(
        (_, vf) -> vf.withPfSide(vf.pfSide().with(VfSetting.LINK_STATE, VfLinkState.AUTO)));
    return kernel.facts().withVfs(vfs);
  }

  /// As ADD does it before it writes down what a VF is, and DEL before it restores that.
  ///
  /// @return what is left to be done
  Optional<String> giveBack(int number) throws StateException {
    return new LinkStateActs(store(), process.kernel(kernel))
        .giveBack(vf(number), () -> vfs().vf(vf(number)));
  }

  /// Orders about this PF.
  Orders bad() {
    return new Orders(true, true, attachedVfs(members), Set.of());
  }

  /// The same in a storm.
  Orders storm() {
    return new Orders(true, false, attachedVfs(members), Set.of());
  }

  private AttachedVfs attachedVfs(Set<PciAddress> bonds) {
    AttachedVfs.Gathering gathering = new AttachedVfs.Gathering();
    gathering.alone(new AttachmentKey("c1", "net1"), attached);
    gathering.bond(bonds);
    return gathering.all();
  }

  Outcome judge(Orders orders) throws Exception {
    return judge(orders, kernel);
  }

  Outcome judge(Orders orders, Kernel through) throws Exception {
    Set<PciAddress> written = new TreeSet<>();
    store().forEachVf(written::add);
    return new LinkStateRun(
            PF,
            store(),
            new LinkStateRun.Vfs() {
              @Override
              public Optional<PfVfs> observe() {
                return isHidden ? Optional.empty() : Optional.of(vfs());
              }

              @Override
              public Kernel kernel() {
                return process.kernel(through);
              }

              @Override
              public LinkStateRun.Locked lock(Set<PciAddress> some) {
                Set<PciAddress> free = new HashSet<>(some);
                free.removeAll(busy);
                return new LinkStateRun.Locked() {
                  @Override
                  public Set<PciAddress> held() {
                    return free;
                  }

                  @Override
                  public AttachedVfs attached() throws CniException {
                    if (isRecordUnreadable) {
                      throw new CniException(CniErrorCode.IO_FAILURE, "a record cannot be read");
                    }
                    Set<PciAddress> all = new HashSet<>(members);
                    all.addAll(newMembers);
                    return attachedVfs(all);
                  }

                  @Override
                  public void close() {
                    // Nobody else is there.
                  }
                };
              }
            })
        .judge(orders, written);
  }

  private PfVfs vfs() {
    List<PfVfs.Vf> vfs =
        refs.stream()
            .map(ref -> new PfVfs.Vf(ref, facts().vf(ref.pci()).orElseThrow().pfSide().linkState()))
            .toList();
    return new PfVfs(PF, boot, isGone ? List.of() : vfs);
  }
}
