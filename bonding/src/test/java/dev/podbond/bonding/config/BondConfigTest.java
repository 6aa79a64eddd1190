package dev.podbond.bonding.config;

import static dev.podbond.bonding.fixture.Configurations.bond;
import static dev.podbond.bonding.fixture.Configurations.bondJson;
import static dev.podbond.bonding.fixture.Configurations.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.podbond.bonding.option.BondMode;
import dev.podbond.bonding.option.BondOption;
import dev.podbond.bonding.option.OptionValue;
import dev.podbond.json.JsonObject;
import dev.podbond.value.MacAddress;
import dev.podbond.value.PciAddress;
import dev.podbond.value.VfLinkState;
import dev.podbond.value.VfVlan;
import dev.podbond.value.VlanProtocol;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BondConfigTest {
  private static InvalidConfigException refusal(JsonObject config) {
    return catchThrowableOfType(
        InvalidConfigException.class, () -> BondConfig.parse(config, Optional.empty()));
  }

  @Test
  void readsTheDefinitionOfOkdsDocumentation() throws Exception {
    BondConfig config =
        BondConfig.parse(
            json(
                """
                {'type':'bond','cniVersion':'0.3.1','name':'bond-net1','ifname':'bond0',
                 'mode':'active-backup','failOverMac':1,'linksInContainer':true,'miimon':'100',
                 'mtu':1500,'links':[{'name':'net1'},{'name':'net2'}],
                 'ipam':{'type':'host-local','subnet':'10.56.217.0/24',
                         'routes':[{'dst':'0.0.0.0/0'}],'gateway':'10.56.217.1'}}
                """),
            Optional.empty());

    assertThat(config.network()).isEqualTo("bond-net1");
    assertThat(config.ifname()).contains("bond0");
    assertThat(config.mode()).isEqualTo(BondMode.ACTIVE_BACKUP);
    assertThat(config.options()).hasToString("mode active-backup, miimon 100, failOverMac active");
    assertThat(config.linksInContainer()).isTrue();
    assertThat(config.mtuBytes()).hasValue(1500);
    assertThat(config.members())
        .containsExactly(
            new MemberSpec.Named("net1", MemberOptions.DEFAULT),
            new MemberSpec.Named("net2", MemberOptions.DEFAULT));
    assertThat(config.mac()).isEmpty();
    assertThat(config.vlanId()).isEmpty();
    assertThat(config.strict()).isFalse();
    assertThat(config.hostLinksAllowed()).isTrue();
  }

  @Test
  void keysMatchInAnyCaseOfLettersAsInGo() {
    BondConfig config =
        bond("'MODE':'balance-xor','MiiMon':'50','FAILOVERMAC':0,'XmitHashPolicy':'layer3+4'");

    assertThat(config.options())
        .hasToString("mode balance-xor, miimon 50, failOverMac none, xmitHashPolicy layer3+4");
  }

  @Test
  void unknownKeysAreIgnoredAndNullIsAbsent() {
    BondConfig config =
        bond("'nonsense':{'a':[1]},'xmitHashPolicy':null,'mtu':null,'mac':null,'ipam':null");

    assertThat(config).isEqualTo(bond());
  }

  @ParameterizedTest
  @CsvSource({
    "'balance-rr', BALANCE_RR",
    "'rr', BALANCE_RR",
    "'0', BALANCE_RR",
    "'active-backup', ACTIVE_BACKUP",
    "'Active-Backup', ACTIVE_BACKUP",
    "'1', ACTIVE_BACKUP",
    "'balance-xor', BALANCE_XOR",
    "'XOR', BALANCE_XOR",
    "'2', BALANCE_XOR",
    "'broadcast', BROADCAST",
    "'802.3ad', LACP",
    "'802.3AD', LACP",
    "'lacp', LACP",
    "'LACP', LACP",
    "'4', LACP",
    "'balance-tlb', BALANCE_TLB",
    "'tlb', BALANCE_TLB",
    "'5', BALANCE_TLB",
    "'balance-alb', BALANCE_ALB",
    "'alb', BALANCE_ALB",
    "'6', BALANCE_ALB",
  })
  void aModeGoesByNameAliasOrNumber(String text, BondMode mode) {
    assertThat(bond("'mode':'" + text + "'").mode()).isEqualTo(mode);
    assertThat(bond("'mode':" + mode.number()).mode()).isEqualTo(mode);
    assertThat(bond("'mode':'" + text + "'").options().get(BondOption.MODE))
        .contains(new OptionValue.Number(mode.number()));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'100' | 100",
        "100 | 100",
        "'+100' | 100",
        "'0' | 0",
        "0 | 0",
        "'2147483647' | 2147483647",
      })
  void miimonIsAStringAsInBondCniOrANumber(String json, long millis) {
    // The quoting of the table removes the quotes.
    assertThat(bond("'miimon':'" + json + "'").options().get(BondOption.MIIMON))
        .contains(new OptionValue.Number(millis));
    assertThat(bond("'miimon':" + millis).options().get(BondOption.MIIMON))
        .contains(new OptionValue.Number(millis));
  }

  @ParameterizedTest
  @ValueSource(strings = {"'-1'", "-1", "'-2147483648'"})
  void aNegativeMiimonIsNotSentAsInBondCni(String json) {
    assertThat(bond("'miimon':" + json).options().get(BondOption.MIIMON)).isEmpty();
  }

  @Test
  void anAbsentMiimonIs100UnlessArpMonitoringIsAskedFor() {
    assertThat(bond("'miimon':null").options().get(BondOption.MIIMON))
        .contains(new OptionValue.Number(100));
    assertThat(
            bond("'miimon':null,'arpInterval':200,'arpIpTargets':['10.0.0.1']")
                .options()
                .get(BondOption.MIIMON))
        .isEmpty();
  }

  @Test
  void anMtuOf0IsNoneAsInGo() {
    assertThat(bond("'mtu':0").mtuBytes()).isEmpty();
  }

  @Test
  void anMtuMayBeAtEitherEndOfItsRange() {
    assertThat(bond("'mtu':68").mtuBytes()).hasValue(68);
    assertThat(bond("'mtu':65535").mtuBytes()).hasValue(65535);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "failOverMac;2;follow",
        "failOverMac;'follow';follow",
        "failOverMac;'2';follow",
        "failOverMac;'ACTIVE';active",
        "allSlavesActive;1;on",
        "allSlavesActive;true;on",
        "allSlavesActive;'off';off",
        "xmitHashPolicy;'vlan+srcmac';vlan+srcmac",
        "xmitHashPolicy;1;layer3+4",
        "updelay;200;200",
        "upDelay;'200';200",
        "downdelay;300;300",
        "useCarrier;1;on",
        "arpAllTargets;'all';all",
        "primary;'net2';net2",
        "primaryReselect;'better';better",
        "resendIgmp;3;3",
        "numPeerNotif;5;5",
        "numGratArp;5;5",
        "numUnsolNa;5;5",
        "minLinks;1;1",
        "lpInterval;10;10",
        "adSelect;'bandwidth';bandwidth",
        "peerNotifDelay;300;300",
        "arpMissedMax;3;3",
        "missedMax;3;3",
        "arpIpTarget;'10.0.0.1, 10.0.0.2';'10.0.0.1,10.0.0.2'",
        "arpIpTargets;['10.0.0.1'];10.0.0.1",
        "nsIp6Target;['2001:db8::1'];2001:db8::1",
        "nsIp6Targets;['fe80::1'];fe80::1",
      },
      quoteCharacter = '"')
  void readsOptionsOfActiveBackup(String key, String json, String shown) {
    assertThat(shown(bond("'" + key + "':" + json), key)).isEqualTo(shown.replace("'", ""));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "802.3ad;lacpRate;'fast';fast",
        "802.3ad;adLacpRate;1;fast",
        "802.3ad;adActorSysPrio;100;100",
        "802.3ad;adUserPortKey;1023;1023",
        "802.3ad;adActorSystem;'02:00:00:00:00:01';02:00:00:00:00:01",
        "802.3ad;lacpActive;'off';off",
        "802.3ad;coupledControl;0;off",
        "802.3ad;broadcastNeighbor;1;on",
        "802.3ad;lacpStrict;true;on",
        "802.3ad;minLinks;2;2",
        "balance-tlb;tlbDynamicLb;0;off",
        "balance-alb;tlbDynamicLb;1;on",
        "balance-rr;packetsPerSlave;0;0",
        "balance-rr;packetsPerSlave;65535;65535",
      },
      quoteCharacter = '"')
  void readsOptionsOfOtherModes(String mode, String key, String json, String shown) {
    BondConfig config = bond("'mode':'" + mode + "','" + key + "':" + json);

    assertThat(shown(config, key)).isEqualTo(shown);
  }

  private static String shown(BondConfig config, String key) {
    return config.options().values().entrySet().stream()
        .filter(entry ->
            entry.getKey().key().equalsIgnoreCase(key) || entry.getKey().aliases().contains(key))
        .map(entry -> entry.getKey().show(entry.getValue()))
        .findFirst()
        .orElse("absent");
  }

  @Test
  void readsArpMonitoring() {
    assertThat(
            bond("'miimon':0,'arpInterval':250,'arpIpTarget':['10.0.0.1'],'arpValidate':'all'")
                .options())
        .hasToString(
            "mode active-backup, miimon 0, arpInterval 250, arpIpTarget 10.0.0.1, arpValidate all,"
                + " failOverMac active");
  }

  @Test
  void aDelayOf0WithoutMiimonIsLeftOutSinceTheKernelRefusesEvenThat() {
    assertThat(bond("'miimon':0,'updelay':0").options().get(BondOption.UPDELAY)).isEmpty();
  }

  @Test
  void membersMayBeDevicesWithTheFieldsOfSriovCni() {
    BondConfig config =
        bond(
            """
            'links':[
              {'deviceID':'0000:01:10.0','name':'left','prio':10,'queueId':1,'vlan':5,'vlanQoS':3,
               'vlanProto':'802.1AD','mac':'02:00:00:00:00:01','spoofchk':'off','trust':'on',
               'link_state':'auto','min_tx_rate':10,'max_tx_rate':100},
              {'deviceID':'02:10.1'}]
            """);

    MemberSpec.Device left = (MemberSpec.Device) config.members().getFirst();
    MacAddress mac = MacAddress.parse("02:00:00:00:00:01").orElseThrow();
    assertThat(left.pci()).isEqualTo(new PciAddress(0, 1, 0x10, 0));
    assertThat(left.podName()).contains("left");
    assertThat(left.options()).isEqualTo(new MemberOptions(OptionalInt.of(10), OptionalInt.of(1)));
    assertThat(left.vf().mac()).contains(mac);
    assertThat(left.vf().settings().adminMac()).contains(mac);
    assertThat(left.vf().settings().vlan()).contains(new VfVlan(5, 3, VlanProtocol.DOT1AD));
    assertThat(left.vf().settings().spoofCheck()).contains(false);
    assertThat(left.vf().settings().trust()).contains(true);
    assertThat(left.vf().settings().linkState()).contains(VfLinkState.AUTO);
    assertThat(left.vf().settings().minTxRateMbps()).hasValue(10);
    assertThat(left.vf().settings().maxTxRateMbps()).hasValue(100);
    assertThat(config.members().get(1))
        .isEqualTo(
            new MemberSpec.Device(
                new PciAddress(0, 2, 0x10, 1),
                Optional.empty(),
                VfConfig.NONE,
                MemberOptions.DEFAULT));
  }

  @Test
  void otherKeysOfANamedLinkAreIgnoredAsInBondCni() {
    assertThat(bond("'links':[{'name':'net1','trust':7},{'Name':'net2'}]")).isEqualTo(bond());
  }

  @Test
  void primaryMayBeADevicesPciAddressOrPodName() {
    String links = "'links':[{'deviceID':'0000:01:10.0'},{'deviceID':'0000:02:10.0','name':'b'}]";

    assertThat(shown(bond(links + ",'primary':'0000:01:10.0'"), "primary"))
        .isEqualTo("0000:01:10.0");
    assertThat(shown(bond(links + ",'primary':'b'"), "primary")).isEqualTo("b");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "'mac':'02:00:00:00:00:04' | | 02:00:00:00:00:04",
        "'mac':'02-00-00-00-00-0A' | | 02:00:00:00:00:0a",
        "'mac':'02:00:00:00:00:04','args':{'cni':{'mac':'02:00:00:00:00:03'}} | |"
            + " 02:00:00:00:00:03",
        "'mac':'02:00:00:00:00:04','args':{'cni':{'mac':'02:00:00:00:00:03'}} |"
            + " 02:00:00:00:00:02 | 02:00:00:00:00:02",
        "'mac':'bad','runtimeConfig':{'mac':'02:00:00:00:00:01'} | 02:00:00:00:00:02 |"
            + " 02:00:00:00:00:01",
      })
  void thePodsRequestForAMacGoesBeforeTheConfigurations(String members, String cniArgs, String mac)
      throws Exception {
    assertThat(BondConfig.parse(bondJson(members), Optional.ofNullable(cniArgs)).mac())
        .contains(MacAddress.parse(mac).orElseThrow());
  }

  @Test
  void anEmptyMacInCniArgsIsNone() throws Exception {
    assertThat(BondConfig.parse(bondJson("'mac':'02:00:00:00:00:04'"), Optional.of("")).mac())
        .contains(MacAddress.parse("02:00:00:00:00:04").orElseThrow());
  }

  @Test
  void aVlanOf0IsNone() {
    assertThat(bond("'vlan':0").vlanId()).isEmpty();
    assertThat(bond("'vlan':4094").vlanId()).hasValue(4094);
  }

  @Test
  void aNodeMayForbidHostLinksAndDemandStrictnessAndNeverLoosens() throws Exception {
    NodeSettings strict = NodeSettings.parse(json("{'allowHostLinks':false,'strict':true}"));

    assertThat(bond().under(strict).hostLinksAllowed()).isFalse();
    assertThat(bond().under(strict).strict()).isTrue();
    assertThat(bond("'allowHostLinks':false,'strict':true").under(NodeSettings.DEFAULT))
        .returns(false, BondConfig::hostLinksAllowed)
        .returns(true, BondConfig::strict);
    assertThat(NodeSettings.parse(JsonObject.of())).isEqualTo(NodeSettings.DEFAULT);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "'name':null | name is missing: it must be the network's name",
        "'name':'' | name is missing: it must be the network's name",
        "'mode':null | mode is missing: it must be one of balance-rr, active-backup, balance-xor,"
            + " broadcast, 802.3ad, balance-tlb, balance-alb, or its number, 0 to 6",
        "'mode':'bonkers' | mode is \"bonkers\": it must be one of balance-rr",
        "'mode':7 | mode is 7: it must be one of",
        "'mode':true | mode is true: it must be one of",
        "'miimon':'' | miimon is \"\": it must be a number from 0 to 2147483647 ms",
        "'miimon':'abc' | miimon is \"abc\": it must be a number",
        "'miimon':' 100' | miimon is \" 100\"",
        "'miimon':1.5 | miimon is 1.5",
        "'miimon':'99999999999' | miimon is \"99999999999\": it must be a number from 0 to 2147483647",
        "'miimon':'99999999999999999999999' | miimon is \"99999999999999999999999\"",
        "'miimon':'3000000000' | miimon is \"3000000000\"",
        "'miimon':-3000000000 | miimon is -3000000000",
        "'failOverMac':7 | failOverMac is 7: it must be one of none, active, follow, or its number,"
            + " 0 to 2",
        "'failOverMac':'soon' | failOverMac is \"soon\"",
        "'allSlavesActive':2 | allSlavesActive is 2: it must be 0 or 1",
        "'tlbDynamicLb':0 | tlbDynamicLb is off: the kernel does not support it in mode"
            + " active-backup; leave it out, or use balance-tlb, balance-alb",
        "'mode':'tlb','tlbDynamicLb':2 | tlbDynamicLb is 2: it must be 0 or 1",
        "'xmitHashPolicy':'layer2+3+4' | xmitHashPolicy is \"layer2+3+4\": it must be one of layer2,",
        "'xmitHashPolicy':'' | xmitHashPolicy is \"\"",
        "'linksInContainer':'true' | linksInContainer is \"true\": it must be true or false, without"
            + " quotes",
        "'links':null | links is missing: it must be a list of 2 to 16 objects",
        "'links':'net1' | links is \"net1\": it must be a list",
        "'links':[] | links has 0 entries: a bond takes 2 to 16 members",
        "'links':[{'name':'net1'}] | links has 1 entry: a bond takes 2 to 16 members",
        "'links':['net1','net2'] | links[0] is \"net1\": it must be an object with a name or a"
            + " deviceID",
        "'links':[{'name':'net1'},{}] | links[1] has neither name nor deviceID",
        "'links':[{'name':''},{'name':'net1'}] | links[0] has neither name nor deviceID",
        "'links':[{'name':'net1'},{'name':5}] | links[1].name is 5: it must be the name of a link",
        "'links':[{'name':'a b'},{'name':'net1'}] | links[0].name is \"a b\": no link can have this"
            + " name",
        "'links':[{'name':'net1'},{'name':'net1'}] | links has the name net1 twice",
        "'links':[{'deviceID':'0000:01:10.0'},{'deviceID':'01:10.0'}] | links has the device"
            + " 0000:01:10.0 twice",
        "'links':[{'deviceID':'0000:01:10.8'},{'name':'net1'}] | links[0].deviceID is"
            + " \"0000:01:10.8\": it must be a PCI address, such as 0000:01:10.0",
        "'links':[{'deviceID':'0000:01:10.0','name':'a-much-too-long-name'},{'name':'net1'}] |"
            + " links[0].name is \"a-much-too-long-name\": it must be an interface name of at most 15",
        "'links':[{'deviceID':'0000:01:10.0','trust':'maybe'},{'name':'net1'}] | links[0].trust is"
            + " \"maybe\": it must be \"on\" or \"off\"",
        "'links':[{'name':'net1','queueId':3},{'name':'net2','queueId':3}] | links has the queueId 3"
            + " twice",
        "'links':[{'name':'net1','queueId':17},{'name':'net2'}] | links[0].queueId is 17",
        "'mode':'xor','links':[{'name':'net1','prio':1},{'name':'net2'}] | links[0].prio is 1: the"
            + " kernel does not support it in mode balance-xor",
        "'mtu':67 | mtu is 67: it must be a whole number from 68 to 65535, or 0 for none",
        "'mtu':-1 | mtu is -1: it must be a whole number from 68 to 65535, or 0 for none",
        "'mtu':1400.5 | mtu is 1400.5",
        "'mtu':'1400' | mtu is \"1400\": it must be a whole number from 68 to 65535, or 0 for"
            + " none, no string",
        "'mtu':65536 | mtu is 65536",
        "'mac':'nonsense' | mac is \"nonsense\": it must be a unicast MAC address",
        "'mac':'01:00:5e:00:00:01' | mac is \"01:00:5e:00:00:01\": it must be a unicast",
        "'mac':'00:00:00:00:00:00' | mac is \"00:00:00:00:00:00\": it must be a unicast",
        "'mac':5 | mac is 5",
        "'runtimeConfig':{'mac':'x'} | runtimeConfig.mac is \"x\"",
        "'runtimeConfig':3 | runtimeConfig is 3: it must be an object",
        "'args':{'cni':{'mac':'x'}} | args.cni.mac is \"x\"",
        "'vlan':4095 | vlan is 4095: it must be a whole number from 0 to 4094",
        "'strict':1 | strict is 1",
        "'ifname':'a/b' | ifname is \"a/b\": it must be an interface name",
        "'ifname':'all' | ifname is \"all\"",
        "'ipam':{'type':'bond'} | ipam.type is \"bond\": it must be an IPAM plugin",
        "'ipam':{'type':'podbond'} | ipam.type is \"podbond\": it must be an IPAM plugin",
        "'ipam':{'type':'host-device'} | ipam.type is \"host-device\": it must be an IPAM plugin",
        "'ipam':[] | ipam is a list of 0: it must be an object",
        "'updelay':150 | updelay is 150: it must be a multiple of miimon (100), such as 100 or 200;"
            + " the kernel would take 100",
        "'miimon':0,'downdelay':100 | downdelay is 100: it must be a multiple of miimon; set miimon"
            + " too",
        "'peerNotifDelay':300100 | peerNotifDelay is 300100: it must be a number from 0 to 300000"
            + " ms",
        "'peerNotifDelay':250 | peerNotifDelay is 250: it must be a multiple of miimon",
        "'arpInterval':100,'arpIpTarget':['10.0.0.1'] | arpInterval is 100: ARP monitoring cannot be"
            + " used together with MII monitoring",
        "'miimon':null,'arpInterval':100 | arpInterval is 100: ARP monitoring needs arpIpTarget or"
            + " nsIp6Target",
        "'mode':'lacp','arpInterval':100 | arpInterval is 100: the kernel does not support it in mode"
            + " 802.3ad",
        "'arpValidate':'all' | arpValidate is all: it needs ARP monitoring",
        "'arpIpTarget':['10.0.0.1','10.0.0.1'] | arpIpTarget has a target twice",
        "'arpIpTarget':['10.1'] | arpIpTarget has the target \"10.1\": it must be an IPv4 address",
        "'arpIpTarget':['0.0.0.0'] | arpIpTarget has the target \"0.0.0.0\"",
        "'arpIpTarget':['255.255.255.255'] | arpIpTarget has the target \"255.255.255.255\"",
        "'arpIpTarget':['300.0.0.1'] | arpIpTarget has the target \"300.0.0.1\"",
        "'arpIpTarget':['2001:db8::1'] | arpIpTarget has the target",
        "'arpIpTarget':[] | arpIpTarget is a list of 0: it must be a list of 1 to 16 IPv4 addresses",
        "'arpIpTarget':[1] | arpIpTarget is a list of 1",
        "'nsIp6Target':['ff02::1'] | nsIp6Target has the target \"ff02::1\": it must be a unicast"
            + " IPv6 address, without a scope",
        "'nsIp6Target':['2001:db8::1%lo'] | nsIp6Target has the target",
        "'nsIp6Target':['10.0.0.1'] | nsIp6Target has the target",
        "'numGratArp':1,'numUnsolNa':2 | numGratArp is 1: it contradicts its other name numUnsolNa",
        "'activeSlave':'net1' | activeSlave is \"net1\": it must be left out: the active member can"
            + " only be chosen once it is up; name the preferred one by primary",
        "'adInfo':{} | adInfo is an object: it must be left out",
        "'primary':5 | primary is 5: it must be the name of one of the links",
        "'primary':'net3' | primary is net3: it must be one of links: net1, net2",
        "'mode':'xor','primary':'net1' | primary is net1: the kernel does not support it in mode"
            + " balance-xor",
        "'lacpRate':'fast' | lacpRate is fast: the kernel does not support it in mode active-backup;"
            + " leave it out, or use 802.3ad",
        "'packetsPerSlave':3 | packetsPerSlave is 3: the kernel does not support it in mode"
            + " active-backup; leave it out, or use balance-rr",
        "'mode':'lacp','minLinks':3 | minLinks is 3: with 2 links the bond would never have a"
            + " carrier",
        "'mode':'lacp','adActorSysPrio':0 | adActorSysPrio is 0: it must be a number from 1 to 65535",
        "'mode':'lacp','adUserPortKey':1024 | adUserPortKey is 1024",
        "'mode':'lacp','adActorSystem':'01:00:00:00:00:00' | adActorSystem is \"01:00:00:00:00:00\":"
            + " it must be a MAC address that is not a multicast",
        "'resendIgmp':256 | resendIgmp is 256: it must be a number from 0 to 255",
        "'lpInterval':0 | lpInterval is 0: it must be a number from 1 to 2147483647 s",
        "'arpMissedMax':0 | arpMissedMax is 0: it must be a number from 1 to 255",
      })
  void refusesByKeyFoundValueAndRemedy(String members, String text) {
    assertThat(refusal(bondJson(members)))
        .as(members)
        .isNotNull()
        .hasMessageStartingWith(text.strip());
  }

  @Test
  void aBondHasAtMost16Members() {
    assertThat(bond(links(16)).members()).hasSize(16);
    assertThat(refusal(bondJson(links(17))))
        .hasMessage("links has 17 entries: a bond takes 2 to 16 members");
  }

  private static String links(int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> "{'name':'net" + i + "'}")
        .collect(Collectors.joining(",", "'links':[", "]"));
  }

  @Test
  void arpMonitoringHasAtMost16Targets() {
    assertThat(shown(bond("'miimon':0,'arpInterval':250," + targets(16)), "arpIpTarget"))
        .startsWith("10.0.0.0,")
        .endsWith(",10.0.0.15");
    assertThat(refusal(bondJson("'miimon':0,'arpInterval':250," + targets(17))))
        .hasMessageStartingWith(
            "arpIpTarget is a list of 17: it must be a list of 1 to 16 IPv4 addresses");
  }

  private static String targets(int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> "'10.0.0." + i + "'")
        .collect(Collectors.joining(",", "'arpIpTarget':[", "]"));
  }

  /// A configuration of one megabyte must not make an error of a hundred.
  @Test
  void saysLittleAboutVeryManyMembers() {
    String links = "{},".repeat(300_000) + "{}";

    assertThat(refusal(bondJson("'links':[" + links + "]")))
        .hasMessage("links has 300001 entries: a bond takes 2 to 16 members");
  }

  @Test
  void namesEveryProblemAtOnce() {
    InvalidConfigException refusal =
        refusal(bondJson("'mode':'x','miimon':'y','mtu':'z','links':[{'name':'net1'}]"));

    assertThat(refusal.problems())
        .extracting(ConfigProblem::key)
        .containsExactly("mode", "miimon", "links", "mtu");
    assertThat(refusal.getMessage()).contains("; miimon is \"y\"", "; links has 1 entry");
  }

  @Test
  void aWrongNameOfALinkIsOneProblem() {
    assertThat(refusal(bondJson("'links':[{'name':'net1'},{'name':5}]")).problems()).hasSize(1);
    assertThat(refusal(bondJson("'links':[{'name':'net1'},{'deviceID':5}]")).problems()).hasSize(1);
  }

  @Test
  void aLongValueIsShownInPart() {
    String sixty = "x".repeat(60);
    assertThat(refusal(bondJson("'mode':'" + sixty + "'")))
        .hasMessageStartingWith("mode is \"" + sixty + "\":");
    assertThat(refusal(bondJson("'mode':'" + sixty + "x'")))
        .hasMessageStartingWith("mode is \"" + sixty + "…\":");
    assertThat(refusal(bondJson("'mode':'" + "x".repeat(500) + "'")).getMessage())
        .hasSizeLessThan(300);
  }

  @Test
  void everyOptionHasAField() {
    assertThat(Set.of(BondOption.values()))
        .allSatisfy(option ->
            assertThat(refusal(bondJson("'" + option.key() + "':{'no':'value'}")))
                .as(option.key())
                .hasMessageStartingWith(option.key() + " is an object: it must be "));
  }
}
