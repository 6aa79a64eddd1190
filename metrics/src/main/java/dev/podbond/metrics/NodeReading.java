package dev.podbond.metrics;

import dev.podbond.bonding.lldp.Neighbour;
import dev.podbond.bonding.uplink.Reading;
import dev.podbond.json.JsonBoolean;
import dev.podbond.json.JsonObject;
import java.util.List;
import java.util.Optional;

/// What an agent knows of its node at the time of an answer.
///
/// @param bonds the bonds of all pods
/// @param pfs the PFs whose VFs are members of bonds
/// @param counters what was counted since the agent started
/// @param pending deletions that wait; empty as long as nobody could count them
/// @param process the agent's own process
/// @param storm whether so many uplinks look bad that none counts; empty if none is watched
/// @param ready whether no bond is missing because nobody has looked at its pod yet
public record NodeReading(
    List<BondReading> bonds,
    List<PfReading> pfs,
    NodeCounters counters,
    Optional<PendingReading> pending,
    ProcessReading process,
    Optional<Boolean> storm,
    boolean ready) {
  /// Where no uplink is watched, and nobody has to look at a pod any more.
  public NodeReading(
      List<BondReading> bonds,
      List<PfReading> pfs,
      NodeCounters counters,
      Optional<PendingReading> pending,
      ProcessReading process) {
    this(bonds, pfs, counters, pending, process, Optional.empty(), true);
  }

  /// Whether anybody looks what is behind the PFs' cables.
  boolean isWatched() {
    return storm.isPresent();
  }

  /// Copies the lists.
  public NodeReading {
    bonds = List.copyOf(bonds);
    pfs = List.copyOf(pfs);
  }

  /// A PF.
  ///
  /// @param name its interface on the host
  /// @param pci its function's address
  /// @param carrier empty if it is not known
  /// @param now whether what is behind its cable carries traffic at this moment
  /// @param verdict the same over time; empty if nobody watches it
  /// @param neighbour who is at the other end of its cable, as LLDP says; empty if nobody does
  public record PfReading(
      String name,
      String pci,
      Optional<Boolean> carrier,
      Reading now,
      Optional<Reading> verdict,
      Optional<Neighbour> neighbour) {
    /// A PF whose uplink nobody watches.
    public PfReading(String name, String pci, Optional<Boolean> carrier, Reading now) {
      this(name, pci, carrier, now, Optional.empty(), Optional.empty());
    }

    /// With the verdict on what is behind its cable.
    public PfReading with(Reading judged) {
      return new PfReading(name, pci, carrier, now, Optional.of(judged), neighbour);
    }

    /// What is known of what is behind its cable: the verdict, where there is one.
    public Reading upstream() {
      return verdict.orElse(now);
    }

    /// As the answer to the question `bonds` has it. A verdict is marked: it stands until there is
    /// news, and anything else was true when it was read.
    public JsonObject toJson() {
      JsonObject known = upstream().toJson();
      return JsonObject.builder()
          .put("name", name)
          .put("pci", pci)
          .putIfPresent("carrier", carrier, JsonBoolean::of)
          .put("upstream", verdict.isPresent() ? known.with("watched", JsonBoolean.TRUE) : known)
          .putIfPresent("neighbour", neighbour, Neighbour::toJson)
          .build();
    }
  }

  /// Deletions that wait.
  ///
  /// @param oldestMillis when the one that has waited longest was asked for, in milliseconds since
  ///   1970; 0 if none waits
  public record PendingReading(int count, long oldestMillis) {
    /// No deletion waits.
    public static final PendingReading NONE = new PendingReading(0, 0);
  }

  /// The agent's process.
  ///
  /// @param version its release; may be empty
  /// @param residentBytes its resident memory
  /// @param cpuMillis the processor time that it has used
  /// @param startMillis its start, in milliseconds since 1970
  public record ProcessReading(
      String version, long residentBytes, long cpuMillis, long startMillis) {}
}
