package dev.podbond.netlink.socket;

import dev.podbond.netlink.Errno;
import dev.podbond.netlink.LinuxException;
import dev.podbond.netlink.NetlinkException;
import dev.podbond.netlink.linux.Fd;
import dev.podbond.netlink.linux.LinuxCalls;
import dev.podbond.netlink.linux.NetnsCookie;
import dev.podbond.netlink.linux.NetnsThread;
import dev.podbond.netlink.netns.Netns;
import dev.podbond.netlink.wire.Acknowledgement;
import dev.podbond.netlink.wire.MalformedMessage;
import dev.podbond.netlink.wire.NetlinkFlags;
import dev.podbond.netlink.wire.NetlinkMessage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.locks.ReentrantLock;

/// A `NETLINK_ROUTE` socket for requests and their answers.
///
/// It always belongs to the network namespace in which it was opened. Any thread may use it,
/// virtual threads too, from any namespace; one exchange runs at a time. Extended acknowledgements,
/// capped acknowledgements and strict checking of requests are on if the kernel has them (4.12,
/// 4.3, 4.20).
public final class NetlinkSocket implements AutoCloseable {
  /// How long an answer may take. rtnetlink answers before `sendto` returns. If another process
  /// holds the RTNL lock, it is `sendto` that waits.
  public static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(10);

  /// How many objects one list may hold. It is more than a node has of any object that we list as a
  /// whole.
  public static final int MAX_LISTED = 10_000;

  private static final int MAX_DUMP_ATTEMPTS = 10;

  private final Datagrams datagrams;
  private final Fd fd;
  private final Duration timeout;
  private final ReentrantLock oneExchange = new ReentrantLock();
  private int sequence;

  private NetlinkSocket(Datagrams datagrams, Fd fd, Duration timeout) {
    this.datagrams = datagrams;
    this.fd = fd;
    this.timeout = timeout;
  }

  /// Opens a socket in the network namespace of this process.
  ///
  /// @throws LinuxException if the kernel refuses
  public static NetlinkSocket open() throws LinuxException {
    return open(DEFAULT_TIMEOUT);
  }

  /// The same with a limit on the time for an answer.
  public static NetlinkSocket open(Duration timeout) throws LinuxException {
    LinuxCalls calls = LinuxCalls.system();
    return adopt(calls, Datagrams.open(calls), timeout);
  }

  /// Opens a socket in another network namespace.
  ///
  /// @throws LinuxException if the namespace cannot be entered, `EPERM` without `CAP_SYS_ADMIN`
  public static NetlinkSocket open(Netns netns) throws LinuxException {
    return open(netns, DEFAULT_TIMEOUT);
  }

  /// The same with a limit on the time for an answer.
  public static NetlinkSocket open(Netns netns, Duration timeout) throws LinuxException {
    int number = NetnsThread.system().inside(netns.fd(), Datagrams::open);
    return adopt(LinuxCalls.system(), number, timeout);
  }

  /// Takes over a new `NETLINK_ROUTE` socket and sets it up.
  static NetlinkSocket adopt(LinuxCalls calls, int number, Duration timeout) throws LinuxException {
    Fd fd = new Fd(calls, number, "netlink socket");
    try {
      return new NetlinkSocket(Datagrams.forAnswers(calls, number), fd, timeout);
    } catch (LinuxException | RuntimeException e) {
      fd.close();
      throw e;
    }
  }

  /// Sends a request that changes something and waits for the kernel's acknowledgement.
  ///
  /// @throws NetlinkException if the kernel refuses
  public void change(NetlinkRequest request) throws NetlinkException {
    exchange(request, request.flags() | NetlinkFlags.ACK, _ -> {});
  }

  /// Sends changes together, in one datagram, and waits for the end of the last. The kernel makes
  /// one after the other, and goes on after one that it refuses. It acknowledges only the last; a
  /// refusal comes without asking, before the answer to any later change.
  ///
  /// @param requests a few dozen at most, since one datagram holds them all
  /// @return for each request, in order, why it failed. If an answer was lost, that is how all
  ///   requests failed that had no answer before.
  public List<Optional<NetlinkException>> changeEach(List<NetlinkRequest> requests) {
    if (requests.isEmpty()) {
      return List.of();
    }
    oneExchange.lock();
    try {
      Refusals refusals = new Refusals(requests, sequence + 1);
      sequence += requests.size();
      try {
        fd.number();
        datagrams.send(refusals.messages(datagrams.portId()));
        Deadline deadline = Deadline.in(timeout);
        while (!refusals.areComplete()) {
          for (NetlinkMessage message : datagrams.receive(deadline)) {
            if (message.portId() == datagrams.portId()) {
              refusals.take(message);
            }
          }
        }
      } catch (LinuxException e) {
        refusals.giveUp(e.errno(), e);
      } catch (MalformedMessage e) {
        refusals.giveUp(Errno.EBADMSG, e);
      }
      return refusals.list();
    } finally {
      oneExchange.unlock();
    }
  }

  /// Sends a request for one object and returns the kernel's answer, which is a single message. No
  /// acknowledgement is asked for, since the object itself shows that the kernel agreed; a refusal
  /// comes without asking.
  ///
  /// @throws NetlinkException if the kernel refuses, `ENODEV` or the like if there is no such
  ///   object; `EBADMSG` if it agrees and sends no object
  public NetlinkMessage get(NetlinkRequest request) throws NetlinkException {
    List<NetlinkMessage> answers = new ArrayList<>(1);
    boolean _ = exchange(request, request.flags(), answers::add);
    if (answers.isEmpty()) {
      throw new NetlinkException(
          request.summary() + ": the kernel agreed, and sent nothing",
          Errno.EBADMSG,
          Optional.empty());
    }
    return answers.getFirst();
  }

  /// As [#get], for an object that need not exist: that is asked often, and takes no exception.
  ///
  /// @param absent what the kernel answers if there is no such object
  /// @throws NetlinkException if the kernel refuses with any other error
  public Optional<NetlinkMessage> find(NetlinkRequest request, Errno absent)
      throws NetlinkException {
    List<NetlinkMessage> answers = new ArrayList<>(1);
    boolean _ = exchange(request, request.flags(), Optional.of(absent), answers::add);
    return answers.stream().findFirst();
  }

  /// Sends a request for all objects of a kind and hands over each object as it arrives. If the
  /// kernel marks the dump as interrupted by a change, the dump restarts, so the objects of the
  /// last run are consistent.
  ///
  /// @throws NetlinkException if the kernel refuses; `EINTR` if every attempt was interrupted
  public void dump(NetlinkRequest request, DumpReader<NetlinkMessage> reader)
      throws NetlinkException {
    for (int attempt = 1; attempt <= MAX_DUMP_ATTEMPTS; attempt++) {
      reader.begin();
      if (!exchange(request, request.flags() | NetlinkFlags.DUMP, reader)) {
        return;
      }
    }
    throw new NetlinkException(
        request.summary()
            + ": the tables changed during each of "
            + MAX_DUMP_ATTEMPTS
            + " attempts to list them",
        Errno.EINTR,
        Optional.empty());
  }

  /// Does the same as [#dump], but collects what `kept` makes of each message, up to [#MAX_LISTED]
  /// objects.
  ///
  /// @param kept makes the object to keep of a message; empty to ignore the message
  /// @param <T> the kind of object kept
  /// @throws NetlinkException as [#dump], and `E2BIG` for more than [#MAX_LISTED] objects
  public <T> List<T> list(NetlinkRequest request, Kept<T> kept) throws NetlinkException {
    Listing<T> listing = new Listing<>(kept);
    dump(request, listing);
    if (listing.found > MAX_LISTED) {
      throw new NetlinkException(
          "%s: %d found, of which at most %d are held at a time"
              .formatted(request.summary(), listing.found, MAX_LISTED),
          Errno.E2BIG,
          Optional.empty());
    }
    return List.copyOf(listing.objects);
  }

  /// Makes the object that [NetlinkSocket#list] keeps of a message.
  ///
  /// @param <T> the kind of object kept
  @FunctionalInterface
  public interface Kept<T> {
    Optional<T> of(NetlinkMessage message) throws MalformedMessage;
  }

  private static final class Listing<T> implements DumpReader<NetlinkMessage> {
    private final Kept<T> kept;
    private final List<T> objects = new ArrayList<>();
    private int found;

    Listing(Kept<T> kept) {
      this.kept = kept;
    }

    @Override
    public void begin() {
      objects.clear();
      found = 0;
    }

    @Override
    public void read(NetlinkMessage message) throws MalformedMessage {
      Optional<T> object = kept.of(message);
      if (object.isPresent()) {
        found++;
        if (found <= MAX_LISTED) {
          objects.add(object.get());
        } else {
          objects.clear();
        }
      }
    }
  }

  /// The cookie of the socket's network namespace: see [Netns#cookie].
  ///
  /// @throws LinuxException if the kernel refuses
  public OptionalLong netnsCookie() throws LinuxException {
    oneExchange.lock();
    try {
      return NetnsCookie.of(LinuxCalls.system(), fd.number());
    } finally {
      oneExchange.unlock();
    }
  }

  /// Closes the socket after the exchange under way; further calls do nothing.
  @Override
  public void close() {
    oneExchange.lock();
    try {
      fd.close();
    } finally {
      oneExchange.unlock();
    }
  }

  /// @return whether the kernel marked the answer as interrupted by a change
  private boolean exchange(NetlinkRequest request, int flags, DumpReader<NetlinkMessage> reader)
      throws NetlinkException {
    return exchange(request, flags, Optional.empty(), reader);
  }

  private boolean exchange(
      NetlinkRequest request, int flags, Optional<Errno> absent, DumpReader<NetlinkMessage> reader)
      throws NetlinkException {
    oneExchange.lock();
    try {
      fd.number();
      int number = ++sequence;
      datagrams.send(
          List.of(
              new NetlinkMessage(
                  request.type(),
                  flags | NetlinkFlags.REQUEST,
                  number,
                  datagrams.portId(),
                  request.payload())));
      boolean endsWithObject = (flags & (NetlinkFlags.ACK | NetlinkFlags.DUMP)) == 0;
      return collect(request, number, endsWithObject, absent, reader);
    } catch (LinuxException e) {
      throw new NetlinkException(request.summary(), e.errno(), e);
    } catch (MalformedMessage e) {
      throw new NetlinkException(request.summary(), Errno.EBADMSG, e);
    } finally {
      oneExchange.unlock();
    }
  }

  /// Reads an answer to its end even if the reader cannot make sense of a part: otherwise the rest
  /// of a dump would get in the way of the next request.
  ///
  /// @param endsWithObject whether the answer is one object, or a refusal
  /// @param absent an error that is an answer, too
  private boolean collect(
      NetlinkRequest request,
      int number,
      boolean endsWithObject,
      Optional<Errno> absent,
      DumpReader<NetlinkMessage> reader)
      throws NetlinkException, LinuxException, MalformedMessage {
    Deadline deadline = Deadline.in(timeout);
    Optional<MalformedMessage> senseless = Optional.empty();
    boolean interrupted = false;
    while (true) {
      for (NetlinkMessage message : datagrams.receive(deadline)) {
        // Any other message is a late answer to an earlier exchange that timed out.
        if (message.sequence() != number || message.portId() != datagrams.portId()) {
          continue;
        }
        interrupted |= message.hasFlags(NetlinkFlags.DUMP_INTERRUPTED);
        switch (message.type()) {
          case NetlinkFlags.NOOP -> {}
          case NetlinkFlags.ERROR, NetlinkFlags.DONE -> {
            Acknowledgement end = Acknowledgement.parse(message);
            if (absent.isEmpty() || absent.get().number() != end.error()) {
              check(request, end);
            }
            if (senseless.isPresent()) {
              throw senseless.get();
            }
            return interrupted;
          }
          default -> {
            if (senseless.isEmpty()) {
              senseless = taken(reader, message);
            }
            if (endsWithObject && senseless.isEmpty()) {
              return interrupted;
            }
          }
        }
      }
    }
  }

  private static Optional<MalformedMessage> taken(
      DumpReader<NetlinkMessage> reader, NetlinkMessage message) {
    try {
      reader.read(message);
      return Optional.empty();
    } catch (MalformedMessage e) {
      return Optional.of(e);
    }
  }

  private static void check(NetlinkRequest request, Acknowledgement end) throws NetlinkException {
    if (end.error() != 0) {
      throw Refusals.refusal(request, end);
    }
  }
}
