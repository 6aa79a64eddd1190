package dev.podbond.netlink.socket;

import dev.podbond.netlink.LinuxException;
import dev.podbond.netlink.linux.LinuxCalls;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/// Waits for announcements on many sockets with one thread.
public final class EventSelector implements AutoCloseable {
  private final LinuxCalls calls;
  private final WakeUp wake;

  private EventSelector(LinuxCalls calls, WakeUp wake) {
    this.calls = calls;
    this.wake = wake;
  }

  /// A selector of this process.
  ///
  /// @throws LinuxException if the kernel has no descriptor to give
  public static EventSelector open() throws LinuxException {
    LinuxCalls calls = LinuxCalls.system();
    return new EventSelector(calls, WakeUp.open(calls));
  }

  /// Waits until one of the sockets has something, [#wakeUp] is called, or the time is over. None
  /// of the sockets may be closed meanwhile.
  ///
  /// @return the indices of the sockets that have something
  public List<Integer> select(List<NetlinkEvents> sockets, Duration timeout) throws LinuxException {
    int[] fds = new int[sockets.size() + 1];
    fds[0] = wake.number();
    for (int i = 0; i < sockets.size(); i++) {
      fds[i + 1] = sockets.get(i).number();
    }
    BitSet ready = calls.poll(fds, Deadline.in(timeout).remainingMillis());
    if (ready.get(0)) {
      wake.silence();
    }
    List<Integer> indices = new ArrayList<>();
    for (int i = ready.nextSetBit(1); i >= 0; i = ready.nextSetBit(i + 1)) {
      indices.add(i - 1);
    }
    return indices;
  }

  /// Ends the present or next [#select]; any thread may call it.
  public void wakeUp() {
    wake.ring();
  }

  @Override
  public void close() {
    wake.close();
  }
}
