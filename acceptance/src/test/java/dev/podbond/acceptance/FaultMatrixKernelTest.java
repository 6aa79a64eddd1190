package dev.podbond.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podbond.acceptance.fault.Fault;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Whatever fails, and wherever a call dies: docs/faults.md.
class FaultMatrixKernelTest extends VfTest {
  private static final List<Fault> ALL = List.of(Fault.FAIL, Fault.DIE, Fault.PAUSE);

  private void survives(FaultScenario scenario, List<FaultMatrix.Verb> verbs) throws Exception {
    FaultMatrix matrix = new FaultMatrix(scenario);
    for (FaultMatrix.Verb verb : verbs) {
      matrix.run(verb, faults(verb));
    }
    assertThat(matrix.failures()).isEmpty();
  }

  /// CHECK changes nothing that another call could come between, and the agent is only one.
  private static List<Fault> faults(FaultMatrix.Verb verb) {
    return switch (verb) {
      case ADD, DEL, REPAIR -> ALL;
      case CHECK, AGENT -> List.of(Fault.FAIL, Fault.DIE);
    };
  }

  /// Links of the host, which go into the pod and come back.
  @Test
  void aBondOfNamedLinks() throws Exception {
    try (HostLinks host = HostLinks.dummies("hnet1", "hnet2")) {
      PluginCall call =
          bond(
              "'linksInContainer': false, 'links': [{'name': 'hnet1'}, {'name': 'hnet2'}],"
                  + " 'failOverMac': 0, 'mtu': 1400, "
                  + node.hostLocal("10.7.7.0/24"));
      survives(
          FaultScenario.of("named", node, pod, call, () -> pod.ip().run("link set hnet2 nomaster")),
          List.of(FaultMatrix.Verb.values()));
      host.requireAsMade();
    }
  }

  /// With IPAM that is built in, as the one VF below.
  @Test
  void aBondOfVfs() throws Exception {
    List<Vf> vfs = firstVfs();
    Node builtIn = node.withBuiltInIpam();
    PluginCall call =
        bond("""
        'failOverMac': 0, 'mtu': 1400, %s,
        'links': [{'deviceID': '%s', 'name': 'net1', 'mac': '02:00:00:00:03:01', 'trust': 'on'},
                  {'deviceID': '%s', 'name': 'net2', 'mac': '02:00:00:00:03:02', 'trust': 'on'}]
        """
                .formatted(node.hostLocal("10.7.7.0/24"), vfs.get(0).pci(), vfs.get(1).pci()))
            .on(builtIn);
    survives(
        FaultScenario.of(
            "devices", builtIn, pod, call, () -> pod.ip().run("link set net2 nomaster")),
        List.of(FaultMatrix.Verb.values()));
  }

  @Test
  void oneVf() throws Exception {
    Node builtIn = node.withBuiltInIpam();
    PluginCall call =
        builtIn.sriov(
            pod,
            "net1",
            Network.sriov(
                vf("pf0", 0).pci(),
                "'mac': '02:00:00:00:02:01', 'trust': 'on', 'vlan': 100, "
                    + node.hostLocal("10.7.7.0/24")));
    survives(
        FaultScenario.of("sriov", builtIn, pod, call, () -> {}),
        List.of(
            FaultMatrix.Verb.ADD,
            FaultMatrix.Verb.DEL,
            FaultMatrix.Verb.CHECK,
            FaultMatrix.Verb.AGENT));
  }
}
