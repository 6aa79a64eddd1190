package dev.podbond.cli.multus;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podbond.cni.spec.CniResult;
import dev.podbond.cni.spec.CniVersion;
import dev.podbond.json.JsonObject;
import dev.podbond.value.PciAddress;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class NetworkStatusTest {
  @Test
  void writesTheOneInterfaceOfABondWithItsAddresses() throws Exception {
    assertThat(
            status(
                """
                {"cniVersion":"0.3.1",
                 "interfaces":[{"name":"bond0","mac":"02:00:00:00:00:01","sandbox":"/n"}],
                 "ips":[{"version":"4","interface":0,"address":"10.0.0.2/24"},
                        {"version":"6","interface":0,"address":"fd00::2/64"}],
                 "routes":[{"dst":"0.0.0.0/0","gw":"10.0.0.1"}],"dns":{}}
                """,
                Optional.empty()))
        .isEqualTo(
            """
            [{
                "name": "demo/n",
                "interface": "bond0",
                "ips": [
                    "10.0.0.2",
                    "fd00::2"
                ],
                "mac": "02:00:00:00:00:01",
                "dns": {},
                "gateway": [
                    "10.0.0.1"
                ]
            }]\
            """);
  }

  @Test
  void tellsMtuAndDeviceOfAVf() throws Exception {
    assertThat(
            status(
                """
                {"cniVersion":"1.1.0",
                 "interfaces":[{"name":"net1","mac":"02:00:00:00:00:01","mtu":1500,"sandbox":"/n"}]}
                """,
                PciAddress.parse("0000:01:10.0")))
        .isEqualTo(
            """
            [{
                "name": "demo/n",
                "interface": "net1",
                "mac": "02:00:00:00:00:01",
                "mtu": 1500,
                "dns": {},
                "device-info": {
                    "type": "pci",
                    "version": "1.1.0",
                    "pci": {
                        "pci-address": "0000:01:10.0"
                    }
                }
            }]\
            """);
  }

  @Test
  void hasAnEntryForEachOfSeveralInterfacesInThePodAndNoneForOthers() throws Exception {
    assertThat(
            status(
                """
                {"cniVersion":"1.0.0",
                 "interfaces":[{"name":"veth1"},{"name":"a","sandbox":"/n"},
                               {"name":"b","sandbox":"/n"}],
                 "ips":[{"interface":1,"address":"10.0.0.2/24"},{"address":"10.0.0.3/24"}]}
                """,
                Optional.empty()))
        .contains("\"interface\": \"a\",\n    \"ips\": [\n        \"10.0.0.2\"\n    ]")
        .contains("\"interface\": \"b\",\n    \"ips\": [\n        \"10.0.0.3\"\n    ]")
        .contains("},{")
        .doesNotContain("veth1");
  }

  @Test
  void isEmptyWithoutInterfaces() throws Exception {
    assertThat(
            status("{\"cniVersion\":\"0.2.0\",\"ip4\":{\"ip\":\"10.0.0.2/24\"}}", Optional.empty()))
        .isEqualTo("[]");
  }

  private static String status(String result, Optional<PciAddress> device) throws Exception {
    Delegate delegate =
        new Delegate(
            "demo/n", "net1", JsonObject.of(), device, Map.of(), JsonObject.of(), JsonObject.of());
    return NetworkStatus.text(
        NetworkStatus.entries(delegate, CniResult.parse(result, CniVersion.V1_0_0)));
  }
}
