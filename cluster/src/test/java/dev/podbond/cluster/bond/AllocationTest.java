package dev.podbond.cluster.bond;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podbond.bonding.config.ConfigProblem;
import dev.podbond.cluster.bond.Allocation.Distinct;
import dev.podbond.json.Json;
import dev.podbond.json.JsonException;
import dev.podbond.json.JsonObject;
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
                "{'metadata':{'name':'x'},'spec':{'mode':'active-backup','allocation':'dra','distinct':'card','sameNumaNode':true,'survive':['card']}}"
                    .replace('\'', '"')));

    assertThat(bond.config().toString())
        .doesNotContain("allocation", "distinct", "sameNumaNode", "survive");
  }

  @Test
  void aCardThatMayFailTakesMembersOfDifferentCards() {
    assertThat(of("{'allocation':'dra','survive':['card'],'members':[{},{}]}"))
        .isEqualTo(new Allocation.Dra(Distinct.CARD, false));
    assertThat(of("{'allocation':'dra','distinct':'card','survive':['card'],'members':[{},{}]}"))
        .isEqualTo(new Allocation.Dra(Distinct.CARD, false));
    assertThat(of("{'allocation':'dra','survive':['port','switch'],'members':[{},{}]}"))
        .isEqualTo(new Allocation.Dra(Distinct.PF, false));
    assertThat(of("{'survive':['card'],'members':[{},{}]}"))
        .isEqualTo(new Allocation.DevicePlugin());
    assertThat(of("{'survive':[]}")).isEqualTo(of("{'survive':null}"));
    assertThat(problems).isEmpty();
  }

  /// Three members on two cards survive one of them.
  @Test
  void ofMoreThanTwoMembersNotEachNeedsACardOfItsOwn() {
    assertThat(of("{'allocation':'dra','survive':['card'],'members':[{},{},{}]}"))
        .isEqualTo(new Allocation.Dra(Distinct.PF, false));
    assertThat(of("{'allocation':'dra','distinct':'pf','survive':['card'],'members':[{},{},{}]}"))
        .isEqualTo(new Allocation.Dra(Distinct.PF, false));
    assertThat(of("{'allocation':'dra','distinct':'card','survive':['card'],'members':[{},{},{}]}"))
        .isEqualTo(new Allocation.Dra(Distinct.CARD, false));
    assertThat(problems).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'survive':'card'} | survive is not a list: it must be a list, such as [card]",
        "{'survive':['card','rack']} | survive has \"rack\": it takes cable, port, card, switch",
        "{'survive':[{}]} | survive has something else than a word: it takes cable, port, card,"
            + " switch",
        "{'allocation':'dra','distinct':'pf','survive':['card'],'members':[{},{}]} | distinct is"
            + " \"pf\", and survive has card: members of different PFs may be of one card; leave"
            + " distinct out, or let it be card"
      })
  void saysWhatIsWrongWithWhatToSurvive(String spec, String problem) {
    of(spec);

    assertThat(problems).extracting(ConfigProblem::toString).containsExactly(problem);
  }

  private Allocation of(String spec) {
    try {
      JsonObject read = Json.parseObject(spec.replace('\'', '"'));
      return Allocation.of(read, Survive.of(read, problems), problems);
    } catch (JsonException e) {
      throw new IllegalArgumentException(spec, e);
    }
  }
}
