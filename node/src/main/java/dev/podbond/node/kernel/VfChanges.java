package dev.podbond.node.kernel;

import dev.podbond.bonding.change.Change;
import dev.podbond.bonding.facts.VfRef;
import dev.podbond.bonding.facts.VfSettings;
import dev.podbond.bonding.net.LinkRef;
import dev.podbond.netlink.Errno;
import dev.podbond.netlink.NetlinkException;
import dev.podbond.netlink.link.Link;
import dev.podbond.netlink.link.Links;
import dev.podbond.netlink.link.Vf;
import dev.podbond.netlink.link.VfRate;
import dev.podbond.node.wait.Polling;
import dev.podbond.node.wire.VfSettingsOnWire;
import java.time.Duration;
import java.util.Optional;

/// VF settings through the PF.
final class VfChanges {
  /// How long a driver may answer "try again" while it resets the VF (i40e, ice).
  private static final Duration RESET_LIMIT = Duration.ofSeconds(2);

  private final LinkLookup lookup;
  private final Polling polling;

  VfChanges(LinkLookup lookup, Polling polling) {
    this.lookup = lookup;
    this.polling = polling;
  }

  /// The kernel hands one setting after the other to the driver; if that refuses one, those before
  /// it are put back.
  void apply(Change.SetVf set) throws Refusal, NetlinkException {
    Link pf = pf(set.vf());
    Vf before = vf(pf, set.vf());
    try {
      send(pf, set.vf(), set.settings(), before.rate());
    } catch (NetlinkException e) {
      if (!e.isAnswered()) {
        throw e;
      }
      throw putBack(set, before, e);
    }
  }

  private void send(Link pf, VfRef vf, VfSettings settings, VfRate rate)
      throws Refusal, NetlinkException {
    Links links = lookup.at(LinkRef.host(vf.pf())).links();
    Attempt attempt =
        new Attempt(
            () -> links.changeVf(pf.index(), VfSettingsOnWire.encode(vf.index(), settings, rate)));
    if (!polling.until(attempt::isOver, RESET_LIMIT) && attempt.refused.isPresent()) {
      throw attempt.refused.get();
    }
  }

  private Refusal putBack(Change.SetVf set, Vf before, NetlinkException cause)
      throws Refusal, NetlinkException {
    String reason = NodeKernel.reason(cause.errno(), cause.kernelMessage());
    Link pf = pf(set.vf());
    VfSettings back =
        VfSettingsOnWire.toPutBack(
            set.settings(),
            VfSettingsOnWire.decode(before),
            VfSettingsOnWire.decode(vf(pf, set.vf())));
    try {
      if (!back.isEmpty()) {
        send(pf, set.vf(), back, before.rate());
      }
      return new Refusal(cause.errno().symbol(), reason);
    } catch (NetlinkException e) {
      return new Refusal(
          cause.errno().symbol(),
          reason + "; and " + back + " could not be put back: " + e.getMessage());
    }
  }

  private Link pf(VfRef vf) throws Refusal, NetlinkException {
    return lookup.at(LinkRef.host(vf.pf())).links().getWithVfs(vf.pf());
  }

  private static Vf vf(Link pf, VfRef ref) throws Refusal {
    Optional<Vf> vf = pf.vf(ref.index());
    if (vf.isEmpty()) {
      throw new Refusal(
          "ENODEV",
          "PF " + ref.pf() + " has no VF " + ref.index() + " (it has " + pf.vfs().size() + ")");
    }
    return vf.get();
  }

  /// A message to the driver.
  @FunctionalInterface
  private interface Message {
    void send() throws NetlinkException;
  }

  /// One message, sent until the driver no longer says "try again".
  private static final class Attempt {
    private final Message message;
    private Optional<NetlinkException> refused = Optional.empty();

    Attempt(Message message) {
      this.message = message;
    }

    boolean isOver() throws NetlinkException {
      try {
        message.send();
        return true;
      } catch (NetlinkException e) {
        if (!e.errno().equals(Errno.EAGAIN)) {
          throw e;
        }
        refused = Optional.of(e);
        return false;
      }
    }
  }
}
