package dev.podbond.cluster.multus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class SelectionAnnotationTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          a                                           | ns/a
          a,b                                         | ns/a ns/b
          demo/a, demo/b ,c                           | demo/a demo/b ns/c
          a@eth5                                      | ns/a@eth5
          demo / a @ eth5                             | demo/a@eth5
          a,a                                         | ns/a ns/a
          [{"name":"a"}]                              | ns/a
          [{"name":"a","namespace":"demo"}]           | demo/a
          [{"Name":"a","interface":"bond0"}]          | ns/a@bond0
          [{"name":"a","interfaceRequest":"old0"}]    | ns/a@old0
          [{"name":"a","interface":"new","interfaceRequest":"old"}] | ns/a@new
          [{"name":"a","unheardOf":1}]                | ns/a
          []                                          | ``
          """)
  void readsBothForms(String text, String expected) throws Exception {
    assertThat(
            SelectionAnnotation.parse(text, "ns").stream()
                .map(s -> s.path() + s.interfaceName().map(name -> "@" + name).orElse(""))
                .collect(Collectors.joining(" ")))
        .isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          a/b/c                                | "a/b/c" is not a network
          a@b@c                                | "a@b@c" is not a network
          A                                    | lower case letters
          a,,b                                 | "" is not a network
          a@sixteencharacter                   | is not a name for an interface
          {"name":"a"}                         | a list of networks belongs here, found an object
          [1]                                  | a network is an object, found 1
          [{}]                                 | a network has no name
          [                                    | begins like JSON but is not JSON
          [{"name":"a","mac":"zz"}]            | "zz" is not a MAC address
          [{"name":"a","ips":["x"]}]           | ips has "x", which is not an IP address
          [{"name":"a","default-route":["gw"]}] | default-route has "gw", which is not an IP address
          [{"name":"a","default-route":"1.1.1.1"}] | default-route must be a list, found "1.1.1.1"
          [{"name":"../../x"}]                 | "../../x" is not a name for Kubernetes
          [{"name":"a","namespace":"../x"}]    | "../x" is not a name for Kubernetes
          [{"name":1}]                         | name must be a string, found 1
          """)
  void refusesWhatItCannotMean(String text, String message) {
    assertThatThrownBy(() -> SelectionAnnotation.parse(text, "ns"))
        .isInstanceOf(SelectionException.class)
        .hasMessageContaining(message);
  }

  @Test
  void keepsEveryRequestOfAnElement() throws Exception {
    NetworkRequests requests =
        SelectionAnnotation.parse(
                """
                [{"name":"a","ips":["10.0.0.5/24","fd00::1"],"mac":"02:00:00:00:00:05",
                  "infiniband-guid":"c2:11","bandwidth":{"ingressRate":1},
                  "portMappings":[{"hostPort":80}],"cni-args":{"k":"v"},"deviceID":"0000:01:10.0",
                  "default-route":["10.0.0.1","fd00::2"]}]
                """,
                "ns")
            .getFirst()
            .requests();

    assertThat(requests.ips()).containsExactly("10.0.0.5/24", "fd00::1");
    assertThat(requests.mac()).isEqualTo(Optional.of("02:00:00:00:00:05"));
    assertThat(requests.infinibandGuid()).isEqualTo(Optional.of("c2:11"));
    assertThat(requests.bandwidth()).hasToString("Optional[{\"ingressRate\":1}]");
    assertThat(requests.portMappings()).hasToString("Optional[[{\"hostPort\":80}]]");
    assertThat(requests.cniArgs()).hasToString("Optional[{\"k\":\"v\"}]");
    assertThat(requests.defaultRoute())
        .extracting(InetAddress::getHostAddress)
        .containsExactly("10.0.0.1", "fd00:0:0:0:0:0:0:2");
    assertThat(requests.deviceId()).isEqualTo(Optional.of("0000:01:10.0"));
  }
}
