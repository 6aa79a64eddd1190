package dev.podbond.cni.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.podbond.json.JsonException;
import dev.podbond.value.AttachmentKey;
import dev.podbond.value.IpPrefix;
import dev.podbond.value.IpText;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SpecValuesTest {

  @ParameterizedTest
  @CsvSource({
    "10.56.217.5, 10.56.217.5",
    "0.0.0.0, 0.0.0.0",
    "::, ::",
    "::1, ::1",
    "FD00:0:0:0:0:0:0:1, fd00::1",
    "2001:db8:0:0:1:0:0:1, 2001:db8::1:0:0:1",
    "2001:db8:0:1:1:1:1:1, 2001:db8:0:1:1:1:1:1",
    "2001:0:0:1:0:0:0:1, 2001:0:0:1::1",
    "1:2:3:4:5:6:0:0, 1:2:3:4:5:6::",
    "0:0:3:4:5:6:7:8, ::3:4:5:6:7:8",
  })
  void addressesAreWrittenInTheirRecommendedForm(String text, String expected) {
    assertThat(IpText.parse(text).map(IpText::format)).contains(expected);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "", "10", "10.1", "10.0.0", "10.0.0.256", "10.0.0.1.", "010.0.0.1", "0x7f.0.0.1",
            "localhost",
        "10.0.0.1 ", ":", ":::", "1::2::3", "fd00::1%1", "[::1]", "12345::", "1:2:3:4:5:6:7",
            "::10.0.0.256"
      })
  void textThatIsNoAddressIsRefusedWithoutAskingAnyone(String text) {
    assertThat(IpText.parse(text)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "10.0.0.1",
        "10.0.0.1/",
        "10.0.0.1/33",
        "fd00::/129",
        "10.0.0.1/+8",
        "10.0.0.1/08",
        "/8"
      })
  void textThatIsNoPrefixIsRefused(String text) {
    assertThat(IpPrefix.parse(text)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"0.0.0.0/0", "10.0.0.1/32", "::/0", "fd00::1/128"})
  void aPrefixMayBeNothingAndAllOfTheAddress(String text) {
    assertThat(IpPrefix.parse(text)).map(IpPrefix::toString).contains(text);
  }

  @ParameterizedTest
  @CsvSource({
    "0.1.0, false, false, false",
    "0.2.0, false, false, false",
    "0.3.0, true, false, false",
    "0.3.1, true, false, false",
    "0.4.0, true, true, false",
    "1.0.0, true, true, false",
    "1.1.0, true, true, true",
  })
  void aVersionKnowsWhatItHas(
      String text, boolean interfaces, boolean check, boolean garbageCollection) {
    CniVersion version = CniVersion.of(text).orElseThrow();

    assertThat(version.resultListsInterfaces()).isEqualTo(interfaces);
    assertThat(version.allowsCheck()).isEqualTo(check);
    assertThat(version.passesPrevResultToDel()).isEqualTo(check);
    assertThat(version.allowsGcAndStatus()).isEqualTo(garbageCollection);
    assertThat(version).hasToString(text);
  }

  @ParameterizedTest
  @ValueSource(strings = {"net1", "bond0.4094", "enp1s0f0v127np0", "üüüüüüü", "a"})
  void anInterfaceNameOfUpTo15BytesIsLetThrough(String name) throws Exception {
    CniNames.requireInterfaceName(name);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ".",
        "..",
        "a/b",
        "a:b",
        "a b",
        "a\tb",
        "a\rb",
        "a\u0085b",
        "a\u00a0b",
        "enp1s0f0v127np01",
        "üüüüüüüü"
      })
  void anInterfaceNameThatTheKernelRefusesIsCode4(String name) {
    assertThatThrownBy(() -> CniNames.requireInterfaceName(name))
        .isInstanceOfSatisfying(
            CniException.class,
            e -> assertThat(e.code()).isEqualTo(CniErrorCode.INVALID_ENVIRONMENT));
  }

  @Test
  void codesFrom100OnAreAPluginsOwn() {
    assertThat(new CniErrorCode(99).isPluginSpecific()).isFalse();
    assertThat(new CniErrorCode(100).isPluginSpecific()).isTrue();
    assertThat(new CniErrorCode(100)).hasToString("100");
    assertThatThrownBy(() -> new CniErrorCode(-1)).hasMessageEndingWith("-1");
  }

  @Test
  void argsAreReadByKey() throws Exception {
    CniArgs args = new CniArgs("IgnoreUnknown=true;K8S_POD_NAME=p;MAC=02:00:00:00:00:01");

    assertThat(args.get("MAC")).contains("02:00:00:00:00:01");
    assertThat(args.get("mac")).isEmpty();
    args.requireKnown(Set.of());
    assertThat(CniArgs.of(args.pairs())).isEqualTo(args);
    assertThat(CniArgs.NONE.pairs()).isEmpty();
    assertThat(new CniArgs("MAC=1;MAC=2").get("MAC")).contains("2");
    assertThat(new CniArgs("=v").pairs()).containsExactly(Map.entry("", "v"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "A=1",
        "A=1;IgnoreUnknown=false",
        "IgnoreUnknown=maybe",
        "IgnoreUnknown=1;A",
        "MAC=a=b",
        "MAC=1;"
      })
  void unknownAndMalformedArgsAreCode4(String text) {
    assertThatThrownBy(() -> new CniArgs(text).requireKnown(Set.of("MAC")))
        .isInstanceOfSatisfying(
            CniException.class,
            e -> assertThat(e.code()).isEqualTo(CniErrorCode.INVALID_ENVIRONMENT));
  }

  @Test
  void anErrorIsWrittenAsTheGoLibraryWritesItAndReadsBack() throws Exception {
    CniError error = new CniError(CniErrorCode.INVALID_CONFIG, "bad mode", "mode is \"x\"");

    assertThat(CniError.parse(error.toJson().toString())).isEqualTo(error);
    assertThat(new CniError(new CniErrorCode(100), "m").toJson())
        .hasToString("{\"code\":100,\"msg\":\"m\"}");
    assertThat(CniError.parse("{\"cniVersion\":\"1.0.0\",\"code\":7,\"msg\":\"m\"}"))
        .isEqualTo(new CniError(CniErrorCode.INVALID_CONFIG, "m"));
    assertThat(CniError.parse("{}")).isEqualTo(new CniError(new CniErrorCode(0), ""));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "[]", "{\"code\":\"7\"}", "{\"code\":-1}", "{\"code\":1.5}", "{\"msg\":1}"})
  void textThatIsNoErrorObjectIsRefused(String text) {
    assertThatThrownBy(() -> CniError.parse(text)).isInstanceOf(JsonException.class);
  }

  @Test
  void aConfigurationGivesItsMembersTyped() throws Exception {
    NetworkConfig config =
        NetworkConfig.parse(
            """
            {"cniVersion":"1.0.0","name":"n","Type":"bond","IPAM":{"type":"host-local"},
             "capabilities":{"mac":true,"ips":false},"runtimeConfig":{"mac":"02:00:00:00:00:01"},
             "args":{"cni":{"ips":[]}},"dns":{"nameservers":["10.0.0.53"]},
             "prevResult":{"interfaces":[{"name":"net1"}]}}\
            """);

    assertThat(config.type()).contains("bond");
    assertThat(config.ipamType()).contains("host-local");
    assertThat(config.hasCapability("mac")).isTrue();
    assertThat(config.hasCapability("ips")).isFalse();
    assertThat(config.runtimeConfig().find("mac")).isPresent();
    assertThat(config.args().find("cni")).isPresent();
    assertThat(config.dns().nameservers()).containsExactly("10.0.0.53");
    assertThat(config.prevResult(CniVersion.V1_0_0).orElseThrow().interfaces())
        .containsExactly(CniInterface.named("net1"));
    assertThat(config.validAttachments()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"{}", "{\"ipam\":null}", "{\"ipam\":{}}", "{\"ipam\":{\"type\":\"\"}}"})
  void aConfigurationMayAskForNoAddresses(String text) throws Exception {
    assertThat(NetworkConfig.parse(text).ipamType()).isEmpty();
  }

  @Test
  void aWrongPreviousResultSaysSoOnlyWhenItIsRead() throws Exception {
    NetworkConfig config = NetworkConfig.parse("{\"name\":\"n\",\"prevResult\":{\"ips\":1}}");

    assertThat(config.name()).isEqualTo("n");
    assertThatThrownBy(() -> config.prevResult(CniVersion.V1_0_0))
        .hasMessage("prevResult: ips must be an array, found number 1");
  }

  @Test
  void theOlderSpellingOfTheValidAttachmentsCountsWhenTheNewOneIsNotThere() throws Exception {
    NetworkConfig config =
        NetworkConfig.parse("{\"cni.dev/attachments\":[{\"containerID\":\"c\",\"ifname\":\"i\"}]}");

    assertThat(config.validAttachments().orElseThrow())
        .containsExactly(new AttachmentKey("c", "i"));
    assertThat(NetworkConfig.parse("{\"cni.dev/valid-attachments\":[]}").validAttachments())
        .hasValueSatisfying(list -> assertThat(list).isEmpty());
  }
}
