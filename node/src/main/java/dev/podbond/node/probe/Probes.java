package dev.podbond.node.probe;

import dev.podbond.bonding.uplink.ProbePath;
import dev.podbond.bonding.uplink.Reading;
import java.net.InetAddress;
import java.util.Map;
import java.util.Set;

/// Asks hosts whether they are there, and hears later who has answered. Nobody is waited for.
public interface Probes {
  /// Asks each of these hosts once, on its way. A way that is not among them is given up.
  ///
  /// @return the ways on which nobody could be asked, and what follows from that
  Map<ProbePath, Reading> ask(Map<ProbePath, Set<InetAddress>> questions);

  /// On which ways a host has answered, since this was last asked, of those that are asked there.
  Set<ProbePath> answered();

  /// Gives all ways up, until somebody asks again.
  void stop();
}
