package dev.podbond.agent.watch;

import dev.podbond.json.JsonArray;
import dev.podbond.json.JsonObject;
import dev.podbond.json.JsonValue;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// A list of bonds whose text has a limited length. A pod decides how much there is to say of its
/// bonds: one that does not fit is left out, and those that do are listed all the same.
final class BondListing {
  private final int mostBytes;
  private final List<JsonValue> listed = new ArrayList<>();
  private int bytes;
  private int leftOut;

  /// @param mostBytes of the text of all bonds
  BondListing(int mostBytes) {
    this.mostBytes = mostBytes;
  }

  void add(JsonObject bond) {
    int more = bytesOf(bond);
    if (more <= mostBytes - bytes) {
      bytes += more;
      listed.add(bond);
    } else {
      leftOut++;
    }
  }

  /// As in the whole answer, whose lines are indented.
  private static int bytesOf(JsonObject bond) {
    String text = answer(List.of(bond)).build().toPrettyString();
    return text.getBytes(StandardCharsets.UTF_8).length;
  }

  /// The answer with those that fit.
  ///
  /// @param limits what else it may lack
  JsonObject toJson(List<String> limits) {
    List<String> all = new ArrayList<>(limits);
    if (leftOut > 0) {
      all.add(
          "bonds left out: %d, since an answer here has at most %d KiB; ask on the agent's socket for"
                  .formatted(leftOut, mostBytes / 1024)
              + " calls for all");
    }
    JsonObject.Builder answer = answer(listed).put("limits", JsonArray.ofStrings(all));
    return (leftOut > 0 ? answer.put("omitted", leftOut) : answer).build();
  }

  private static JsonObject.Builder answer(List<JsonValue> bonds) {
    return JsonObject.builder().put("bonds", new JsonArray(bonds));
  }
}
