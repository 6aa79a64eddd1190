package dev.podbond.cluster.bond;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podbond.json.Json;
import dev.podbond.json.JsonException;
import dev.podbond.json.JsonObject;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class IpamRuleTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{'type':'static','addresses':[{'address':'10.0.0.2/24'}],'routes':[{'dst':'0.0.0.0/0'}]}",
        "{'type':'whereabouts','range':'10.56.0.0/16','exclude':['10.56.0.0/30']}",
        "{'type':'host-local','ranges':[[{'subnet':'2001:db8::/64'}]]}"
      })
  void whatNamesNoFileIsAllowed(String ipam) {
    assertThat(IpamRule.DEFAULT.refusal(json(ipam))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"{'type':'dhcp'}", "{'TYPE':'dhcp'}", "{'type':'static','Type':'anything'}"})
  void anIpamPluginThatIsNotListedIsRefused(String ipam) {
    assertThat(IpamRule.DEFAULT.refusal(json(ipam)).orElseThrow())
        .contains("a BondNetwork may name host-local, static, whereabouts here", "ipamTypes");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'type':'host-local','dataDir':'/etc/cron.d'}",
        "{'type':'host-local','dataDir':'relative'}",
        "{'type':'host-local','datadir':'/etc'}",
        "{'type':'host-local','resolvConf':'/etc/shadow'}",
        "{'type':'host-local','re\u017folvConf':'x'}",
        "{'type':'whereabouts','log_file':'/etc/cron.d/x'}",
        "{'type':'whereabouts','configuration_path':'x'}",
        "{'type':'whereabouts','kubernetes':{'kubeconfig':'x'}}",
        "{'type':'whereabouts','etcd_host':'x'}",
        "{'type':'whereabouts','of-a-later-release':[{'file':'/etc/passwd'}]}",
        "{'type':'static','x':'../../etc/passwd'}"
      })
  void aFileOrAStoreOfTheNodeIsRefused(String ipam) {
    assertThat(IpamRule.DEFAULT.refusal(json(ipam)).orElseThrow())
        .startsWith("ipam.")
        .contains("a BondNetwork may not choose which files", "ipamPaths");
  }

  @Test
  void theOwnerOfTheClusterDecides() {
    IpamRule open = IpamRule.of("dhcp, host-local", true);

    assertThat(open.refusal(json("{'type':'dhcp'}"))).isEmpty();
    assertThat(open.refusal(json("{'type':'host-local','dataDir':'/run/x'}"))).isEmpty();
    assertThat(open.refusal(json("{'type':'static'}"))).isPresent();
    assertThat(IpamRule.of("", false).refusal(json("{'type':'static'}")).orElseThrow())
        .contains("no IPAM plugin");
  }

  @Test
  void everyIpamOfABondNetworkIsMeant() {
    assertThat(refusal("'ipam':{'type':'dhcp'}")).isPresent();
    assertThat(refusal("'vlans':[{'id':5,'ipam':{'type':'static'}},{'ipam':{'type':'dhcp'}}]"))
        .isPresent();
    assertThat(refusal("'chain':[{'type':'x','IPAM':{'type':'host-local','dataDir':'/x'}}]"))
        .isPresent();
    assertThat(refusal("'ipam':{'type':'static'}")).isEmpty();
  }

  @Test
  void aSentenceStaysOne() {
    assertThat(
            IpamRule.DEFAULT.refusal(json("{'type':'" + "x".repeat(100_000) + "'}")).orElseThrow())
        .hasSizeLessThan(400);
  }

  private static Optional<String> refusal(String spec) {
    return IpamRule.DEFAULT.refusal(
        BondNetwork.of(json("{'metadata':{'name':'storage'},'spec':{" + spec + "}}")));
  }

  private static JsonObject json(String text) {
    try {
      return Json.parseObject(text.replace('\'', '"'));
    } catch (JsonException e) {
      throw new IllegalArgumentException(text, e);
    }
  }
}
