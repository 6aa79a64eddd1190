package dev.podbond.agent.watch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podbond.json.JsonArray;
import dev.podbond.json.JsonObject;
import dev.podbond.json.LenientObject;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/// What strangers are told of the bonds has a limit.
final class BondListingTest {
  private static final int MOST = 64 * 1024;

  private static JsonObject bond(String name, int members) {
    return JsonObject.builder()
        .put("bond", name)
        .put("problems", JsonArray.ofStrings(Collections.nCopies(members, "member \u00e9 is down")))
        .build();
  }

  @Test
  void whatFitsIsListedThoughAPodMadeItsBondLong() {
    BondListing listing = new BondListing(MOST);
    listing.add(bond("first", 2));
    listing.add(bond("long", 64 * 1024));
    listing.add(bond("last", 2));

    JsonObject answer = listing.toJson(List.of("late"));
    assertThat(answer.toPrettyString())
        .contains("\"first\"", "\"last\"")
        .doesNotContain("\"long\"");
    assertThat(LenientObject.texts(answer, "limits"))
        .hasSize(2)
        .contains("late")
        .anySatisfy(limit -> assertThat(limit).startsWith("bonds left out: 1,").contains("64 KiB"));
    assertThat(LenientObject.number(answer, "omitted")).hasValue(1);
  }

  @Test
  void theWholeAnswerStaysWithinTheLimit() {
    BondListing listing = new BondListing(MOST);
    for (int i = 0; i < 5_000; i++) {
      listing.add(bond("bond" + i, 20));
    }
    byte[] text = listing.toJson(List.of()).toPrettyString().getBytes(StandardCharsets.UTF_8);
    assertThat(text.length).isBetween(MOST / 2, MOST + 1_000);
  }

  @Test
  void nothingIsSaidOfLimitsWhereNoneApplies() {
    BondListing listing = new BondListing(MOST);
    listing.add(bond("first", 2));
    assertThat(LenientObject.texts(listing.toJson(List.of()), "limits")).isEmpty();
  }
}
