package dev.podbond.bonding.preflight;

import static dev.podbond.bonding.fixture.Configurations.bond;
import static dev.podbond.bonding.fixture.LinkFixture.inPod;
import static dev.podbond.bonding.preflight.PreflightScene.links;
import static dev.podbond.bonding.preflight.PreflightScene.on;

import dev.podbond.bonding.facts.NodeFacts;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OptionEffectsTest {
  private static final NodeFacts FACTS = links(inPod("net1"), inPod("net2"));

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "'mode':'xor' | failOverMac: active has no effect in mode balance-xor, only in"
            + " active-backup; leave it out",
        "'xmitHashPolicy':'layer3+4' | xmitHashPolicy: layer3+4 has no effect in mode"
            + " active-backup, only in balance-xor, 802.3ad, balance-tlb, balance-alb; leave it"
            + " out",
        "'minLinks':1 | minLinks: 1 has no effect in mode active-backup, only in 802.3ad; leave it"
            + " out",
        "'arpIpTarget':'10.0.0.1' | arpIpTarget: it has no effect without ARP monitoring; set"
            + " arpInterval instead of miimon, or leave it out",
        "'mode':'alb','failOverMac':0,'xmitHashPolicy':1 | xmitHashPolicy: it has no effect in"
            + " mode balance-alb unless tlbDynamicLb is 0; set that, or leave it out",
        "'primaryReselect':'better' | primaryReselect: it has no effect without a primary; set"
            + " primary, or prio for the links",
        "'primary':'net1','links':[{'name':'net1'},{'name':'net2','prio':5}] | net2: its prio has"
            + " no effect while a primary is set; leave out one of them",
        "'useCarrier':0 | useCarrier: 0 is obsolete, and kernels from 6.18 on refuse it; leave it"
            + " out",
      })
  void anOptionWithoutEffectIsSaidToHaveNone(String members, String text) {
    on(bond(members), FACTS).containsExactly("WARNING " + text.strip());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "'mode':'xor','failOverMac':0",
        "'mode':'tlb','failOverMac':0,'xmitHashPolicy':'layer2+3'",
        "'mode':'alb','failOverMac':0,'xmitHashPolicy':1,'tlbDynamicLb':0",
        "'xmitHashPolicy':'layer2'",
        "'primary':'net1','primaryReselect':'better'",
        "'primaryReselect':2,'links':[{'name':'net1'},{'name':'net2','prio':5}]",
        "'useCarrier':1",
        "'numGratArp':3,'updelay':200,'peerNotifDelay':200",
      })
  void anOptionWithEffectIsNotMentioned(String members) {
    on(bond(members), FACTS).isEmpty();
  }
}
