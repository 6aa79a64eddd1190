package dev.podbond.node.probe;

import dev.podbond.bonding.uplink.ProbePath;
import dev.podbond.bonding.uplink.ProbeReach;
import dev.podbond.bonding.uplink.Reading;
import java.net.InetAddress;
import java.util.Map;
import java.util.Set;

/// Asks hosts whether they are there, and hears later who has answered. Nobody is waited for.
public interface Probes {
  /// What became of asking.
  ///
  /// @param unasked the ways on which nobody could be asked, and what follows from that
  /// @param byMac the ways on which a host was asked by a frame for it alone
  record Asked(Map<ProbePath, Reading> unasked, Set<ProbePath> byMac) {
    /// Copies both.
    public Asked {
      unasked = Map.copyOf(unasked);
      byMac = Set.copyOf(byMac);
    }
  }

  /// Asks each of these hosts once, on its way. A way that is not among them is given up.
  Asked ask(Map<ProbePath, Set<InetAddress>> questions, ProbeReach reach);

  /// Asks the same hosts once more on some of these ways, and everybody for them. What answered
  /// before is forgotten there. Of a way on which that fails, the next [#ask] tells.
  void askEverybody(Set<ProbePath> ways);

  /// On which ways a host has answered, since this was last asked, of those that are asked there.
  Set<ProbePath> answered();

  /// Gives all ways up, until somebody asks again.
  void stop();
}
