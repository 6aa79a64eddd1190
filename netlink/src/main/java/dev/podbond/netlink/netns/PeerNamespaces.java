package dev.podbond.netlink.netns;

import dev.podbond.netlink.Errno;
import dev.podbond.netlink.NetlinkException;
import dev.podbond.netlink.socket.DumpReader;
import dev.podbond.netlink.socket.NetlinkRequest;
import dev.podbond.netlink.socket.NetlinkSocket;
import dev.podbond.netlink.wire.Attribute;
import dev.podbond.netlink.wire.MalformedMessage;
import dev.podbond.netlink.wire.NetlinkMessage;
import dev.podbond.netlink.wire.PayloadWriter;
import dev.podbond.netlink.wire.RtmType;
import java.util.Optional;
import java.util.OptionalInt;

/// The other network namespaces for which the socket's own namespace has ids. The kernel assigns an
/// id when a link moves to the other namespace (`dev_change_net_namespace`), or when a message has
/// to name it. The id lasts as long as both namespaces exist.
///
/// See `RTM_GETNSID` in rtnetlink(7) and `linux/net_namespace.h`.
public final class PeerNamespaces {
  private static final int NETNSA_NSID = 1;
  private static final int NETNSA_FD = 3;

  /// `struct rtgenmsg`: the family (`AF_UNSPEC` here), and padding up to the attributes.
  private static final int HEADER_LENGTH = 4;

  private final NetlinkSocket socket;

  /// The other namespaces as seen through a socket.
  public PeerNamespaces(NetlinkSocket socket) {
    this.socket = socket;
  }

  /// The id that the socket's namespace has for another namespace; empty without an id.
  ///
  /// @throws NetlinkException if the kernel refuses
  public OptionalInt idOf(Netns other) throws NetlinkException {
    NetlinkRequest request =
        new NetlinkRequest(
            RtmType.GETNSID,
            0,
            header().attributeU32(NETNSA_FD, other.fd()).toPayload(),
            "ask for the id of %s",
            other);
    FoundId found = new FoundId(OptionalInt.empty());
    try {
      found.read(socket.get(request));
    } catch (MalformedMessage e) {
      throw new NetlinkException(request.summary(), Errno.EBADMSG, e);
    }
    return found.id;
  }

  /// Whether it has an id for any namespace other than `known`. It keeps no list, so there may be
  /// any number of ids.
  ///
  /// @throws NetlinkException `EINTR` if ids changed during every attempt
  public boolean isAnyBut(Netns known) throws NetlinkException {
    FoundId found = new FoundId(idOf(known));
    socket.dump(
        new NetlinkRequest(
            RtmType.GETNSID, 0, header().toPayload(), "go through the namespaces' ids"),
        found);
    return found.isOther;
  }

  private static PayloadWriter header() {
    return new PayloadWriter().putBytes(new byte[HEADER_LENGTH]);
  }

  /// Remembers the last id, and whether any id differed from the expected one.
  private static final class FoundId implements DumpReader<NetlinkMessage> {
    private final OptionalInt expected;
    private OptionalInt id = OptionalInt.empty();
    private boolean isOther;

    FoundId(OptionalInt expected) {
      this.expected = expected;
    }

    @Override
    public void begin() {
      isOther = false;
    }

    @Override
    public void read(NetlinkMessage message) throws MalformedMessage {
      if (message.type() != RtmType.NEWNSID) {
        return;
      }
      Optional<Attribute> told = message.payload().attributes(HEADER_LENGTH).find(NETNSA_NSID);
      // -1 means that no id is assigned (`NETNSA_NSID_NOT_ASSIGNED`).
      if (told.isPresent() && told.get().s32() >= 0) {
        id = OptionalInt.of(told.get().s32());
        isOther |= !id.equals(expected);
      }
    }
  }
}
