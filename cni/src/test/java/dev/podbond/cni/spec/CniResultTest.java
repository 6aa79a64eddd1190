package dev.podbond.cni.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.podbond.json.Json;
import dev.podbond.json.JsonObject;
import dev.podbond.value.IpPrefix;
import dev.podbond.value.IpText;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class CniResultTest {
  private static final int RUNS = Integer.getInteger("property.runs", 1_000);

  /// A bond with two addresses of each family: more than any old version can express.
  private static CniResult bond() {
    return new CniResult(
        List.of(
            CniInterface.named("bond0")
                .withMac("02:00:00:00:00:01")
                .withSandbox("/run/netns/pod")
                .withMtu(1400)
                .withPciId("0000:04:10.0")),
        List.of(
            CniIp.of(prefix("10.56.217.5/24"), address("10.56.217.1")).onInterface(0),
            CniIp.of(prefix("fd00::5/64"), address("fd00::1")).onInterface(0),
            CniIp.of(prefix("10.9.0.5/16"), Optional.empty()).onInterface(0)),
        List.of(
            new CniRoute(
                prefix("0.0.0.0/0"),
                address("10.56.217.1"),
                OptionalInt.of(1380),
                OptionalInt.of(1340),
                OptionalLong.of(50),
                OptionalLong.of(0),
                OptionalInt.of(253),
                JsonObject.of()),
            CniRoute.of(prefix("2001:db8::/32"), Optional.empty())),
        Dns.NONE,
        JsonObject.of());
  }

  private static IpPrefix prefix(String text) {
    return IpPrefix.parse(text).orElseThrow();
  }

  private static Optional<InetAddress> address(String text) {
    return IpText.parse(text);
  }

  private static final String BEFORE_0_3_0 =
      """
      {
          "cniVersion": "VERSION",
          "ip4": {
              "ip": "10.56.217.5/24",
              "gateway": "10.56.217.1",
              "routes": [
                  {
                      "dst": "0.0.0.0/0",
                      "gw": "10.56.217.1"
                  }
              ]
          },
          "ip6": {
              "ip": "fd00::5/64",
              "gateway": "fd00::1",
              "routes": [
                  {
                      "dst": "2001:db8::/32"
                  }
              ]
          },
          "dns": {}
      }\
      """;

  private static final String BEFORE_1_0_0 =
      """
      {
          "cniVersion": "VERSION",
          "interfaces": [
              {
                  "name": "bond0",
                  "mac": "02:00:00:00:00:01",
                  "sandbox": "/run/netns/pod"
              }
          ],
          "ips": [
              {
                  "version": "4",
                  "interface": 0,
                  "address": "10.56.217.5/24",
                  "gateway": "10.56.217.1"
              },
              {
                  "version": "6",
                  "interface": 0,
                  "address": "fd00::5/64",
                  "gateway": "fd00::1"
              },
              {
                  "version": "4",
                  "interface": 0,
                  "address": "10.9.0.5/16"
              }
          ],
          "routes": [
              {
                  "dst": "0.0.0.0/0",
                  "gw": "10.56.217.1"
              },
              {
                  "dst": "2001:db8::/32"
              }
          ],
          "dns": {}
      }\
      """;

  private static final String SINCE_1_0_0 =
      BEFORE_1_0_0
          .replaceAll(" *\"version\": \"[46]\",\n", "")
          .replace(",\n    \"dns\": {}", "")
          .replace(
              "            \"sandbox\": \"/run/netns/pod\"\n",
              """
                          "mtu": 1400,
                          "sandbox": "/run/netns/pod",
                          "pciID": "0000:04:10.0"
              """)
          .replace(
              "            \"gw\": \"10.56.217.1\"\n",
              """
                          "gw": "10.56.217.1",
                          "mtu": 1380,
                          "advmss": 1340,
                          "priority": 50,
                          "table": 0,
                          "scope": 253
              """);

  private static String golden(CniVersion version) {
    String layout =
        switch (version) {
          case V0_1_0, V0_2_0 -> BEFORE_0_3_0;
          case V0_3_0, V0_3_1, V0_4_0 -> BEFORE_1_0_0;
          case V1_0_0, V1_1_0 -> SINCE_1_0_0;
        };
    return layout.replace("VERSION", version.text());
  }

  @ParameterizedTest
  @EnumSource
  void eachVersionIsWrittenInItsOwnLayout(CniVersion version) throws Exception {
    assertThat(bond().toJson(version).toPrettyString()).isEqualTo(golden(version));
  }

  static Stream<Arguments> allPairs() {
    return CniVersion.all().stream()
        .flatMap(from -> CniVersion.all().stream().map(to -> Arguments.of(from, to)));
  }

  @ParameterizedTest
  @MethodSource("allPairs")
  void aResultOfAnyVersionConvertsToAnyOther(CniVersion from, CniVersion to) throws Exception {
    CniResult read = CniResult.parse(golden(from), CniVersion.DEFAULT);

    JsonObject written = read.toJson(to);

    // The older version decides what remains; nothing else is lost or invented.
    CniVersion older = from.compareTo(to) < 0 ? from : to;
    CniResult left = CniResult.parse(bond().toJson(older), older);
    assertThat(written).isEqualTo(left.toJson(to));
    assertThat(written.get("cniVersion").orElseThrow()).hasToString("\"" + to + "\"");
  }

  @ParameterizedTest
  @EnumSource
  void thereAndBackKeepsWhatTheVersionCanExpress(CniVersion version) throws Exception {
    long seed = Long.getLong("podbond.seed", System.nanoTime());
    RandomResults results = new RandomResults(new Random(seed));
    for (int i = 0; i < RUNS; i++) {
      CniResult result = results.result();
      if (!version.resultListsInterfaces() && result.ips().isEmpty()) {
        continue;
      }

      CniResult back = CniResult.parse(result.toJson(version).toString(), CniVersion.DEFAULT);

      assertThat(back).as("seed %d, result %d", seed, i).isEqualTo(expressible(result, version));
      assertThat(back.toJson(version))
          .as("seed %d, result %d", seed, i)
          .isEqualTo(result.toJson(version));
    }
  }

  private static CniResult expressible(CniResult result, CniVersion version) {
    return switch (version) {
      case V1_1_0, V1_0_0 -> result;
      case V0_4_0, V0_3_1, V0_3_0 -> withoutAttributes(result);
      case V0_2_0, V0_1_0 -> firstOfEachFamily(withoutAttributes(result));
    };
  }

  private static CniResult withoutAttributes(CniResult result) {
    return result
        .withInterfaces(
            result.interfaces().stream()
                .map(i ->
                    new CniInterface(
                        i.name(),
                        i.mac(),
                        i.sandbox(),
                        OptionalInt.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        i.unknown()))
                .toList())
        .withRoutes(
            result.routes().stream()
                .map(r ->
                    new CniRoute(
                        r.dst(),
                        r.gw(),
                        OptionalInt.empty(),
                        OptionalInt.empty(),
                        OptionalLong.empty(),
                        OptionalLong.empty(),
                        OptionalInt.empty(),
                        r.unknown()))
                .toList());
  }

  private static CniResult firstOfEachFamily(CniResult result) {
    List<CniIp> ips = new ArrayList<>();
    List<CniRoute> routes = new ArrayList<>();
    for (boolean ipv4 : new boolean[] {true, false}) {
      Optional<CniIp> first =
          result.ips().stream().filter(ip -> ip.address().isIpv4() == ipv4).findFirst();
      if (first.isPresent()) {
        CniIp ip = first.get();
        ips.add(new CniIp(OptionalInt.empty(), ip.address(), ip.gateway(), ip.unknown()));
        result.routes().stream().filter(r -> r.dst().isIpv4() == ipv4).forEach(routes::add);
      }
    }
    return new CniResult(List.of(), ips, routes, result.dns(), result.unknown());
  }

  @ParameterizedTest
  @EnumSource(names = {"V0_1_0", "V0_2_0"})
  void aResultWithoutAddressesIsEmptyInOldVersions(CniVersion version) {
    CniResult layer2 = CniResult.ofInterfaces(CniInterface.named("bond0"));

    assertThat(layer2.toJson(version))
        .hasToString("{\"cniVersion\":\"" + version.text() + "\",\"dns\":{}}");
  }

  @Test
  void aResultWithoutAVersionIsOfTheConfigurationsVersion() throws Exception {
    String old = "{\"ip4\":{\"ip\":\"10.0.0.2/24\"}}";

    assertThat(CniResult.parse(old, CniVersion.V0_2_0).ips()).hasSize(1);
    assertThat(CniResult.parse(old, CniVersion.V1_0_0).ips()).isEmpty();
  }

  @Test
  void unknownMembersArePassedOnAtEveryLevel() throws Exception {
    String text =
        """
        {"cniVersion":"1.1.0","interfaces":[{"name":"a","a":1}],
         "ips":[{"address":"10.0.0.2/24","b":[2]}],"routes":[{"dst":"10.1.0.0/16","c":{"x":3}}],
         "dns":{"domain":"d","e":null},"f":"g"}\
        """;

    CniResult result = CniResult.parse(text, CniVersion.DEFAULT);

    assertThat(result.toJson(CniVersion.V1_1_0)).isEqualTo(Json.parseObject(text));
  }

  @Test
  void whatIsUnknownInOneLayoutDoesNotBecomeKnownInAnother() throws Exception {
    CniResult result =
        CniResult.parse(
            """
            {"cniVersion":"0.4.0","ips":[{"version":"4","address":"10.0.0.2/24","ip":"odd",
             "routes":[{"dst":"10.9.0.0/16"}],"kept":1}]}
            """,
            CniVersion.DEFAULT);

    assertThat(result.toJson(CniVersion.V0_2_0).toString())
        .contains("\"ip4\":{\"ip\":\"10.0.0.2/24\",\"kept\":1}");
  }

  @Test
  void namesMatchWithoutLetterCaseAndNullAndZeroAreAbsent() throws Exception {
    CniResult result =
        CniResult.parse(
            """
            {"CNIVersion":"1.1.0","Interfaces":[{"NAME":"a","mac":null,"MTU":0,"sandbox":""}],
             "ips":null,"DNS":null}\
            """,
            CniVersion.DEFAULT);

    assertThat(result).isEqualTo(CniResult.ofInterfaces(CniInterface.named("a")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[]",
        "{\"cniVersion\":1}",
        "{\"ips\":{}}",
        "{\"ips\":[1]}",
        "{\"ips\":[{}]}",
        "{\"ips\":[{\"address\":\"10.0.0.2\"}]}",
        "{\"ips\":[{\"address\":\"10.0.0.256/24\"}]}",
        "{\"ips\":[{\"address\":\"10.0.0.2/33\"}]}",
        "{\"ips\":[{\"address\":\"10.2/8\"}]}",
        "{\"ips\":[{\"address\":\"fd00::1%eth0/64\"}]}",
        "{\"ips\":[{\"address\":\"10.0.0.2/24\",\"interface\":\"0\"}]}",
        "{\"ips\":[{\"address\":\"10.0.0.2/24\",\"gateway\":\"localhost\"}]}",
        "{\"interfaces\":[{\"name\":\"a\",\"mtu\":\"1500\"}]}",
        "{\"interfaces\":[{\"name\":\"a\",\"mtu\":-1}]}",
        "{\"routes\":[{\"dst\":\"10.0.0.0/8\",\"table\":4294967296}]}",
        "{\"routes\":[{\"gw\":\"10.0.0.1\"}]}",
        "{\"dns\":{\"nameservers\":\"10.0.0.1\"}}",
      })
  void aMemberOfTheWrongTypeIsCode6(String text) {
    assertThatThrownBy(() -> CniResult.parse(text, CniVersion.V1_1_0))
        .isInstanceOfSatisfying(
            CniException.class, e -> assertThat(e.code()).isEqualTo(CniErrorCode.DECODING_FAILURE));
  }

  @Test
  void theMessageSaysWhereWhatWasFound() {
    assertThatThrownBy(
            () -> CniResult.parse("{\"ips\":[{\"address\":\"potato\"}]}", CniVersion.V1_0_0))
        .hasMessage(
            "ips[0].address must be an address with prefix length, found string \"potato\"");
  }

  @Test
  void aResultOfAnUnknownVersionIsCode1() {
    assertThatThrownBy(() -> CniResult.parse("{\"cniVersion\":\"9.9.9\"}", CniVersion.V1_0_0))
        .isInstanceOfSatisfying(
            CniException.class,
            e -> assertThat(e.code()).isEqualTo(CniErrorCode.INCOMPATIBLE_VERSION));
  }
}
