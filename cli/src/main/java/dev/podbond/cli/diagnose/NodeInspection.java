package dev.podbond.cli.diagnose;

import dev.podbond.agent.wire.PendingName;
import dev.podbond.bonding.attachment.Attachment;
import dev.podbond.bonding.attachment.SavedVf;
import dev.podbond.bonding.config.BondNames;
import dev.podbond.bonding.demotion.Demotion;
import dev.podbond.bonding.state.BondProblem;
import dev.podbond.bonding.state.BondState;
import dev.podbond.bonding.state.ConfiguredMember;
import dev.podbond.bonding.state.GivenAddresses;
import dev.podbond.cli.bond.KnownBond;
import dev.podbond.cli.bond.KnownMember;
import dev.podbond.cli.bond.KnownPf;
import dev.podbond.cni.spec.CniArgs;
import dev.podbond.json.JsonString;
import dev.podbond.netlink.netns.Netns;
import dev.podbond.netlink.rtnl.Rtnetlink;
import dev.podbond.node.netns.VanishedNetns;
import dev.podbond.node.observe.BondObserver;
import dev.podbond.node.observe.MemberHardware;
import dev.podbond.node.state.AttachmentStore;
import dev.podbond.node.state.ClaimOwner;
import dev.podbond.node.state.DemotionStore;
import dev.podbond.node.state.StateException;
import dev.podbond.node.state.StateFiles;
import dev.podbond.node.state.Stored;
import dev.podbond.node.state.VfClaims;
import dev.podbond.node.sysfs.PciDevices;
import dev.podbond.node.sysfs.VfDevice;
import dev.podbond.value.IoReason;
import dev.podbond.value.PciAddress;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/// Looks at what a node has of one pod: the agent's records, claims and waiting deletions, the PCI
/// bus, and the bonds in the pod. It takes no lock, and what it finds damaged stays where it is.
public final class NodeInspection {
  /// A number of deletions that nobody needs to know more exactly.
  private static final int MOST_WAITING = 10_000;

  private final Path stateDirectory;
  private final PciDevices devices;
  private final MemberHardware hardware;
  private final VfClaims claims;

  /// @param stateDirectory the agent's
  /// @param sysfs where sysfs is mounted
  public NodeInspection(Path stateDirectory, Path sysfs) {
    this.stateDirectory = stateDirectory;
    this.devices = new PciDevices(sysfs);
    this.hardware = new MemberHardware(devices);
    this.claims =
        new VfClaims(stateDirectory, VfClaims.SRIOV_CNI_ALLOCATIONS, _ -> true, Untouched.FILES);
  }

  /// The disk of a node that is only looked at.
  private static final class Untouched implements StateFiles {
    static final StateFiles FILES = new Untouched();

    @Override
    public void replace(Path file, String text) throws IOException {
      throw refusal();
    }

    @Override
    public boolean create(Path file, String text) throws IOException {
      throw refusal();
    }

    @Override
    public boolean delete(Path file) throws IOException {
      throw refusal();
    }

    @Override
    public void setAside(Path file, Path aside) throws IOException {
      throw refusal();
    }

    private static IOException refusal() {
      return new IOException("a diagnosis changes nothing");
    }
  }

  /// Whether a PF of this node has a carrier; empty if that cannot be told.
  public Optional<Boolean> carrier(PciAddress pf) {
    return hardware.carrier(pf);
  }

  /// Looks.
  ///
  /// @param pod its namespace and name, its name alone, or the id of its container
  /// @param agent what the agent answered
  public NodeSight of(String pod, SeenAgent agent) {
    List<SeenAttachment> found = new ArrayList<>();
    List<String> damaged = new ArrayList<>();
    List<String> unreadable = new ArrayList<>();
    Seen<List<SeenAttachment>> attachments;
    try {
      new AttachmentStore(stateDirectory, Untouched.FILES)
          .forEachUntouched(
              record -> {
                if (isOf(record, pod)) {
                  found.add(seen(record));
                }
              },
              damage -> damaged.add(inWords(damage)),
              why -> unreadable.add(why + "; ask as root"));
      attachments = Seen.known(found);
    } catch (StateException e) {
      attachments = Seen.hidden(e.getMessage() + "; ask as root");
    }
    return new NodeSight(
        agent, attachments, damaged, unreadable, waiting(), carriers(agent, found));
  }

  private static String inWords(Stored.Damaged damage) {
    return "the record "
        + damage.file()
        + " is damaged: "
        + damage.reason()
        + "; the agent moves it aside when it reads it next";
  }

  private static boolean isOf(Attachment record, String pod) {
    return record.key().containerId().equals(pod)
        || podOf(record).filter(name -> name.equals(pod) || name.endsWith("/" + pod)).isPresent();
  }

  private static Optional<String> podOf(Attachment record) {
    return new CniArgs(record.origin().cniArgs()).pod();
  }

  private SeenAttachment seen(Attachment record) {
    SeenAttachment.Namespace namespace = namespace(record);
    return new SeenAttachment(
        record.key(),
        podOf(record),
        record.shownNetwork(),
        record.phase(),
        record.netns(),
        namespace,
        record.bond().map(BondNames::name),
        link(record),
        namespace == SeenAttachment.Namespace.THERE
            ? kernel(record)
            : Seen.hidden("its namespace is not there"),
        record.vfs().stream().map(this::seen).toList());
  }

  private static SeenAttachment.Namespace namespace(Attachment record) {
    if (VanishedNetns.isKnown(record.netns(), record.origin().netns())) {
      return SeenAttachment.Namespace.GONE;
    }
    try {
      return Files.exists(Path.of(record.netns()))
          ? SeenAttachment.Namespace.THERE
          : SeenAttachment.Namespace.UNSEEN;
    } catch (InvalidPathException _) {
      return SeenAttachment.Namespace.GONE;
    }
  }

  /// What carries the addresses and is no bond. A VF that user space drives has no interface.
  private static Optional<String> link(Attachment record) {
    boolean isVf =
        record.bond().isEmpty() && record.vfs().stream().anyMatch(vf -> vf.link().isPresent());
    return record.vlan().isPresent() || isVf
        ? Optional.of(record.addressed().name())
        : Optional.empty();
  }

  private Seen<SeenPod> kernel(Attachment record) {
    try (Rtnetlink pod = Rtnetlink.open(Netns.of(Path.of(record.netns())))) {
      Optional<KnownBond> bond = Optional.empty();
      if (record.bond().isPresent()) {
        bond =
            BondObserver.observe(
                    pod,
                    record.bond().get().name(),
                    record.addressed().name(),
                    GivenAddresses.of(record))
                .map(state -> known(record, state));
      }
      Optional<PodLink> link = Optional.empty();
      Optional<String> name = link(record);
      if (name.isPresent()) {
        link =
            pod.links()
                .find(name.get())
                // A process in the pod may have given its name to another, as a further one.
                .filter(found -> found.name().equals(name.get()))
                .map(found -> new PodLink(found.isUp(), found.hasCarrier()));
      }
      return Seen.known(new SeenPod(bond, link));
    } catch (IOException e) {
      return Seen.hidden(IoReason.of(e));
    }
  }

  /// In the words in which an agent would tell of it.
  private KnownBond known(Attachment record, BondState state) {
    List<ConfiguredMember> members =
        ConfiguredMember.of(record).stream().map(hardware::of).toList();
    return KnownBond.of(
        state
            .holding(heldBack(record, members))
            .toJson(members)
            .with("container", new JsonString(record.key().containerId()))
            .with("ifname", new JsonString(record.key().ifname())));
  }

  /// Whoever may not read what is written down sees the bond as the kernel does.
  private List<BondProblem.HeldBack> heldBack(Attachment record, List<ConfiguredMember> members) {
    try {
      return new DemotionStore(stateDirectory, Untouched.FILES).load(record.key())
              instanceof DemotionStore.Found.Demoted(Demotion demotion)
          ? demotion.heldBack(members)
          : List.of();
    } catch (StateException _) {
      return List.of();
    }
  }

  private SeenVf seen(SavedVf vf) {
    return new SeenVf(vf.pci(), vf.vf().pf(), vf.link().isPresent(), claim(vf), device(vf));
  }

  private Seen<Optional<ClaimOwner>> claim(SavedVf vf) {
    try {
      return Seen.known(claims.owner(vf.pci()));
    } catch (StateException e) {
      return Seen.hidden(e.getMessage() + "; ask as root");
    }
  }

  private Seen<Optional<VfDevice>> device(SavedVf vf) {
    try {
      return Seen.known(devices.vf(vf.pci()));
    } catch (IOException e) {
      return Seen.hidden("the PCI bus cannot be read: " + IoReason.withFile(e));
    }
  }

  private Seen<List<WaitingDeletion>> waiting() {
    List<WaitingDeletion> waiting = new ArrayList<>();
    try (DirectoryStream<Path> files =
        Files.newDirectoryStream(stateDirectory.resolve(PendingName.DIRECTORY))) {
      for (Path file : files) {
        if (waiting.size() < MOST_WAITING) {
          WaitingDeletion.of(file).ifPresent(waiting::add);
        }
      }
      return Seen.known(waiting);
    } catch (NoSuchFileException _) {
      // No shim ever left one.
      return Seen.known(waiting);
    } catch (DirectoryIteratorException e) {
      return unread(Objects.requireNonNull(e.getCause()));
    } catch (IOException e) {
      return unread(e);
    }
  }

  private static Seen<List<WaitingDeletion>> unread(IOException e) {
    return Seen.hidden(
        "the deletions that wait for the agent cannot be read: "
            + IoReason.withFile(e)
            + "; ask as root");
  }

  private Map<KnownPf, Boolean> carriers(SeenAgent agent, List<SeenAttachment> found) {
    Stream<KnownBond> told = agent.answer().stream().flatMap(known -> known.bonds().stream());
    Stream<KnownBond> read =
        found.stream()
            .flatMap(attachment ->
                attachment.kernel() instanceof Seen.Known<SeenPod>(SeenPod pod)
                    ? pod.bond().stream()
                    : Stream.of());
    Map<KnownPf, Boolean> carriers = new HashMap<>();
    Stream.concat(told, read)
        .flatMap(bond -> bond.members().stream())
        .map(KnownMember::pf)
        .flatMap(Optional::stream)
        .distinct()
        .forEach(pf ->
            PciAddress.parse(pf.pci())
                .flatMap(this::carrier)
                .ifPresent(carrier -> carriers.put(pf, carrier)));
    return carriers;
  }
}
