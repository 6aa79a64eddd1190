package dev.podbond.cluster.observed;

import dev.podbond.bonding.redundancy.Answer;
import dev.podbond.bonding.redundancy.Failure;
import dev.podbond.bonding.redundancy.Survival;
import dev.podbond.json.JsonObject;
import dev.podbond.json.LenientObject;
import java.util.Map;

/// What a bond survives, as its node reports it, in the little that decisions need. There are few
/// different ones in a cluster, and each text of them is in memory once.
///
/// @param survived as [Survival#toString]
/// @param fatal the failures that surely or probably take all members, as `card,switch`
/// @param sharedSwitch what the one switch of all members is known by; "" if there is none
/// @param vfLag the host's bond into which the NIC itself joins all members' ports; "" if it does
///   not
public record ObservedGrade(String survived, String fatal, String sharedSwitch, String vfLag) {
  /// That of a bond of which its node says nothing.
  static final ObservedGrade UNKNOWN = new ObservedGrade(Survival.UNKNOWN.toString(), "", "", "");

  static ObservedGrade of(JsonObject bond) {
    Survival survival = Survival.ofJson(LenientObject.objects(bond, "survives"));
    StringBuilder fatal = new StringBuilder();
    for (Map.Entry<Failure, Answer> answer : survival.answers().entrySet()) {
      if (answer.getValue() instanceof Answer.No) {
        fatal.append(fatal.isEmpty() ? "" : ",").append(answer.getKey());
      }
    }
    return new ObservedGrade(
        Texts.limited(survival.toString()),
        Texts.limited(fatal.toString()),
        survival.answer(Failure.SWITCH) instanceof Answer.No no ? Texts.limited(no.shared()) : "",
        Texts.of(bond, "vfLag"));
  }

  /// Whether it surely or probably survives a failure.
  public boolean survives(Failure failure) {
    return contains(survived, failure.toString()) || contains(survived, failure + "?");
  }

  /// Whether a failure surely or probably takes all members.
  public boolean isLostWith(Failure failure) {
    return contains(fatal, failure.toString());
  }

  private static boolean contains(String list, String word) {
    return ("," + list + ",").contains("," + word + ",");
  }
}
