package dev.podbond.operator.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podbond.json.Json;
import dev.podbond.json.JsonObject;
import org.junit.jupiter.api.Test;

final class ResourcesTest {
  /// Numbers of any length keep their digits.
  private static final String STATUS =
      """
      {"conditions":[{"type":"Ready","status":"True"}],"podsLeft":12345678901234567890}\
      """;

  @Test
  void aStatusCrossesToTheClientAndBack() throws Exception {
    BondNetworkResource bond = new BondNetworkResource();
    bond.setStatus(Resources.node(Json.parseObject(STATUS)));

    assertThat(Resources.json(bond).get("status").orElseThrow()).hasToString(STATUS);
  }

  @Test
  void aStatusOfTheApiServerIsRead() throws Exception {
    JsonObject stored =
        Json.parseObject(
            "{\"apiVersion\":\"podbond.dev/v1alpha1\",\"kind\":\"BondNetwork\",\"status\":"
                + STATUS
                + "}");

    BondNetworkResource read =
        Serialization.create().unmarshal(stored.toString(), BondNetworkResource.class);

    assertThat(Resources.json(read).get("status").orElseThrow()).hasToString(STATUS);
  }
}
