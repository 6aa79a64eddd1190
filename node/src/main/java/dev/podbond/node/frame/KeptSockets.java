package dev.podbond.node.frame;

import dev.podbond.netlink.LinuxException;
import dev.podbond.netlink.netns.PacketSocket;
import dev.podbond.node.wait.Background;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;

/// Packet sockets that stay open from one look to the next, since to close one takes the kernel
/// some time. Not for use by several threads.
///
/// @param <K> where each listens
/// @param <P> to what it listens there
public final class KeptSockets<K extends Comparable<K>, P> {
  /// Of one socket in one look. It is more than its queue holds, so that usually nothing is left
  /// there for the next look, and a flood keeps nobody busy.
  private static final int MOST_FRAMES = 256;

  private final Map<K, Kept<P>> open = new TreeMap<>();

  /// What is to be closed when the look is over.
  private final List<PacketSocket> givenUp = new ArrayList<>();

  private record Kept<P>(int link, P purpose, PacketSocket socket) {
    boolean isFor(int otherLink, P otherPurpose) {
      return link == otherLink && purpose.equals(otherPurpose);
    }
  }

  /// Opens a socket.
  @FunctionalInterface
  public interface Opening {
    /// On the link that it is for.
    PacketSocket open() throws LinuxException;
  }

  /// Listens on a socket.
  @FunctionalInterface
  public interface Listener<K, P> {
    /// One of those that are open.
    void on(K where, P purpose, PacketSocket socket) throws LinuxException;
  }

  /// None yet.
  public KeptSockets() {}

  /// The socket for this: the one that is open, or else a new one.
  public PacketSocket at(K where, int link, P purpose, Opening opening) throws LinuxException {
    Kept<P> last = open.get(where);
    if (last != null && last.isFor(link, purpose)) {
      return last.socket();
    }
    giveUp(where);
    PacketSocket socket = opening.open();
    open.put(where, new Kept<>(link, purpose, socket));
    return socket;
  }

  /// Where sockets are open.
  public Set<K> places() {
    return new TreeSet<>(open.keySet());
  }

  /// Listens on all of them. One on which that fails, as when its interface was set down, is given
  /// up.
  public void listen(Listener<K, P> listener) {
    new TreeMap<>(open)
        .forEach((where, kept) -> {
          try {
            listener.on(where, kept.purpose(), kept.socket());
          } catch (LinuxException _) {
            giveUp(where);
          }
        });
  }

  /// Takes the frames that have come in on a socket, without waiting for any.
  public static void drain(PacketSocket socket, Consumer<byte[]> sink) throws LinuxException {
    for (int i = 0; i < MOST_FRAMES; i++) {
      Optional<byte[]> frame = socket.receive();
      if (frame.isEmpty()) {
        return;
      }
      sink.accept(frame.get());
    }
  }

  /// From now on nobody listens there.
  public void giveUp(K where) {
    Kept<P> last = open.remove(where);
    if (last != null) {
      givenUp.add(last.socket());
    }
  }

  /// From now on nobody listens anywhere else.
  public void giveUpAllBut(Set<K> wanted) {
    places().stream().filter(where -> !wanted.contains(where)).forEach(this::giveUp);
  }

  /// Closes what was given up. Nobody has to wait for that. It is one thread for all of them: there
  /// may be thousands.
  public void closeGivenUp() {
    if (!givenUp.isEmpty()) {
      List<PacketSocket> all = List.copyOf(givenUp);
      givenUp.clear();
      Background.start(() -> all.forEach(PacketSocket::close));
    }
  }
}
