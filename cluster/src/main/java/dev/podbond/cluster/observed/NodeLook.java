package dev.podbond.cluster.observed;

import dev.podbond.cluster.observed.BondTrack.Seen;
import dev.podbond.cluster.observed.Standing.Loss;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;

/// One look at a node, for [ReportedNode].
final class NodeLook {
  /// How many pods are named while the event of a PF stands.
  static final int MAX_NAMED = 20;

  private final ReportedNode before;
  private final NodeReport report;
  private final Instant now;
  private final Map<String, PfTrack> pfs = new HashMap<>();
  private final Map<String, BondTrack> bonds = new HashMap<>();
  private final List<PodVerdict> verdicts = new ArrayList<>();
  private final List<News> news = new ArrayList<>();
  private Budget budget;
  private int withheld;

  NodeLook(ReportedNode before, NodeReport report, Instant now) {
    this.before = before;
    this.report = report;
    this.now = now;
    budget = before.budget().at(now);
  }

  /// A bond of a pod of this node.
  private record Bond(BondedPod pod, ObservedBond observed) {
    String key() {
      return pod.uid() + " " + observed.bond();
    }
  }

  Look at(Collection<BondedPod> pods) {
    List<Bond> all =
        pods.stream()
            .flatMap(pod -> report.of(pod).stream().map(bond -> new Bond(pod, bond)))
            // What is worst is told first, if not all is told.
            .sorted(
                Comparator.comparing((Bond bond) -> bond.observed().standing())
                    .reversed()
                    .thenComparing(Bond::key))
            .toList();
    report.pfs().values().stream()
        .sorted(Comparator.comparing(ObservedPf::pciAddress))
        .forEach(pf -> look(pf, all));
    all.forEach(this::look);
    pods.forEach(this::judge);
    settle();
    return new Look(new ReportedNode(pfs, bonds, budget), verdicts, news, withheld, again());
  }

  private void look(ObservedPf pf, List<Bond> all) {
    List<Bond> lesser =
        all.stream().filter(bond -> bond.observed().lostPfs().contains(pf.pciAddress())).toList();
    PfTrack known = before.pfs().get(pf.pciAddress());
    PfTrack track =
        known == null
            ? PfTrack.first(pf.dark(), pf.dark() && !isNews(lesser), now)
            // What a node does not know any more is as it was, and no restoration.
            : pf.carrier().map(carrier -> known.see(!carrier, now)).orElse(known);
    boolean dark = track.dark().seen();
    boolean counts = track.dark().counts(now);
    boolean concerns =
        all.stream().anyMatch(bond -> bond.observed().pfs().contains(pf.pciAddress()));
    if (counts && dark != track.told()) {
      if (concerns) {
        tell(
            new News(
                new News.Node(report.node()),
                dark,
                dark ? "UplinkLost" : "UplinkRestored",
                pf
                    + " of node "
                    + report.node()
                    + (dark ? " lost its carrier" + consequences(lesser) : " has its carrier again")
                    + after(track.dark())));
      }
      track = track.told(dark);
    } else if (concerns
        && beginsToFlap(
            known == null ? Optional.empty() : Optional.of(known.dark()), track.dark())) {
      tell(
          new News(
              new News.Node(report.node()),
              true,
              "UplinkFlapping",
              pf
                  + " of node "
                  + report.node()
                  + " lost and regained its carrier "
                  + track.dark().flaps()
                  + " times within a minute; nothing more is told until it is steady"));
    }
    pfs.put(pf.pciAddress(), track);
  }

  /// Whether it has not been told of these bonds that they lost something: then the PF failed while
  /// nobody looked.
  private static boolean isNews(List<Bond> lesser) {
    return lesser.stream().anyMatch(bond -> bond.pod().told().compareTo(Loss.REDUNDANCY) < 0);
  }

  private static String consequences(List<Bond> lesser) {
    long down = count(lesser, bond -> bond.standing() == Standing.DOWN);
    long one = count(lesser, bond -> bond.standing() != Standing.DOWN && bond.up() == 1);
    long fewer = lesser.size() - down - one;
    List<String> parts = new ArrayList<>();
    if (one > 0) {
      parts.add(one == 1 ? "1 bond runs on one member" : one + " bonds run on one member");
    }
    if (fewer > 0) {
      parts.add(
          fewer == 1 ? "1 bond runs on fewer members" : fewer + " bonds run on fewer members");
    }
    if (down > 0) {
      parts.add(down == 1 ? "1 bond passes no traffic" : down + " bonds pass no traffic");
    }
    return parts.isEmpty() ? "" : "; " + String.join(", ", parts);
  }

  private static long count(List<Bond> bonds, Predicate<ObservedBond> wanted) {
    return bonds.stream().map(Bond::observed).filter(wanted).count();
  }

  private void look(Bond bond) {
    if (bonds.containsKey(bond.key())) {
      // Two of one name: the worse was there first.
      return;
    }
    BondTrack known = before.bonds().get(bond.key());
    BondTrack track =
        known == null
            ? BondTrack.first(bond.observed(), bond.pod(), report.of(bond.pod()).size() == 1, now)
            : known.see(bond.observed(), now);
    Seen seen = track.standing().seen();
    Loss loss = seen.standing().loss();
    String pf = cause(bond.observed());
    if (track.standing().counts(now) && loss != track.told()) {
      // That a member is back and something else is wrong is what was known before the member left,
      // or what comes with it.
      if (loss != Loss.QUALITY || track.told() != Loss.REDUNDANCY) {
        tell(
            bond.pod(),
            loss.compareTo(track.told()) > 0 ? pf : track.toldPf(),
            change(track, seen, loss));
      }
      track = track.told(loss, pf);
    } else if (beginsToFlap(
        known == null ? Optional.empty() : Optional.of(known.standing()), track.standing())) {
      tell(
          bond.pod(),
          pf,
          new Words(
              true,
              "BondFlapping",
              "bond "
                  + track.bond()
                  + " changed "
                  + track.standing().flaps()
                  + " times within a minute; nothing more is told until it is steady"));
    }
    bonds.put(bond.key(), track);
  }

  private static boolean beginsToFlap(Optional<? extends Settling<?>> known, Settling<?> present) {
    return present.flaps() > 0 && known.filter(then -> then.flaps() == 0).isPresent();
  }

  /// The PF without a carrier that is behind the loss of a member; "" if there is none.
  private String cause(ObservedBond bond) {
    return bond.lostPfs().stream()
        .filter(
            pf -> Optional.ofNullable(report.pfs().get(pf)).filter(ObservedPf::dark).isPresent())
        .findFirst()
        .orElse("");
  }

  private record Words(boolean isBad, String reason, String message) {}

  private static Words change(BondTrack track, Seen seen, Loss loss) {
    String end = after(track.standing());
    String bond = "bond " + track.bond() + " ";
    return switch (loss) {
      case TRAFFIC -> new Words(true, "BondDown", bond + seen.loss() + end);
      case QUALITY, REDUNDANCY ->
          track.told() == Loss.TRAFFIC
              ? new Words(false, "BondUp", bond + "passes traffic again; it " + seen.loss() + end)
              : new Words(
                  true,
                  seen.standing() == Standing.DEGRADED ? "BondDegraded" : "RedundancyLost",
                  bond + seen.loss() + end);
      case NONE ->
          track.told() == Loss.TRAFFIC
              ? new Words(false, "BondUp", bond + "passes traffic again; it " + seen.loss() + end)
              : new Words(false, "RedundancyRestored", bond + seen.loss() + end);
    };
  }

  private static String after(Settling<?> settling) {
    return settling.flaps() > 0 ? " (after " + settling.flaps() + " changes)" : "";
  }

  private void tell(BondedPod pod, String pf, Words words) {
    PfTrack behind = pfs.get(pf);
    if (behind != null) {
      if (behind.named() >= MAX_NAMED) {
        return;
      }
      pfs.put(pf, behind.naming());
    }
    tell(
        new News(
            new News.Pod(pod.namespace(), pod.name(), pod.uid(), report.node()),
            words.isBad(),
            words.reason(),
            words.message()));
  }

  private void tell(News one) {
    if (budget.isEmpty()) {
      withheld++;
      return;
    }
    budget = budget.less();
    news.add(one);
  }

  private void judge(BondedPod pod) {
    List<ObservedBond> observed = report.of(pod);
    List<BondTrack> tracks =
        observed.stream()
            .map(bond -> bonds.get(new Bond(pod, bond).key()))
            .distinct()
            .sorted(Comparator.comparing(BondTrack::bond))
            .toList();
    boolean isWhole = pod.uses().stream().allMatch(use -> use.among(observed).isPresent());
    List<PodCondition> conditions = PodConditions.of(pod, tracks, isWhole, now);
    if (!Set.copyOf(pod.conditions()).equals(Set.copyOf(conditions))) {
      verdicts.add(new PodVerdict(pod, conditions));
    }
  }

  private void settle() {
    pfs.replaceAll((_, track) -> track.settled(now));
    bonds.replaceAll((_, track) -> track.settled(now));
  }

  private Optional<Instant> again() {
    return Stream.concat(
            pfs.values().stream().map(track -> track.dark().due()),
            bonds.values().stream()
                .flatMap(track -> Stream.of(track.standing().due(), track.passes().due())))
        .filter(now::isBefore)
        .min(Comparator.naturalOrder());
  }
}
