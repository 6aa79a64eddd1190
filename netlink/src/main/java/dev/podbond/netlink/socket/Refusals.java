package dev.podbond.netlink.socket;

import dev.podbond.netlink.Errno;
import dev.podbond.netlink.NetlinkException;
import dev.podbond.netlink.wire.Acknowledgement;
import dev.podbond.netlink.wire.MalformedMessage;
import dev.podbond.netlink.wire.NetlinkFlags;
import dev.podbond.netlink.wire.NetlinkMessage;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/// The outcome of requests that are sent together. Their sequence numbers follow one another, and
/// only the last asks for an acknowledgement (`netlink_rcv_skb`).
final class Refusals {
  private final List<NetlinkRequest> requests;
  private final int firstSequence;
  private final List<Optional<NetlinkException>> refusals;
  private boolean complete;

  Refusals(List<NetlinkRequest> requests, int firstSequence) {
    this.requests = requests;
    this.firstSequence = firstSequence;
    this.refusals = new ArrayList<>(Collections.nCopies(requests.size(), Optional.empty()));
  }

  List<NetlinkMessage> messages(int portId) {
    List<NetlinkMessage> messages = new ArrayList<>(requests.size());
    for (int i = 0; i < requests.size(); i++) {
      NetlinkRequest request = requests.get(i);
      int acknowledged = i == requests.size() - 1 ? NetlinkFlags.ACK : 0;
      messages.add(
          new NetlinkMessage(
              request.type(),
              request.flags() | NetlinkFlags.REQUEST | acknowledged,
              firstSequence + i,
              portId,
              request.payload()));
    }
    return messages;
  }

  /// Whether the last request has its answer.
  boolean areComplete() {
    return complete;
  }

  /// Takes one message; any but an answer to one of the requests is passed over.
  void take(NetlinkMessage message) throws MalformedMessage {
    int i = message.sequence() - firstSequence;
    if (message.type() != NetlinkFlags.ERROR || i < 0 || i >= requests.size()) {
      return;
    }
    Acknowledgement answer = Acknowledgement.parse(message);
    if (answer.error() != 0) {
      refusals.set(i, Optional.of(refusal(requests.get(i), answer)));
    }
    complete |= i == requests.size() - 1;
  }

  /// The requests without an answer stay without one: the kernel may have carried out any of them.
  void giveUp(Errno errno, Exception cause) {
    for (int i = 0; i < requests.size(); i++) {
      if (refusals.get(i).isEmpty()) {
        String summary = requests.get(i).summary();
        refusals.set(i, Optional.of(new NetlinkException(summary, errno, cause)));
      }
    }
  }

  static NetlinkException refusal(NetlinkRequest request, Acknowledgement answer) {
    return new NetlinkException(request.summary(), new Errno(answer.error()), answer.message());
  }

  List<Optional<NetlinkException>> list() {
    return List.copyOf(refusals);
  }
}
