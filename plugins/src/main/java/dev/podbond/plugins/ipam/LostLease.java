package dev.podbond.plugins.ipam;

import dev.podbond.json.JsonObject;
import dev.podbond.json.JsonString;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;

/// A lease that nobody can give back any more. The `dhcp` plugin leaves leases to a daemon, which
/// holds them only in its memory. Without that daemon nothing renews the lease, and the server
/// takes it back when it expires. A daemon that is started later does not know the lease and would
/// report it as released.
public final class LostLease {
  private static final String USUAL_SOCKET = "/run/cni/dhcp.sock";

  private LostLease() {}

  /// Whether a network's addresses are such leases now.
  ///
  /// @param config the network configuration, as ADD had it
  /// @return why nothing is left to be released; empty if that may still succeed
  public static Optional<String> of(JsonObject config) {
    if (!(config.get("ipam").orElse(config) instanceof JsonObject ipam)
        || !ipam.get("type").orElse(ipam).equals(new JsonString("dhcp"))) {
      return Optional.empty();
    }
    String socket =
        ipam.get("daemonSocketPath").orElse(ipam) instanceof JsonString(String path)
                && !path.isEmpty()
            ? path
            : USUAL_SOCKET;
    return answers(socket)
        ? Optional.empty()
        : Optional.of(
            "no dhcp daemon answers on "
                + socket
                + ", so nobody holds or renews the lease: it is left to run out");
  }

  private static boolean answers(String socket) {
    try (SocketChannel _ = SocketChannel.open(UnixDomainSocketAddress.of(Path.of(socket)))) {
      return true;
    } catch (IOException | InvalidPathException _) {
      return false;
    }
  }
}
