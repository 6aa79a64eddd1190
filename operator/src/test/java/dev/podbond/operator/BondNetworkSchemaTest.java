package dev.podbond.operator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podbond.bonding.option.BondOption;
import dev.podbond.bonding.option.OptionDomain;
import dev.podbond.cluster.bond.BondNetwork;
import dev.podbond.json.JsonBoolean;
import dev.podbond.json.JsonObject;
import dev.podbond.json.LenientObject;
import dev.podbond.operator.kubernetes.Resources;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// The schema is written by hand; the code that reads it must know exactly the same fields.
final class BondNetworkSchemaTest {
  private static final Path CRD = Path.of("../packaging/chart/templates/bondnetworks.yaml");

  @Test
  void hasEveryOptionOfThePluginAndNothingElse() throws Exception {
    Set<String> known = new HashSet<>(BondNetwork.PLUGIN_FIELDS);
    known.addAll(BondNetwork.OWN_FIELDS);
    Set<String> wanted = new HashSet<>(known);
    for (BondOption option : BondOption.values()) {
      if (!(option.domain() instanceof OptionDomain.NotSettable)) {
        wanted.add(option.key());
        known.add(option.key());
        known.addAll(option.aliases());
      }
    }

    assertThat(specProperties().members().keySet()).containsAll(wanted);
    assertThat(known).containsAll(specProperties().members().keySet());
  }

  @Test
  void givesEachOptionTheTypeOfItsDomain() throws Exception {
    Map<String, BondOption> byKey = new HashMap<>();
    for (BondOption option : BondOption.values()) {
      byKey.put(option.key(), option);
      option.aliases().forEach(alias -> byKey.put(alias, option));
    }
    byKey.remove(BondOption.MODE.key());
    for (String key : specProperties().members().keySet()) {
      if (byKey.containsKey(key)) {
        JsonObject property = LenientObject.object(specProperties(), key);
        String type =
            property.get("x-kubernetes-int-or-string").orElse(property) == JsonBoolean.TRUE
                ? "int-or-string"
                : LenientObject.text(property, "type").orElse("none");
        assertThat(type).as(key).isEqualTo(type(byKey.get(key).domain()));
      }
    }
  }

  private static String type(OptionDomain domain) {
    return switch (domain) {
      case OptionDomain.Range _, OptionDomain.Choice _ -> "int-or-string";
      case OptionDomain.Flag _ -> "boolean";
      case OptionDomain.Targets _ -> "array";
      case OptionDomain.MacValue _, OptionDomain.Member _ -> "string";
      case OptionDomain.NotSettable _ -> "absent";
    };
  }

  private static JsonObject specProperties() throws Exception {
    JsonObject crd =
        Resources.json(new KubernetesSerialization().unmarshal(Files.readString(CRD), Map.class));
    JsonObject version =
        LenientObject.objects(LenientObject.object(crd, "spec"), "versions").getFirst();
    JsonObject schema =
        LenientObject.object(LenientObject.object(version, "schema"), "openAPIV3Schema");
    JsonObject spec = LenientObject.object(LenientObject.object(schema, "properties"), "spec");
    return LenientObject.object(spec, "properties");
  }
}
