package dev.podbond.ipam.hostlocal;

import dev.podbond.cni.spec.CniErrorCode;
import dev.podbond.cni.spec.CniException;
import dev.podbond.cni.spec.CniIp;
import dev.podbond.cni.spec.CniResult;
import dev.podbond.ipam.config.IpNumber;
import dev.podbond.ipam.config.UnfamiliarException;
import dev.podbond.ipam.files.AddressFiles;
import dev.podbond.ipam.store.NetworkStore;
import dev.podbond.value.AttachmentKey;
import dev.podbond.value.IoReason;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The verbs of host-local for one attachment. Each holds the lock of the network's store from
/// before its first look to after its last change.
///
/// @param files all changes of the store go through here
/// @param patience how long to wait for the lock
public record HostLocal(AddressFiles files, Duration patience) {
  private NetworkStore open(HostLocalConfig config, AttachmentKey key)
      throws CniException, UnfamiliarException {
    try {
      return NetworkStore.open(config.directory(), files, patience, key);
    } catch (IOException e) {
      throw failure(
          "cannot open the addresses in " + config.directory() + ": " + IoReason.withFile(e), e);
    }
  }

  private static CniException failure(String message, IOException cause) {
    return new CniException(CniErrorCode.INTERNAL, message, cause);
  }

  /// Takes one address out of each set of ranges, or none at all.
  ///
  /// @return the result of an ADD
  public CniResult add(HostLocalConfig config, AttachmentKey key)
      throws CniException, UnfamiliarException {
    try (NetworkStore store = open(config, key)) {
      List<IpNumber> wishes = new ArrayList<>(config.wishes());
      List<CniIp> ips = new ArrayList<>();
      for (RangeSet set : config.sets()) {
        Optional<IpNumber> wish = wishes.stream().filter(set::contains).findFirst();
        wish.ifPresent(wishes::remove);
        ips.add(allocateOrRelease(store, key, set, wish, ips.size()));
      }
      if (!wishes.isEmpty()) {
        release(store, ips.size());
        throw new CniException(
            CniErrorCode.INTERNAL,
            "failed to allocate all requested IPs: "
                + String.join(" ", wishes.stream().map(IpNumber::toString).toList()));
      }
      return CniResult.EMPTY.withIps(ips).withRoutes(config.routes());
    }
  }

  private static CniIp allocateOrRelease(
      NetworkStore store, AttachmentKey key, RangeSet set, Optional<IpNumber> wish, int index)
      throws CniException {
    Optional<String> problem;
    try {
      Allocation allocation = allocate(store, key, set, wish, index);
      switch (allocation) {
        case Allocation.Made(RangeSet.Candidate given) -> {
          return CniIp.of(
              given.range().withLength(given.address()),
              Optional.of(given.range().gateway().address()));
        }
        case Allocation.Refused(String why) -> problem = Optional.of(why);
      }
    } catch (IOException e) {
      problem = Optional.of(IoReason.withFile(e));
    }
    release(store, index);
    throw new CniException(
        CniErrorCode.INTERNAL,
        "failed to allocate for range " + index + ": " + problem.orElseThrow());
  }

  private sealed interface Allocation {
    record Made(RangeSet.Candidate given) implements Allocation {}

    record Refused(String why) implements Allocation {}
  }

  private static Allocation allocate(
      NetworkStore store, AttachmentKey key, RangeSet set, Optional<IpNumber> wish, int index)
      throws IOException {
    if (wish.isPresent()) {
      return allocateWish(store, set, wish.get(), index);
    }
    Optional<IpNumber> own = store.addresses().stream().filter(set::contains).findFirst();
    if (own.isPresent()) {
      return new Allocation.Refused(
          own.get()
              + " has been allocated to "
              + key.containerId()
              + ", duplicate allocation is not allowed");
    }
    Optional<IpNumber> last = store.lastReserved(index);
    while (true) {
      Optional<RangeSet.Candidate> next = set.next(last, store::isTaken);
      if (next.isEmpty()) {
        return new Allocation.Refused("no IP addresses available in range set: " + set);
      }
      if (store.reserve(next.get().address(), index)) {
        return new Allocation.Made(next.get());
      }
    }
  }

  private static Allocation allocateWish(NetworkStore store, RangeSet set, IpNumber wish, int index)
      throws IOException {
    RangeSet.Candidate wished = new RangeSet.Candidate(wish, set.rangeOf(wish).orElseThrow());
    if (wished.isGateway()) {
      return new Allocation.Refused("requested ip " + wish + " is subnet's gateway");
    }
    return store.reserve(wish, index)
        ? new Allocation.Made(wished)
        : new Allocation.Refused(
            "requested IP address " + wish + " is not available in range set " + set);
  }

  /// As often as host-local does it: once for each set, and the second time finds what releases
  /// before the interface's name was kept left there.
  private static void release(NetworkStore store, int times) {
    for (int i = 0; i < times; i++) {
      store.release();
    }
  }

  /// Gives back what the attachment has; succeeds if it has nothing.
  public void del(HostLocalConfig config, AttachmentKey key)
      throws CniException, UnfamiliarException {
    try (NetworkStore store = open(config, key)) {
      release(store, config.sets().size());
    }
  }

  /// Succeeds if the attachment has at least one address.
  public void check(HostLocalConfig config, AttachmentKey key)
      throws CniException, UnfamiliarException {
    try (NetworkStore store = open(config, key)) {
      if (!store.hasAny()) {
        throw new CniException(
            CniErrorCode.INTERNAL,
            "host-local: Failed to find address added by container " + key.containerId());
      }
    }
  }
}
