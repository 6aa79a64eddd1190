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
  private StormTrack storm;
  private final List<PodVerdict> verdicts = new ArrayList<>();
  private final List<News> news = new ArrayList<>();
  private Budget budget;
  private int withheld;

  NodeLook(ReportedNode before, NodeReport report, Instant now) {
    this.before = before;
    this.report = report;
    this.now = now;
    storm = before.storm().orElseGet(() -> StormTrack.first(!report.uplinkStorm().isEmpty(), now));
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
    lookAtStorm();
    all.forEach(this::look);
    pods.forEach(this::judge);
    settle();
    ReportedNode next = new ReportedNode(pfs, bonds, Optional.of(storm), budget);
    return new Look(next, verdicts, news, withheld, again());
  }

  private void look(ObservedPf pf, List<Bond> all) {
    List<Bond> users =
        all.stream().filter(bond -> bond.observed().pfs().contains(pf.pciAddress())).toList();
    List<Bond> lesser =
        users.stream().filter(bond -> bond.observed().lostPfs().contains(pf.pciAddress())).toList();
    PfTrack known = before.pfs().get(pf.pciAddress());
    Optional<Settling<Uplink>> then = Optional.ofNullable(known).map(PfTrack::uplink);
    PfTrack track = known == null ? first(pf, lesser) : known.see(pf, now);
    Uplink uplink = track.uplink().seen();
    boolean counts = track.uplink().counts(now);
    if (counts && uplink != track.told()) {
      // That nobody knows any more of a bad uplink is no good news.
      boolean isNews = uplink != Uplink.WELL || track.told() == Uplink.DARK || pf.isKnownGood();
      if (!users.isEmpty() && isNews) {
        tell(change(pf, track, lesser, users.size() - lesser.size()));
      }
      track = track.told(uplink);
    } else if (!users.isEmpty() && beginsToFlap(then, track.uplink())) {
      boolean isCarrier =
          uplink != Uplink.BAD && then.filter(one -> one.seen() == Uplink.BAD).isEmpty();
      tell(
          onNode(
              true,
              "UplinkFlapping",
              of(pf)
                  + (isCarrier
                      ? " lost and regained its carrier "
                      : " lost and regained its carrier or what is behind it ")
                  + track.uplink().flaps()
                  + " times within a minute; nothing more is told until it is steady"));
    }
    pfs.put(pf.pciAddress(), track);
  }

  private PfTrack first(ObservedPf pf, List<Bond> lesser) {
    Uplink uplink = pf.uplink(Uplink.WELL);
    // Of a node that was looked at before, nobody was told of a PF that no bond used.
    boolean isNewUse = uplink == Uplink.BAD && before.storm().isPresent();
    return PfTrack.first(uplink, isNewUse || isNews(lesser) ? Uplink.WELL : uplink, now);
  }

  /// @param kept how many bonds have no member on the PF that is not up
  private News change(ObservedPf pf, PfTrack track, List<Bond> lesser, int kept) {
    String end = after(track.uplink());
    boolean wasDark = track.told() == Uplink.DARK;
    return switch (track.uplink().seen()) {
      case DARK ->
          onNode(true, "UplinkLost", of(pf) + " lost its carrier" + consequences(lesser, 0) + end);
      case BAD ->
          onNode(
              true,
              "UplinkBad",
              of(pf)
                  + (pf.carrier().isEmpty()
                      ? " has a bad uplink"
                      : " has "
                          + (wasDark ? "its carrier again" : "a carrier")
                          + ", but its uplink is bad")
                  + pf.reason()
                  + consequences(lesser, kept)
                  + end);
      case WELL ->
          wasDark
              ? onNode(false, "UplinkRestored", of(pf) + " has its carrier again" + end)
              : onNode(false, "UplinkGood", of(pf) + " has a good uplink again" + end);
    };
  }

  private String of(ObservedPf pf) {
    return pf + " of node " + report.node();
  }

  private News onNode(boolean isBad, String reason, String message) {
    return new News(new News.Node(report.node()), isBad, reason, message);
  }

  private void lookAtStorm() {
    boolean isStorm = !report.uplinkStorm().isEmpty();
    storm = storm.see(isStorm, now);
    if (storm.storm().counts(now) && isStorm != storm.told()) {
      tell(
          isStorm
              ? onNode(
                  true,
                  "UplinkStorm",
                  "so many uplinks of node "
                      + report.node()
                      + " look bad that no bond leaves one: "
                      + report.uplinkStorm())
              : onNode(
                  false,
                  "UplinkStormOver",
                  "bonds of node " + report.node() + " may leave a bad uplink again"));
      storm = storm.telling();
    }
  }

  /// Whether it has not been told of these bonds that they lost something: then the PF failed while
  /// nobody looked.
  private static boolean isNews(List<Bond> lesser) {
    return lesser.stream().anyMatch(bond -> bond.pod().told().compareTo(Loss.REDUNDANCY) < 0);
  }

  /// @param kept how many bonds use the PF as before
  private static String consequences(List<Bond> lesser, int kept) {
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
    if (kept > 0) {
      parts.add(kept == 1 ? "1 bond keeps a member there" : kept + " bonds keep a member there");
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

  /// The PF without a carrier or a good uplink that is behind the loss of a member; "" if there is
  /// none.
  private String cause(ObservedBond bond) {
    return bond.lostPfs().stream()
        .filter(
            pf -> Optional.ofNullable(report.pfs().get(pf)).filter(ObservedPf::isLost).isPresent())
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
    storm = storm.settled(now);
    bonds.replaceAll((_, track) -> track.settled(now));
  }

  private Optional<Instant> again() {
    return Stream.of(
            pfs.values().stream().map(track -> track.uplink().due()),
            Stream.of(storm.storm().due()),
            bonds.values().stream()
                .flatMap(track -> Stream.of(track.standing().due(), track.passes().due())))
        .flatMap(due -> due)
        .filter(now::isBefore)
        .min(Comparator.naturalOrder());
  }
}
