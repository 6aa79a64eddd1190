package dev.podbond.cluster.bond;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podbond.json.JsonObject;
import dev.podbond.json.JsonString;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// What a network attachment may hold that names the bond plugin: what that accepts.
class AttachmentAdmissionTest {
  private static final String BOND =
      """
      {"cniVersion": "1.0.0", "name": "b", "type": "%s", "mode": "active-backup",
       "links": [{"name": "net1"}, {"name": "net2"}], "x": "%s"}
      """;

  private static Optional<String> refusal(String config) {
    JsonObject spec = JsonObject.of().with("config", new JsonString(config));
    return BondAdmission.refusal(JsonObject.of().with("spec", spec), "podbond");
  }

  @Test
  void oneThatThePluginWouldFindTooLargeIsRefused() {
    for (String type : new String[] {"bond", "podbond"}) {
      assertThat(refusal(BOND.formatted(type, "y".repeat(70_000))).orElseThrow())
          .contains("config is too large for the plugin " + type)
          .contains("of which at most 65536 are allowed")
          .hasSizeLessThan(200);
      assertThat(refusal(BOND.formatted(type, "y".repeat(60_000)))).isEmpty();
    }
  }

  @Test
  void howLargeAnotherPluginsIsIsNotOursToJudge() {
    assertThat(refusal(BOND.formatted("macvlan", "y".repeat(70_000)))).isEmpty();
  }
}
