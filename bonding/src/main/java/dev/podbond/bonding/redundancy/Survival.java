package dev.podbond.bonding.redundancy;

import dev.podbond.json.JsonArray;
import dev.podbond.json.JsonObject;
import dev.podbond.json.JsonString;
import dev.podbond.json.JsonValue;
import dev.podbond.json.LenientObject;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/// What a bond survives as it was made, with all its members up: the answer for each failure.
/// Whether they are up now is the bond's health.
public record Survival(Map<Failure, Answer> answers) {
  /// A bond of members of whose hardware nothing is known.
  public static final Survival UNKNOWN =
      everywhere(new Answer.Unknown("the hardware of its members"));

  private static final String YES = "Yes";
  private static final String PROBABLY = "Probably";
  private static final String PROBABLY_NOT = "ProbablyNot";
  private static final String NO = "No";

  /// What is missing is unknown.
  public Survival {
    Map<Failure, Answer> all = new EnumMap<>(Failure.class);
    for (Failure failure : Failure.values()) {
      all.put(failure, answers.getOrDefault(failure, new Answer.Unknown("")));
    }
    answers = Collections.unmodifiableMap(all);
  }

  /// The survival of a bond that goes on sending into dead links: one failure is enough.
  public static Survival unmonitored() {
    return everywhere(new Answer.No(HowKnown.MONITORING, false, ""));
  }

  private static Survival everywhere(Answer answer) {
    Map<Failure, Answer> all = new EnumMap<>(Failure.class);
    for (Failure failure : Failure.values()) {
      all.put(failure, answer);
    }
    return new Survival(all);
  }

  /// The survival of a bond that leaves dead links.
  ///
  /// @param members the place of each member's PF; empty where it is not known
  public static Survival of(List<Optional<PfPlace>> members) {
    if (members.isEmpty()) {
      return UNKNOWN;
    }
    if (members.size() == 1) {
      return everywhere(new Answer.No(HowKnown.MEMBERS, false, ""));
    }
    Map<Failure, Answer> all = new EnumMap<>(Failure.class);
    for (Failure failure : Failure.values()) {
      all.put(failure, of(members, failure));
    }
    return new Survival(all);
  }

  /// A part that fails leaves the bond a member unless all are on it. So one pair that has no part
  /// in common is enough to survive.
  private static Answer of(List<Optional<PfPlace>> members, Failure failure) {
    Answer found = new Answer.Unknown("the hardware of its members");
    boolean first = true;
    for (int i = 0; i < members.size(); i++) {
      for (int j = i + 1; j < members.size(); j++) {
        Answer pair = pair(members.get(i), members.get(j), failure);
        found = first || weight(pair) > weight(found) ? pair : found;
        first = false;
      }
    }
    return found;
  }

  private static Answer pair(Optional<PfPlace> one, Optional<PfPlace> other, Failure failure) {
    return one.isPresent() && other.isPresent()
        ? new PortPair(one.get(), other.get()).survives(failure)
        : new Answer.Unknown("the hardware of all its members");
  }

  /// Which of several pairs' answers is the bond's: a certain yes before a likely one; no only if
  /// it is that of all, and likely if it is for one.
  private static int weight(Answer answer) {
    return switch (answer) {
      case Answer.No no -> no.isHint() ? 1 : 0;
      case Answer.Unknown _ -> 2;
      case Answer.Yes yes -> yes.isHint() ? 3 : 4;
    };
  }

  /// The answer for a failure.
  public Answer answer(Failure failure) {
    return answers.getOrDefault(failure, new Answer.Unknown(""));
  }

  /// Whether nothing is known for any failure.
  public boolean isUnknown() {
    return answers.values().stream().allMatch(Answer.Unknown.class::isInstance);
  }

  /// The largest failure that it survives, `card?` with a question mark where that is only likely;
  /// two of them, `port,switch?`, if it does not survive what is between them; as [#toString] if
  /// there is none.
  public String largest() {
    List<String> largest = new ArrayList<>();
    Optional<String> last = Optional.empty();
    for (Map.Entry<Failure, Answer> entry : answers.entrySet()) {
      Optional<String> now = survived(entry.getKey(), entry.getValue());
      if (now.isEmpty()) {
        last.ifPresent(largest::add);
      }
      last = now;
    }
    last.ifPresent(largest::add);
    return largest.isEmpty() ? toString() : String.join(",", largest);
  }

  private static Optional<String> survived(Failure failure, Answer answer) {
    return answer instanceof Answer.Yes yes
        ? Optional.of(failure + (yes.isHint() ? "?" : ""))
        : Optional.empty();
  }

  /// The bond of the host into which the NIC itself joins the ports of all members, so that any of
  /// them does what all do (VF-LAG); empty if it does not, or if that is not known.
  ///
  /// @param members the place of each member's PF; empty where it is not known
  public static Optional<String> vfLag(List<Optional<PfPlace>> members) {
    Optional<PfPlace> first = members.isEmpty() ? Optional.empty() : members.getFirst();
    boolean several = false;
    for (Optional<PfPlace> member : members) {
      if (first.isEmpty() || member.isEmpty()) {
        return Optional.empty();
      }
      if (!member.get().pci().equals(first.get().pci())) {
        if (!new PortPair(first.get(), member.get()).isVfLag()) {
          return Optional.empty();
        }
        several = true;
      }
    }
    return several ? first.flatMap(place -> place.cabling().hostBond()) : Optional.empty();
  }

  /// What it survives, `cable,port,card?` with a question mark where that is only likely; `nothing`
  /// if it survives nothing as far as is known, `unknown` if nothing is known.
  @Override
  public String toString() {
    if (isUnknown()) {
      return "unknown";
    }
    String survived =
        answers.entrySet().stream()
            .flatMap(entry -> survived(entry.getKey(), entry.getValue()).stream())
            .collect(Collectors.joining(","));
    return survived.isEmpty() ? "nothing" : survived;
  }

  /// The answers that are known, as the agent and the cluster's object of a node write them; empty
  /// if none is.
  public Optional<JsonArray> toJson() {
    List<JsonValue> known = new ArrayList<>();
    answers.forEach((failure, answer) -> {
      switch (answer) {
        case Answer.Yes(HowKnown how, boolean isHint) ->
            known.add(json(failure, isHint ? PROBABLY : YES, how, ""));
        case Answer.No(HowKnown how, boolean isHint, String shared) ->
            known.add(json(failure, isHint ? PROBABLY_NOT : NO, how, shared));
        case Answer.Unknown _ -> {}
      }
    });
    return known.isEmpty() ? Optional.empty() : Optional.of(new JsonArray(known));
  }

  private static JsonObject json(Failure failure, String answer, HowKnown how, String shared) {
    return JsonObject.builder()
        .put("failure", failure.toString())
        .put("answer", answer)
        .put("how", how.toString())
        .putIfPresent(
            "shared", Optional.of(shared).filter(text -> !text.isEmpty()), JsonString::new)
        .build();
  }

  /// The reverse of [#toJson]: what is not among these answers, or not understood, is unknown.
  public static Survival ofJson(List<JsonObject> said) {
    Map<Failure, Answer> all = new EnumMap<>(Failure.class);
    for (JsonObject one : said) {
      Optional<Failure> failure = LenientObject.text(one, "failure").flatMap(Failure::of);
      Optional<HowKnown> how = LenientObject.text(one, "how").flatMap(HowKnown::of);
      if (failure.isPresent() && how.isPresent()) {
        answer(LenientObject.text(one, "answer").orElse(""), how.get(), one)
            .ifPresent(answer -> all.putIfAbsent(failure.get(), answer));
      }
    }
    return new Survival(all);
  }

  private static Optional<Answer> answer(String word, HowKnown how, JsonObject said) {
    String shared = LenientObject.text(said, "shared").orElse("");
    return switch (word) {
      case YES -> Optional.of(new Answer.Yes(how, false));
      case PROBABLY -> Optional.of(new Answer.Yes(how, true));
      case PROBABLY_NOT -> Optional.of(new Answer.No(how, true, shared));
      case NO -> Optional.of(new Answer.No(how, false, shared));
      default -> Optional.empty();
    };
  }
}
