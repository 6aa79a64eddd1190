package dev.podbond.node.state;

import dev.podbond.bonding.net.NetnsId;
import dev.podbond.json.Json;
import dev.podbond.json.JsonException;
import dev.podbond.node.netns.VanishedNetns;
import dev.podbond.value.IoReason;
import dev.podbond.value.PciAddress;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Predicate;

/// The owner of each VF: one file per PCI address, so that two pods never get one VF.
///
/// To claim or give back, a caller must hold the lock of the PCI function. An ADD keeps that lock
/// from before the claim until its record is written. A claim is therefore stale if its lock is
/// free and its attachment has no record. It is also stale if its netns is known to be gone; a
/// netns that is merely invisible from here is not gone.
public final class VfClaims {
  /// Where sriov-cni notes its own allocations: a file per PCI address that holds a netns path.
  public static final Path SRIOV_CNI_ALLOCATIONS = Path.of("/var/lib/cni/sriov/pci");

  /// A claim is shorter: it has three names, one of them a path.
  private static final int MOST_BYTES = 16 * 1024;

  private final Path directory;
  private final Path sriovCni;
  private final Predicate<ClaimOwner> recorded;
  private final StateFiles files;

  /// The claims on the disk itself.
  public VfClaims(Path stateDirectory, Path sriovCniAllocations, Predicate<ClaimOwner> recorded) {
    this(stateDirectory, sriovCniAllocations, recorded, StateFiles.DURABLE);
  }

  /// @param stateDirectory the state directory; claims are below it in `vf`
  /// @param sriovCniAllocations [#SRIOV_CNI_ALLOCATIONS]
  /// @param recorded whether there is a record of the owner's attachment
  public VfClaims(
      Path stateDirectory,
      Path sriovCniAllocations,
      Predicate<ClaimOwner> recorded,
      StateFiles files) {
    this.directory = stateDirectory.resolve("vf");
    this.sriovCni = sriovCniAllocations;
    this.recorded = recorded;
    this.files = files;
  }

  /// What must happen to a VF before it changes hands.
  @FunctionalInterface
  public interface Takeover<E extends Exception> {
    /// Makes the VF ready for its next owner.
    ///
    /// @param previous the owner that is gone
    void from(ClaimOwner previous) throws E, StateException;
  }

  /// Claims a VF that needs no preparation.
  public VfClaim claim(HeldLock lock, PciAddress pci, ClaimOwner claimant) throws StateException {
    return claim(lock, pci, claimant, _ -> {});
  }

  /// Claims a VF for an attachment. The present owner gets it again, and a claim whose owner is
  /// gone is taken over. So is an unintelligible claim: its writer no longer holds the lock, and a
  /// VF that really is in a pod is not found on the host.
  ///
  /// @param lock the lock of exactly this PCI function
  /// @param takeover runs while the claim still names the previous owner: if it fails or the
  ///   process dies in it, the removal of that attachment still restores the VF
  public <E extends Exception> VfClaim claim(
      HeldLock lock, PciAddress pci, ClaimOwner claimant, Takeover<E> takeover)
      throws StateException, E {
    require(lock, pci);
    Optional<String> foreign = sriovCniNetns(pci);
    if (foreign.isPresent()) {
      return new VfClaim.TakenBySriovCni(foreign.get());
    }
    Path file = path(pci);
    String text = claimant.toJson().toPrettyString() + "\n";
    try {
      if (files.create(file, text)) {
        return new VfClaim.Granted(Optional.empty());
      }
      Optional<ClaimOwner> owner = owner(pci);
      if (owner.isPresent() && !owner.get().isSameAttachment(claimant) && isAlive(owner.get())) {
        return new VfClaim.Taken(owner.get());
      }
      Optional<ClaimOwner> previous = owner.filter(found -> !found.isSameAttachment(claimant));
      if (previous.isPresent()) {
        takeover.from(previous.get());
      }
      files.replace(file, text);
      return new VfClaim.Granted(previous);
    } catch (IOException e) {
      throw new StateException(
          "cannot claim VF " + pci + " in " + path(pci) + ": " + IoReason.of(e), e);
    }
  }

  /// Gives a VF back if it belongs to the attachment; otherwise does nothing.
  ///
  /// @param lock the lock of exactly this PCI function
  /// @return whether it was the attachment's
  public boolean release(HeldLock lock, PciAddress pci, ClaimOwner holder) throws StateException {
    require(lock, pci);
    if (owner(pci).filter(holder::isSameAttachment).isEmpty()) {
      return false;
    }
    try {
      return files.delete(path(pci));
    } catch (IOException e) {
      throw new StateException("cannot delete the claim " + path(pci) + ": " + IoReason.of(e), e);
    }
  }

  /// The VF's owner, alive or not; empty also for an unintelligible claim.
  public Optional<ClaimOwner> owner(PciAddress pci) throws StateException {
    try {
      return ClaimOwner.fromJson(Json.parseObject(beginning(path(pci))));
    } catch (NoSuchFileException | StateFile.UnfitFileException | JsonException _) {
      return Optional.empty();
    } catch (IOException e) {
      throw new StateException("cannot read the claim " + path(pci) + ": " + IoReason.of(e), e);
    }
  }

  /// Whether some pod has the VF, through us or through sriov-cni. A caller that acts on a "no"
  /// must hold the VF's lock from before the question.
  public boolean isTaken(PciAddress pci) throws StateException {
    return sriovCniNetns(pci).isPresent() || owner(pci).filter(this::isAlive).isPresent();
  }

  /// Whether sriov-cni has given the VF to a pod that may still exist.
  public boolean isWithSriovCni(PciAddress pci) throws StateException {
    return sriovCniNetns(pci).isPresent();
  }

  /// Hands over the claims one after the other, alive or not, in no order. An unreadable claim does
  /// not stop the others.
  ///
  /// @param passedOver gets a message for each claim that could not be read
  public void forEach(BiConsumer<PciAddress, ClaimOwner> each, Consumer<String> passedOver)
      throws StateException {
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
      for (Path file : entries) {
        Optional<PciAddress> pci = PciAddress.parse(String.valueOf(file.getFileName()));
        if (pci.isPresent()) {
          readable(pci.get(), passedOver).ifPresent(owner -> each.accept(pci.get(), owner));
        }
      }
    } catch (NoSuchFileException _) {
      // Nothing was ever claimed.
    } catch (IOException | DirectoryIteratorException e) {
      throw new StateException("cannot list the claims in " + directory + ": " + IoReason.of(e), e);
    }
  }

  private Optional<ClaimOwner> readable(PciAddress pci, Consumer<String> passedOver) {
    try {
      return owner(pci);
    } catch (StateException e) {
      passedOver.accept(e.getMessage());
      return Optional.empty();
    }
  }

  private boolean isAlive(ClaimOwner owner) {
    return recorded.test(owner) && !VanishedNetns.isKnown(owner.netns(), owner.id());
  }

  /// The netns to which sriov-cni gave the VF, unless it is known to be gone: sriov-cni itself
  /// treats the file of a vanished netns as stale.
  private Optional<String> sriovCniNetns(PciAddress pci) throws StateException {
    Path file = sriovCni.resolve(pci.toString());
    try {
      return Optional.of(new String(beginning(file), StandardCharsets.UTF_8).strip())
          .filter(netns -> !netns.isEmpty() && !VanishedNetns.isKnown(netns, NetnsId.UNKNOWN));
    } catch (NoSuchFileException _) {
      return Optional.empty();
    } catch (IOException e) {
      throw new StateException(
          "cannot read sriov-cni's allocation " + file + ": " + IoReason.of(e), e);
    }
  }

  /// The beginning of a file. If the file is longer, it makes no sense anyway.
  private static byte[] beginning(Path file) throws IOException {
    StateFile.requireOrdinary(file);
    try (InputStream content = Files.newInputStream(file)) {
      return content.readNBytes(MOST_BYTES);
    }
  }

  private Path path(PciAddress pci) {
    return directory.resolve(pci.toString());
  }

  private static void require(HeldLock lock, PciAddress pci) {
    if (!lock.name().equals(new LockName.OfPci(pci))) {
      throw new IllegalArgumentException("the lock on " + lock.name() + " is not that of " + pci);
    }
  }
}
