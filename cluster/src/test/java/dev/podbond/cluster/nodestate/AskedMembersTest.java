package dev.podbond.cluster.nodestate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podbond.json.Json;
import dev.podbond.json.JsonException;
import dev.podbond.json.JsonObject;
import dev.podbond.json.LenientObject;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Which members count, whoever has put others into the bond.
final class AskedMembersTest {
  private static List<String> asked(int configured, String members) throws JsonException {
    JsonObject bond = Json.parseObject("{\"members\": [" + members + "]}");
    return AskedMembers.among(LenientObject.objects(bond, "members"), configured).stream()
        .map(member -> LenientObject.text(member, "name").orElse(""))
        .toList();
  }

  @Test
  void whatHasHardwareOrIsMissingCountsAndOfTheRestAsManyAsAreWanting() throws Exception {
    String members =
        """
        {"name": "dummy0", "mii": "up"}, {"name": "net1", "pci": "0000:01:10.0"},
        {"name": "dummy1", "mii": "up"}, {"name": "net2", "mii": "missing"},
        {"name": "net3", "pciAddress": "0000:02:10.0"}
        """;
    assertThat(asked(3, members)).containsExactly("net1", "net2", "net3");
    assertThat(asked(4, members)).containsExactly("dummy0", "net1", "net2", "net3");
    assertThat(asked(0, members)).hasSize(3);
    assertThat(asked(Integer.MAX_VALUE, members)).hasSize(5);
  }
}
