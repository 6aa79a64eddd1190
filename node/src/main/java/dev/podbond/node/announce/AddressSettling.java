package dev.podbond.node.announce;

import dev.podbond.netlink.NetlinkException;
import dev.podbond.netlink.ip.IpAddress;
import dev.podbond.netlink.rtnl.Rtnetlink;
import dev.podbond.node.wait.Polling;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;

/// Waits until duplicate address detection (RFC 4862 section 5.4) has finished for a link's
/// addresses: before that no program can bind them, and a route has no source address to use.
public final class AddressSettling {
  /// The time that Go's CNI plugins wait if there is an IPv6 gateway.
  public static final Duration USUAL_LIMIT = Duration.ofSeconds(5);

  private final Rtnetlink access;
  private final Polling polling;

  public AddressSettling(Rtnetlink access, Polling polling) {
    this.access = access;
    this.polling = polling;
  }

  /// The result of the wait.
  ///
  /// @param tentative addresses still being examined when the limit had passed
  /// @param duplicate addresses that another node has
  public record Outcome(List<InetAddress> tentative, List<InetAddress> duplicate) {
    public boolean isSettled() {
      return tentative.isEmpty() && duplicate.isEmpty();
    }
  }

  /// Waits for all addresses of a link, for at most `limit`; a duplicate ends the wait.
  public Outcome await(int linkIndex, Duration limit) throws NetlinkException {
    polling.until(
        () -> {
          Outcome now = now(linkIndex);
          return now.tentative().isEmpty() || !now.duplicate().isEmpty();
        },
        limit);
    return now(linkIndex);
  }

  private Outcome now(int linkIndex) throws NetlinkException {
    List<IpAddress> addresses = access.addresses().list(linkIndex);
    return new Outcome(
        addresses.stream()
            .filter(address -> address.flags().isTentative() && !address.flags().isDadFailed())
            .map(IpAddress::address)
            .toList(),
        addresses.stream()
            .filter(address -> address.flags().isDadFailed())
            .map(IpAddress::address)
            .toList());
  }
}
