package dev.podbond.netlink.rtnl;

import dev.podbond.netlink.link.Link;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// Records what a monitor tells.
final class HeardNews implements LinkMonitor.Listener<String> {
  private static final Duration MOMENT = Duration.ofMillis(50);
  private static final Duration LIMIT = Duration.ofSeconds(30);

  private final List<String> links = new ArrayList<>();
  private final List<String> changed = new ArrayList<>();
  private boolean lost;

  /// Waits until something has changed in a namespace.
  static HeardNews awaitChange(LinkMonitor<String> monitor, String where) throws IOException {
    HeardNews heard = new HeardNews();
    long end = System.nanoTime() + LIMIT.toNanos();
    while (!heard.changed.contains(where)) {
      if (System.nanoTime() > end) {
        throw new AssertionError("nothing is heard of " + where + ", but of " + heard.changed);
      }
      monitor.await(LIMIT, heard);
    }
    return heard;
  }

  /// Waits until the monitor tells nothing for a moment.
  static void awaitSilence(LinkMonitor<String> monitor) throws IOException {
    HeardNews heard;
    do {
      heard = new HeardNews();
      monitor.await(MOMENT, heard);
      monitor.await(MOMENT, heard);
    } while (!heard.changed.isEmpty());
  }

  List<String> links() {
    return links;
  }

  List<String> changed() {
    return changed;
  }

  boolean isLost() {
    return lost;
  }

  @Override
  public void linkChanged(Link link) {
    links.add(link.name());
  }

  @Override
  public void newsLost() {
    lost = true;
  }

  @Override
  public void changed(String where) {
    changed.add(where);
  }
}
