package dev.podbond.cluster.bond;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.podbond.bonding.config.InvalidConfigException;
import dev.podbond.bonding.config.VlanConfig;
import dev.podbond.json.Json;
import dev.podbond.json.JsonException;
import dev.podbond.json.JsonObject;
import dev.podbond.json.LenientObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// `chain` and `vlans` of a BondNetwork, from the written to the rendered form.
final class ChainsAndVlansTest {
  private static final String SOUND =
      "'ipam':{'type':'static'},"
          + "'chain':[{'type':'tuning','sysctl':{'net.ipv4.conf.IFNAME.arp_filter':'1'}},{'type':'sbr'}],"
          + "'vlans':[{'id':100,'mtu':1400,'ipam':{'type':'static'}},"
          + "{'id':200,'name':'backup','chain':[{'type':'vrf','vrfname':'blue'}]}]";

  @Test
  void aChainRunsBehindTheBondAndEachVlanIsANetworkOfItsOwn() throws Exception {
    BondNetwork bond = bond(SOUND);
    assertThat(bond.bond().network()).isEqualTo("storage");

    List<JsonObject> rendered = BondAttachment.render(bond, "podbond");

    assertThat(rendered)
        .extracting(object ->
            LenientObject.text(LenientObject.object(object, "metadata"), "name").orElse(""))
        .containsExactly("storage", "storage-v100", "storage-v200");
    assertThat(rendered).allMatch(object -> BondAttachment.isOwnedBy(object, bond));
    JsonObject list = config(rendered.getFirst());
    assertThat(list.members()).containsOnlyKeys("cniVersion", "name", "plugins");
    assertThat(LenientObject.objects(list, "plugins"))
        .extracting(plugin -> LenientObject.text(plugin, "type").orElse(""))
        .containsExactly("podbond", "tuning", "sbr");
    assertThat(LenientObject.objects(list, "plugins").get(1))
        .isEqualTo(json("{'type':'tuning','sysctl':{'net.ipv4.conf.IFNAME.arp_filter':'1'}}"));
    assertThat(config(rendered.get(1)))
        .isEqualTo(
            json(
                "{'cniVersion':'1.0.0','name':'storage-v100','type':'podbond','vlanOn':'storage',"
                    + "'vlan':100,'mtu':1400,'ipam':{'type':'static'}}"));
    assertThat(config(rendered.get(2)).members()).containsKey("plugins");
    assertThat(bond.vlans())
        .extracting(BondVlan::interfaceName)
        .containsExactly("storage-v100", "backup");
  }

  /// Plugins of a chain get CNI_IFNAME, which must then be the bond's only name.
  @Test
  void withAChainTheBondHasTheNameThatTheChainIsTold() {
    assertThat(bond("'ifname':'bond0'").config().get("ifname")).isPresent();
    assertThat(bond("'ifname':'bond0','chain':[]").config().get("ifname")).isPresent();
    assertThat(bond("'ifname':'bond0','chain':[{'type':'tuning'}]").config().get("ifname"))
        .isEmpty();
  }

  @Test
  void withoutEitherItIsRenderedAsEver() {
    List<JsonObject> rendered = BondAttachment.render(bond("'mtu':1500"), "podbond");

    assertThat(rendered).hasSize(1);
    assertThat(config(rendered.getFirst()).members()).doesNotContainKeys("plugins", "vlans");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          'chain':{'type':'sbr'}                        | chain is not a list
          'chain':['sbr']                               | chain[0] is not an object
          'chain':[{'type':'sbr'},{'sysctl':{}}]        | chain[1].type is missing
          'chain':[{'type':7}]                          | chain[0].type is not a string
          'chain':[{'type':'../sbr'}]                   | chain[0].type is not a file's name
          'chain':[{'type':'/bin/sh'}]                  | chain[0].type is not a file's name
          'chain':[{'type':'.'}]                        | chain[0].type is not a file's name
          'chain':[{'type':''}]                         | chain[0].type is not a file's name
          'chain':[{'type':'bond'}]                     | chain[0].type is "bond": it makes an interface of its own
          'chain':[{'type':'sriov'}]                    | chain[0].type is "sriov"
          'chain':[{'type':'podbond'}]                  | chain[0].type is "podbond"
          'chain':[{'type':'sbr','Type':'other'}]       | chain[0].Type is another spelling of type
          'chain':[{'type':'sbr','name':'x'}]           | chain[0].name is given: the runtime says that
          'chain':[{'type':'sbr','CNIVersion':'0.1.0'}] | chain[0].CNIVersion is given
          'chain':[{'type':'sbr','prevResult':{}}]      | chain[0].prevResult is given
          'chain':[{'type':'sbr'}]                      | chain[0].type is "sbr": it fails on an interface without addresses
          'vlan':5,'ipam':{'type':'static'},'chain':[{'type':'sbr'}] | chain[0].type is "sbr": it fails
          'vlans':[{'id':5,'chain':[{'type':'sbr'}]}]   | vlans[0].chain[0].type is "sbr": it fails
          'vlans':{'id':1}                              | vlans is not a list
          'vlans':[100]                                 | vlans[0] is not an object
          'vlans':[{}]                                  | vlans[0].id is missing: it must be a VLAN id from 1 to 4094
          'vlans':[{'id':0}]                            | vlans[0].id is 0: it must be a whole number from 1 to 4094
          'vlans':[{'id':4095}]                         | vlans[0].id is 4095
          'vlans':[{'id':'5'}]                          | vlans[0].id is "5"
          'vlans':[{'id':5},{'id':6},{'id':5,'name':'x'}] | vlans[2].id is 5, as in vlans[0]
          'vlans':[{'id':5,'name':'storage'}]           | vlans[0].name is "storage", which is the bond's
          'vlans':[{'id':5,'name':'storage-2'}]         | vlans[0].name is "storage-2", which is that of member b
          'vlans':[{'id':5,'name':'x'},{'id':6,'name':'x'}] | vlans[1].name is "x", which is that of vlans[0]
          'vlans':[{'id':5},{'id':6,'name':'storage-v5'}] | vlans[1].name is "storage-v5", which is that of vlans[0]
          'vlans':[{'id':5,'name':'sixteen-letters-'}]  | vlans[0].name is "sixteen-letters-": it must be an interface name of at most 15
          'vlans':[{'id':5,'name':'a/b'}]               | vlans[0].name is "a/b"
          'vlans':[{'id':5,'name':'all'}]               | vlans[0].name is "all"
          'vlans':[{'id':5,'name':7}]                   | vlans[0].name is ""
          'vlans':[{'id':5,'mtu':10}]                   | vlans[0].mtu is 10: it must be a whole number from 68 to 65535
          'mtu':1500,'vlans':[{'id':5,'mtu':1501}]      | vlans[0].mtu is 1501: the bond's mtu is 1500
          'vlans':[{'id':5,'ipam':'static'}]            | vlans[0].ipam is "static": it must be an object
          'vlans':[{'id':5,'master':'eth0'}]            | vlans[0].master is unknown
          'vlans':[{'id':5,'chain':[{'type':'a/b'}]}]   | vlans[0].chain[0].type is not a file's name
          'vlan':7,'vlans':[{'id':5}]                   | vlan stands beside vlans
          """)
  void whatIsWrongIsNamedWhereItIsWritten(String spec, String problem) {
    assertThat(BondAdmission.refusal(bond(spec), BondRules.DEFAULT))
        .hasValueSatisfying(text -> assertThat(text).contains(problem));
  }

  @Test
  void everyProblemIsNamedThoseOfTheBondAmongThem() {
    assertThatThrownBy(
            () -> bond("'miimon':'x','chain':[{}],'vlans':[{'id':0},{'id':9,'mtu':1}]").bond())
        .isInstanceOf(InvalidConfigException.class)
        .hasMessageContainingAll("miimon", "chain[0].type", "vlans[0].id", "vlans[1].mtu");
  }

  @Test
  void whatIsListedWithoutEndIsOneSentence() {
    String million =
        IntStream.range(0, 200_000).mapToObj(_ -> "{}").collect(Collectors.joining(","));
    for (String key : List.of("chain", "vlans")) {
      BondNetwork many = bond("'" + key + "':[" + million + "]");
      assertThat(BondAdmission.refusal(many, BondRules.DEFAULT).orElseThrow())
          .contains(key + " has 200000 entries")
          .hasSizeLessThan(200);
      assertThat(BondAttachment.render(many, "podbond")).hasSize(1);
    }
    assertThat(
            BondAdmission.refusal(
                    bond("'chain':[{'type':'sbr','x':'" + "y".repeat(20_000) + "'}]"),
                    BondRules.DEFAULT)
                .orElseThrow())
        .contains("chain has 20", "a chain takes 16384")
        .hasSizeLessThan(200);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "'chain':[{'type':'firewall'}]",
        "'ipam':{'type':'static'},'chain':[{'type':'sbr'},{'type':'my-plugin'}]",
        "'vlans':[{'id':5,'chain':[{'type':'portmap'}]}]"
      })
  void aPluginThatIsNotListedIsNotChained(String spec) {
    assertThat(BondAdmission.refusal(bond(spec), BondRules.DEFAULT).orElseThrow())
        .contains("may chain bandwidth, route-override, sbr, tuning, vrf here", "chainTypes");
    assertThat(
            BondAdmission.refusal(
                bond(spec),
                new BondRules(IpamRule.DEFAULT, ChainRule.of("firewall, sbr,my-plugin , portmap"))))
        .isEmpty();
    assertThat(ChainRule.of(" , ").refusal(bond(spec)).orElseThrow()).contains("may chain none");
  }

  /// tuning writes what it changed into a file there, as root.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "'chain':[{'type':'tuning','dataDir':'/etc/cron.d'}]",
        "'chain':[{'type':'tuning','DATADIR':'x'}]",
        "'vlans':[{'id':5,'chain':[{'type':'tuning','dataDir':'x'}]}]",
        "'chain':[{'type':'vrf','of-a-later-release':'/etc/passwd'}]"
      })
  void aPluginOfAChainIsToldOfNoFileOfTheNode(String spec) {
    assertThat(BondAdmission.refusal(bond(spec), BondRules.DEFAULT).orElseThrow())
        .contains("a BondNetwork may not choose which files")
        .doesNotContain("ipamPaths");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "'ipam':{'type':'dhcp'}",
        "'vlans':[{'id':5},{'id':6,'ipam':{'type':'dhcp'}}]",
        "'vlans':[{'id':6,'ipam':{'type':'static','Type':'dhcp'}}]",
        "'vlans':[{'id':6,'ipam':{'type':'host-local','dataDir':'/etc'}}]",
        "'chain':[{'type':'tuning','ipam':{'type':'dhcp'}}]",
        "'vlans':[{'id':6,'chain':[{'type':'sbr','IPAM':{'type':'dhcp'}}]}]"
      })
  void theRuleForIpamHoldsWhereverAnIpamPluginIsNamed(String spec) {
    assertThat(BondRules.DEFAULT.ipam().refusal(bond(spec))).isPresent();
    assertThat(BondAdmission.refusal(bond(spec), BondRules.DEFAULT)).isPresent();
  }

  /// Seeded; the assertion's description has the seed. Every admitted BondNetwork is rendered into
  /// configurations that the plugin reads as the same VLANs, with names that neither collide nor
  /// are too long.
  @Test
  void whatIsAdmittedIsRenderedIntoWhatThePluginTakes() throws Exception {
    long seed = Long.getLong("podbond.seed", System.nanoTime());
    Random random = new Random(seed);
    int admitted = 0;
    for (int i = 0; i < 400; i++) {
      String spec = randomSpec(random);
      BondNetwork bond = bond(spec);
      if (BondAdmission.refusal(bond, BondRules.DEFAULT).isPresent()) {
        continue;
      }
      admitted++;
      List<JsonObject> rendered = BondAttachment.render(bond, "podbond");
      assertThat(rendered).as("seed %d, %s", seed, spec).hasSize(1 + bond.vlans().size());
      List<String> names = new ArrayList<>(List.of(bond.interfaceName()));
      bond.members().forEach(member -> names.add(member.interfaceName()));
      for (int n = 0; n < bond.vlans().size(); n++) {
        BondVlan vlan = bond.vlans().get(n);
        JsonObject entry = LenientObject.objects(json("{" + spec + "}"), "vlans").get(n);
        VlanConfig parsed = VlanConfig.parse(first(rendered.get(n + 1)), Optional.empty());
        assertThat(parsed)
            .as("seed %d, %s", seed, spec)
            .isEqualTo(
                new VlanConfig(
                    vlan.network(),
                    bond.interfaceName(),
                    LenientObject.number(entry, "id").orElseThrow(),
                    LenientObject.number(entry, "mtu"),
                    false));
        assertThat(BondAdmission.refusal(rendered.get(n + 1), "podbond"))
            .as("seed %d, %s", seed, spec)
            .isEmpty();
        names.add(vlan.interfaceName());
      }
      assertThat(names)
          .as("seed %d, %s", seed, spec)
          .doesNotHaveDuplicates()
          .allMatch(name -> name.length() <= 15);
    }
    assertThat(admitted).as("seed %d", seed).isGreaterThan(50);
  }

  private static String randomSpec(Random random) {
    String vlans =
        IntStream.range(0, random.nextInt(4))
            .mapToObj(i ->
                "{'id':"
                    + (1 + random.nextInt(random.nextInt(4) == 0 ? 5 : 4094))
                    + (random.nextInt(3) == 0 ? ",'name':'vlan" + random.nextInt(3) + "'" : "")
                    + (random.nextInt(3) == 0 ? ",'mtu':" + (1280 + random.nextInt(400)) : "")
                    + (random.nextBoolean() ? ",'ipam':{'type':'static'}" : "")
                    + (random.nextInt(3) == 0 ? ",'chain':[{'type':'tuning'}]" : "")
                    + "}")
            .collect(Collectors.joining(",", "'vlans':[", "]"));
    return Stream.of(
            vlans,
            random.nextBoolean() ? "'mtu':1500" : "",
            random.nextBoolean() ? "'chain':[{'type':'tuning'},{'type':'vrf'}]" : "",
            random.nextInt(3) == 0 ? "'ifname':'a-long-name-123'" : "")
        .filter(part -> !part.isEmpty())
        .collect(Collectors.joining(","));
  }

  private static JsonObject first(JsonObject attachment) {
    JsonObject config = config(attachment);
    return LenientObject.objects(config, "plugins").stream()
        .findFirst()
        .map(plugin -> plugin.with("name", config.get("name").orElseThrow()))
        .orElse(config);
  }

  /// The API server would refuse the attachment again and again, after it has accepted the
  /// BondNetwork.
  @Test
  void aVlanWhoseAttachmentCouldNotBeNamedIsRefused() {
    String name = "n".repeat(248);
    for (int id : new int[] {100, 1000}) {
      BondNetwork bond =
          BondNetwork.of(
              json(
                  "{'metadata':{'name':'"
                      + name
                      + "'},'spec':{'ifname':'bond0','mode':'active-backup','members':"
                      + "[{'sriovNetwork':'a'},{'sriovNetwork':'b'}],'vlans':[{'id':"
                      + id
                      + "}]}}"));
      assertThat(BondAdmission.refusal(bond, BondRules.DEFAULT).orElse(""))
          .isEqualTo(
              id == 100
                  ? ""
                  : "vlans[0] needs a network attachment whose name has 254 characters: the name of"
                      + " an object has at most 253; name the BondNetwork shorter");
    }
  }

  @Test
  void aNumberThatIsNoneOfThirtyTwoBitsIsRefused() {
    assertThat(BondAdmission.refusal(bond("'vlans':[{'id':4294967396}]"), BondRules.DEFAULT))
        .isPresent();
    assertThat(LenientObject.number(json("{'id':1}"), "id")).isEqualTo(OptionalInt.of(1));
  }

  private static BondNetwork bond(String more) {
    return BondNetwork.of(
        json(
            "{'metadata':{'name':'storage','namespace':'demo','uid':'u'},'spec':{'mode':"
                + "'active-backup','members':[{'sriovNetwork':'a'},{'sriovNetwork':'b'}],"
                + more
                + "}}"));
  }

  private static JsonObject config(JsonObject attachment) {
    return json(
        LenientObject.text(LenientObject.object(attachment, "spec"), "config").orElseThrow());
  }

  private static JsonObject json(String text) {
    try {
      return Json.parseObject(text.replace('\'', '"'));
    } catch (JsonException e) {
      throw new IllegalArgumentException(text, e);
    }
  }
}
