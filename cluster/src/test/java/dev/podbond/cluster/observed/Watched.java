package dev.podbond.cluster.observed;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A node that is looked at whenever it has to be, on a clock of the test's. It carries the
/// conditions to the pods, as the operator does.
final class Watched {
  static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

  final List<News> news = new ArrayList<>();
  final List<PodVerdict> verdicts = new ArrayList<>();
  int withheld;
  private ReportedNode watch = ReportedNode.NEW;
  private final Map<String, BondedPod> pods = new LinkedHashMap<>();
  private Optional<NodeReport> report = Optional.empty();
  private Optional<Instant> again = Optional.empty();
  private Instant now = START;

  Watched(List<BondedPod> pods) {
    pods.forEach(pod -> this.pods.put(pod.uid(), pod));
  }

  Watched report(NodeReport next) {
    report = Optional.of(next);
    look();
    return this;
  }

  /// Time passes, with a look whenever one is due.
  Watched pass(Duration time) {
    Instant end = now.plus(time);
    while (again.isPresent() && !again.get().isAfter(end)) {
      now = again.get();
      look();
    }
    now = end;
    return this;
  }

  /// Another operator takes over: it knows only what is in the cluster.
  Watched takenOver() {
    watch = ReportedNode.NEW;
    look();
    return this;
  }

  void look() {
    Look look = watch.look(report.orElseThrow(), List.copyOf(pods.values()), now);
    watch = look.next();
    news.addAll(look.news());
    verdicts.addAll(look.verdicts());
    withheld += look.withheld();
    again = look.again();
    for (PodVerdict verdict : look.verdicts()) {
      BondedPod pod = verdict.pod();
      pods.put(pod.uid(), pod.with(verdict.conditions()));
    }
  }

  /// As "True BondsUp"; "" if there is none.
  String condition(String pod, String type) {
    return pods.get("uid-" + pod)
        .condition(type)
        .map(c -> c.status() + " " + c.reason())
        .orElse("");
  }

  String up(String pod) {
    return condition(pod, PodCondition.UP);
  }

  String redundant(String pod) {
    return condition(pod, PodCondition.REDUNDANT);
  }

  List<String> reasons() {
    return news.stream().map(News::reason).toList();
  }

  Watched forget() {
    news.clear();
    verdicts.clear();
    return this;
  }

  boolean isAtRest() {
    return again.isEmpty();
  }

  Map<String, BondedPod> pods() {
    return pods;
  }
}
