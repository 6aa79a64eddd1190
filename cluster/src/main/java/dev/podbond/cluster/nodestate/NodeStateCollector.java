package dev.podbond.cluster.nodestate;

import dev.podbond.bonding.lldp.Neighbour;
import dev.podbond.bonding.uplink.Reading;
import dev.podbond.cluster.nodestate.NodeState.Summary;
import dev.podbond.json.JsonObject;
import dev.podbond.json.LenientObject;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// Makes the state of a node of its agent's answer to the question `bonds`, bond by bond, so that
/// nobody has to hold the whole answer. In whatever order they come, the result is the same. Not
/// for use by several threads.
public final class NodeStateCollector {
  private static final ToldPf UNTOLD = ToldPf.of(JsonObject.of());

  private final String agentVersion;
  private final NodeState previous;
  private final Map<BondKey, BondEntry> before = new HashMap<>();
  private final TreeMap<BondEntry, Integer> kept = new TreeMap<>(BondEntry.WORST_FIRST);
  private final Map<PfKey, Integer> membersByPf = new TreeMap<>();
  private Optional<BondEntry> firstLeftOut = Optional.empty();
  private Summary summary = Summary.NONE;
  private int bytes;
  private int unreadable;

  private record BondKey(String namespace, String pod, String container, String bond) {
    static BondKey of(BondEntry entry) {
      return new BondKey(entry.namespace(), entry.pod(), entry.container(), entry.bond());
    }
  }

  private record PfKey(String pciAddress, String name) implements Comparable<PfKey> {
    @Override
    public int compareTo(PfKey other) {
      int byAddress = pciAddress.compareTo(other.pciAddress);
      return byAddress != 0 ? byAddress : name.compareTo(other.name);
    }
  }

  /// @param agentVersion the release of the agent that answers
  /// @param previous what was known of the node before. An agent knows only what it has seen
  ///   itself: since when a bond is as it is, and why, is taken from there if it has not seen it
  ///   change.
  public NodeStateCollector(String agentVersion, NodeState previous) {
    this.agentVersion = agentVersion;
    this.previous = previous;
    previous.bonds().forEach(entry -> before.put(BondKey.of(entry), entry));
  }

  /// The state of a node from a whole answer.
  public static NodeState collect(String agentVersion, NodeState previous, JsonObject answer) {
    NodeStateCollector collector = new NodeStateCollector(agentVersion, previous);
    LenientObject.objects(answer, "bonds").forEach(collector::add);
    return collector.state(answer);
  }

  /// Adds an element of the list `bonds`. One without a name is only counted.
  public void add(JsonObject bond) {
    Optional<AgentBond> read = AgentBond.of(bond);
    if (read.isEmpty()) {
      unreadable++;
      return;
    }
    BondEntry entry = remembering(read.get());
    summary = summary.plus(entry.health());
    count(read.get().members());
    keep(entry);
  }

  private BondEntry remembering(AgentBond bond) {
    BondEntry entry = bond.entry();
    return Optional.ofNullable(before.get(BondKey.of(entry)))
        .filter(known -> !bond.hasChanged() && known.isAs(entry))
        .orElse(entry);
  }

  private void count(List<MemberEntry> members) {
    for (MemberEntry member : members) {
      member
          .pf()
          .flatMap(name -> member.pfPciAddress().map(pci -> new PfKey(pci, name)))
          .ifPresent(pf -> membersByPf.merge(pf, 1, Integer::sum));
    }
  }

  /// What the agent says of a PF itself.
  private record ToldPf(Optional<Boolean> carrier, Reading upstream, Optional<String> neighbour) {
    static ToldPf of(JsonObject pf) {
      return new ToldPf(
          PfEntry.carrier(pf),
          PfEntry.verdict(pf),
          Neighbour.text(LenientObject.object(pf, "neighbour")));
    }
  }

  /// What the agent says of PFs, by PCI address. Bonds say nothing of their carriers: one that is
  /// younger than the failure, or has changed since, has it not in its story.
  private static Map<String, ToldPf> told(JsonObject answer) {
    Map<String, ToldPf> told = new HashMap<>();
    for (JsonObject pf : LenientObject.objects(answer, "pfs")) {
      LenientObject.text(pf, "pci").ifPresent(pci -> told.put(pci, ToldPf.of(pf)));
    }
    return told;
  }

  private static PfEntry entry(PfKey pf, ToldPf told, int members) {
    return new PfEntry(
        pf.name(), pf.pciAddress(), told.carrier(), told.upstream(), members, told.neighbour());
  }

  /// Keeps the worst, as many as fit. What comes after one that did not fit is left out, too, so
  /// that it makes no difference in which order they come.
  private void keep(BondEntry entry) {
    if (firstLeftOut.filter(left -> BondEntry.WORST_FIRST.compare(entry, left) >= 0).isPresent()) {
      return;
    }
    if (kept.containsKey(entry)) {
      return;
    }
    int more = entry.toJson().toString().getBytes(StandardCharsets.UTF_8).length + 1;
    kept.put(entry, more);
    bytes += more;
    while (kept.size() > Limits.MOST_BONDS || bytes > Limits.MOST_BOND_BYTES) {
      Map.Entry<BondEntry, Integer> last = kept.pollLastEntry();
      bytes -= last.getValue();
      firstLeftOut = Optional.of(last.getKey());
    }
  }

  /// The state of the node after the last bond.
  ///
  /// @param answer what else the agent's answer says
  public NodeState state(JsonObject answer) {
    Map<String, ToldPf> told = told(answer);
    List<PfEntry> pfs =
        membersByPf.entrySet().stream()
            .limit(Limits.MOST_PFS)
            .map(pf ->
                entry(
                    pf.getKey(),
                    told.getOrDefault(pf.getKey().pciAddress(), UNTOLD),
                    pf.getValue()))
            .toList();
    int pfsDown =
        (int)
            membersByPf.keySet().stream()
                .map(pf -> told.getOrDefault(pf.pciAddress(), UNTOLD).carrier())
                .filter(Optional.of(false)::equals)
                .count();
    int leftOutByAgent = Math.max(0, LenientObject.number(answer, "omitted").orElse(0));
    return new NodeState(
            agentVersion,
            summary.withPfsDown(pfsDown),
            pfs,
            LenientObject.text(answer, "uplinkStorm"),
            List.copyOf(kept.keySet()),
            summary.bonds() - kept.size() + unreadable + leftOutByAgent)
        .unlessOnlyReasonsDiffer(previous);
  }
}
