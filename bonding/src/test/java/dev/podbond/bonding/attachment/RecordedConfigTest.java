package dev.podbond.bonding.attachment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podbond.json.Json;
import dev.podbond.json.JsonObject;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RecordedConfigTest {
  private static JsonObject json(String text) throws Exception {
    return Json.parseObject(text.replace('\'', '"'));
  }

  private static JsonObject kept(String text) throws Exception {
    return RecordedConfig.of(json(text));
  }

  @Test
  void keepsAUsualConfigurationAsItIs() throws Exception {
    String usual =
        "{'cniVersion':'1.1.0','name':'n','type':'bond','mode':'802.3ad','miimon':'100',"
            + "'arp_ip_target':['10.0.0.1'],'links':[{'name':'net1'},{'name':'net2'}],"
            + "'ipam':{'type':'host-local','ranges':[[{'subnet':'10.0.0.0/24'}]]},"
            + "'runtimeConfig':{'mac':'02:00:00:00:00:01','ipRanges':[[]],'ips':['10.0.0.5/24']},"
            + "'args':{'cni':{'ips':['10.0.0.5'],'mac':'02:00:00:00:00:01'}},'kubernetes':{'x':1}}";
    assertThat(kept(usual)).isEqualTo(json(usual));
  }

  @Test
  void leavesOutWhatOnlyAddNeeds() throws Exception {
    assertThat(
            kept(
                "{'name':'n','prevResult':{'ips':[]},'PREVRESULT':{},'cni.dev/attachments':[],"
                    + "'cni.dev/valid-attachments':[],'nothing':null}"))
        .isEqualTo(json("{'name':'n'}"));
  }

  @Test
  void leavesOutWhatIsLongAndKeepsWhatIsBesideIt() throws Exception {
    String cargo = "[" + "{},".repeat(2_000) + "{}]";
    assertThat(
            kept(
                "{'name':'n','cargo':%s,'args':{'cni':{'ips':['10.0.0.5'],'cargo':%s},'x':%s},"
                        .formatted(cargo, cargo, cargo)
                    + "'runtimeConfig':{'mac':'02:00:00:00:00:01','cargo':%s}}".formatted(cargo)))
        .isEqualTo(
            json(
                "{'name':'n','args':{'cni':{'ips':['10.0.0.5']}},"
                    + "'runtimeConfig':{'mac':'02:00:00:00:00:01'}}"));
  }

  @Test
  void keepsTheWholeOfIpamAndLinksHoweverLong() throws Exception {
    String pad = "x".repeat(20_000);
    String long_ =
        "{'ipam':{'type':'pool','pad':'%s'},'links':[{'name':'%s'}]}".formatted(pad, pad);
    assertThat(kept(long_)).isEqualTo(json(long_));
  }

  @Test
  void keepsOnlySoManyShortOnes() throws Exception {
    StringBuilder many = new StringBuilder("{'name':'n'");
    for (int i = 0; i < 1_000; i++) {
      many.append(",'cargo%d':'%s'".formatted(i, "x".repeat(90)));
    }
    assertThat(kept(many + "}").toString()).hasSizeLessThan(10_000);
  }

  /// A member counts with its name, and the quotes of its value.
  @Test
  void keepsMembersOf1024CharactersAndOfAll8192() throws Exception {
    String most = "x".repeat(1024 - "c0''".length());
    String eight =
        IntStream.range(0, 8)
            .mapToObj(i -> "'c%d':'%s'".formatted(i, most))
            .collect(Collectors.joining(","));
    assertThat(kept("{'name':'n'," + eight + "}")).isEqualTo(json("{'name':'n'," + eight + "}"));
    assertThat(kept("{'name':'n'," + eight + ",'one':1}"))
        .isEqualTo(json("{'name':'n'," + eight + "}"));
    assertThat(kept("{'name':'n','c0':'x" + most + "'}")).isEqualTo(json("{'name':'n'}"));
  }

  @Test
  void looksThroughTheObjectsInArgsAndNotThroughThoseInThem() throws Exception {
    String cargo = "x".repeat(2_000);
    assertThat(
            kept("{'args':{'cni':{'ips':[],'labels':{'short':1,'cargo':'%s'}}}}".formatted(cargo)))
        .isEqualTo(json("{'args':{'cni':{'ips':[]}}}"));
  }

  /// Otherwise, without the dropped member, an earlier one would count, which nobody intended.
  @Test
  void keepsOfNearlyEqualNamesTheOneThatCounts() throws Exception {
    String cargo = "x".repeat(2_000);
    assertThat(kept("{'mtu':'1','MTU':'" + cargo + "','Name':'a','name':'b'}"))
        .isEqualTo(json("{'name':'b'}"));
  }
}
