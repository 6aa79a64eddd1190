package dev.podbond.cni.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.podbond.value.AttachmentKey;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class NetworkConfigTest {
  @Test
  void aConfigurationGivesItsMembersTyped() throws Exception {
    NetworkConfig config =
        NetworkConfig.parse(
            """
            {"cniVersion":"1.0.0","name":"n","Type":"bond","IPAM":{"type":"host-local"},
             "capabilities":{"mac":true,"ips":false},
             "args":{"cni":{"ips":[]}},"dns":{"nameservers":["10.0.0.53"]},
             "prevResult":{"interfaces":[{"name":"net1"}]}}\
            """);

    assertThat(config.type()).contains("bond");
    assertThat(config.ipamType()).contains("host-local");
    assertThat(config.hasCapability("mac")).isTrue();
    assertThat(config.hasCapability("ips")).isFalse();
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
