package dev.podbond.cluster.bond;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podbond.bonding.config.ConfigProblem;
import dev.podbond.cluster.bond.Allocation.Distinct;
import dev.podbond.json.Json;
import dev.podbond.json.JsonException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class AllocationTest {
  private final List<ConfigProblem> problems = new ArrayList<>();

  @Test
  void aDevicePluginIsAskedUnlessTheBondSaysOtherwise() {
    assertThat(of("{}")).isEqualTo(new Allocation.DevicePlugin());
    assertThat(of("{'allocation':'devicePlugin'}")).isEqualTo(new Allocation.DevicePlugin());
    assertThat(of("{'allocation':'dra'}")).isEqualTo(new Allocation.Dra(Distinct.PF, false));
    assertThat(of("{'allocation':'dra','distinct':'card','sameNumaNode':true}"))
        .isEqualTo(new Allocation.Dra(Distinct.CARD, true));
    assertThat(of("{'allocation':null,'distinct':null}")).isEqualTo(new Allocation.DevicePlugin());
    assertThat(problems).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'allocation':'DRA'} | allocation is \"DRA\": it must be devicePlugin or dra",
        "{'allocation':7} | allocation is something else: it must be devicePlugin or dra",
        "{'allocation':'dra','distinct':'switch'} | distinct is \"switch\": it must be pf or card",
        "{'allocation':'dra','sameNumaNode':'yes'} | sameNumaNode is \"yes\": it must be true or"
            + " false",
        "{'distinct':'card'} | distinct stands without allocation: dra: a device plugin cannot be"
            + " asked for it; set allocation: dra, or leave it out",
        "{'sameNumaNode':true} | sameNumaNode stands without allocation: dra: a device plugin"
            + " cannot be asked for it; set allocation: dra, or leave it out"
      })
  void saysWhatIsWrong(String spec, String problem) {
    of(spec);

    assertThat(problems).extracting(ConfigProblem::toString).containsExactly(problem);
  }

  @Test
  void isNoneOfThePluginsFields() throws JsonException {
    BondNetwork bond =
        BondNetwork.of(
            Json.parseObject(
                "{'metadata':{'name':'x'},'spec':{'mode':'active-backup','allocation':'dra','distinct':'card','sameNumaNode':true}}"
                    .replace('\'', '"')));

    assertThat(bond.config().toString()).doesNotContain("allocation", "distinct", "sameNumaNode");
  }

  private Allocation of(String spec) {
    try {
      return Allocation.of(Json.parseObject(spec.replace('\'', '"')), problems);
    } catch (JsonException e) {
      throw new IllegalArgumentException(spec, e);
    }
  }
}
