package dev.podbond.bonding.state;

import dev.podbond.bonding.state.ConfiguredMember.Pf;
import dev.podbond.json.JsonBoolean;
import dev.podbond.json.JsonObject;
import dev.podbond.json.LenientObject;
import dev.podbond.value.PciAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/// Why a bond changed, as far as the node can tell: what is behind a member that failed, rather
/// than that it failed.
///
/// @param words empty if nothing is known
/// @param turn which way the bond went
public record Cause(String words, Turn turn) {
  /// Nothing is known.
  public static final Cause UNKNOWN = new Cause("", Turn.OTHER);

  private static final String WORDS = "cause";
  private static final String RECOVERY = "recovery";

  /// Which way a bond went.
  public enum Turn {
    /// Members came back, and nothing else is behind the change: it explains no failure that
    /// follows.
    RECOVERY,
    /// Anything else.
    OTHER
  }

  private static Cause recovery(String words) {
    return new Cause(words, Turn.RECOVERY);
  }

  private static Cause other(String words) {
    return new Cause(words, Turn.OTHER);
  }

  /// Tells whether a PF has a carrier.
  @FunctionalInterface
  public interface PfCarriers {
    /// Whether it has one now; empty if that cannot be told.
    Optional<Boolean> of(PciAddress pf);
  }

  /// The causes of a change.
  ///
  /// @param configured the members that the bond was made with
  public static Cause of(
      BondState before, BondState now, List<ConfiguredMember> configured, PfCarriers carriers) {
    Map<ConfiguredMember, MemberState> then = before.present(configured);
    Map<ConfiguredMember, MemberState> present = now.present(configured);
    List<Cause> causes = new ArrayList<>();
    for (ConfiguredMember member : configured) {
      Optional<MemberState> was = Optional.ofNullable(then.get(member));
      Optional<MemberState> is = Optional.ofNullable(present.get(member));
      heldBack(member, before, now, was, is)
          .or(() -> of(member, was, is, carriers))
          .ifPresent(causes::add);
    }
    if (causes.isEmpty()) {
      causes.addAll(late(before, now, present, carriers));
    }
    if (causes.isEmpty()
        && !now.active().equals(before.active())
        && isOneOf(then, before.active())
        && isOneOf(present, now.active())) {
      return other("no link changed: the bond preferred it, or somebody set it");
    }
    return causes.isEmpty() ? UNKNOWN : all(causes);
  }

  private static Cause all(List<Cause> causes) {
    return new Cause(
        causes.stream().map(Cause::words).distinct().collect(Collectors.joining("; ")),
        causes.stream().allMatch(Cause::isRecovery) ? Turn.RECOVERY : Turn.OTHER);
  }

  /// What a change of an agent's answer says of its cause. An agent of another release may not say
  /// which way the bond went.
  public static Cause ofJson(JsonObject change) {
    return new Cause(
        LenientObject.text(change, WORDS).orElse(""),
        change.get(RECOVERY).filter(JsonBoolean.TRUE::equals).isPresent()
            ? Turn.RECOVERY
            : Turn.OTHER);
  }

  /// As a change of an agent's answer has it: `cause`, and `recovery` if it is one.
  public JsonObject toJson() {
    return JsonObject.builder()
        .put(WORDS, words)
        .putIfPresent(RECOVERY, isRecovery() ? Optional.of(JsonBoolean.TRUE) : Optional.empty())
        .build();
  }

  /// Whether nothing is known.
  public boolean isUnknown() {
    return words.isEmpty();
  }

  /// Whether members came back, and nothing else is behind the change.
  public boolean isRecovery() {
    return turn == Turn.RECOVERY;
  }

  @Override
  public String toString() {
    return words;
  }

  /// What has a bond leave a member whose link is as it was: the agent, because of its uplink. It
  /// writes that down before it changes the bond, and the change itself may be seen later.
  private static Optional<Cause> heldBack(
      ConfiguredMember member,
      BondState before,
      BondState now,
      Optional<MemberState> was,
      Optional<MemberState> is) {
    Optional<BondProblem.HeldBack> held =
        now.heldBack().stream().filter(one -> one.member().equals(member.name())).findFirst();
    boolean hasFailed = is.filter(state -> !state.isUp()).isPresent();
    if (hasFailed) {
      return Optional.empty();
    }
    if (held.isEmpty()) {
      return before.isHeldBack(member)
          ? Optional.of(recovery(member.name() + " may be used again"))
          : Optional.empty();
    }
    boolean leftIt =
        was.isPresent()
            && (is.isEmpty()
                || (before.active().equals(Optional.of(was.get().name()))
                    && !now.active().equals(before.active())));
    return leftIt || !before.isHeldBack(member)
        ? held.map(BondProblem.HeldBack::cause).map(Cause::other)
        : Optional.empty();
  }

  /// The causes of what a bond does by itself a while after its member has lost its link: with the
  /// next `miimon`, or after its `downdelay`, it leaves the member, or has no carrier any more.
  private static List<Cause> late(
      BondState before,
      BondState now,
      Map<ConfiguredMember, MemberState> present,
      PfCarriers carriers) {
    boolean lostCarrier = before.carrier() && !now.carrier();
    boolean leftActive = !now.active().equals(before.active());
    return present.entrySet().stream()
        .filter(member -> !member.getValue().isUp())
        .filter(member ->
            lostCarrier
                || (leftActive && before.active().equals(Optional.of(member.getValue().name()))))
        .map(member -> other(lost(member.getKey(), member.getValue(), carriers)))
        .toList();
  }

  private static boolean isOneOf(
      Map<ConfiguredMember, MemberState> members, Optional<String> active) {
    return active.isPresent()
        && members.values().stream().anyMatch(state -> state.name().equals(active.get()));
  }

  private static Optional<Cause> of(
      ConfiguredMember member,
      Optional<MemberState> then,
      Optional<MemberState> now,
      PfCarriers carriers) {
    boolean wasUp = then.filter(MemberState::isUp).isPresent();
    boolean isUp = now.filter(MemberState::isUp).isPresent();
    if (now.isEmpty()) {
      return then.map(_ -> other(member.name() + " is not in the bond any more"));
    }
    if (wasUp && !isUp) {
      return Optional.of(other(lost(member, now.get(), carriers)));
    }
    if (isUp && !wasUp) {
      return Optional.of(
          recovery(
              member.name() + (then.isEmpty() ? " is in the bond again" : " has its link again")));
    }
    if (isUp && now.get().failures() > then.get().failures()) {
      return Optional.of(other(member.name() + " had no link for a moment"));
    }
    return Optional.empty();
  }

  private static String lost(ConfiguredMember member, MemberState now, PfCarriers carriers) {
    return now.carrier()
        ? "the bond's link monitoring considers " + member.name() + " dead"
        : noLink(member, carriers);
  }

  private static String noLink(ConfiguredMember member, PfCarriers carriers) {
    Optional<Boolean> carrier = member.pf().flatMap(Pf::pci).flatMap(carriers::of);
    if (carrier.isEmpty()) {
      return member.name() + " has no link";
    }
    Pf pf = member.pf().orElseThrow();
    return carrier.get()
        ? member.name() + " has no link, though its " + pf + " has a carrier"
        : noCarrier(pf.name(), pf.pci().orElseThrow().toString());
  }

  /// The words of a cause that is the PF's: a bond's cause has them alone or beside others, with `;
  /// ` between.
  ///
  /// @param pf its interface on the host
  /// @param pci its function, as text
  public static String noCarrier(String pf, String pci) {
    return "PF " + pf + " (" + pci + ") has no carrier";
  }
}
