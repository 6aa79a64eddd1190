package dev.podbond.agent.watch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podbond.bonding.attachment.Attachment;
import dev.podbond.bonding.attachment.Origin;
import dev.podbond.bonding.net.NetnsId;
import dev.podbond.json.Json;
import dev.podbond.value.AttachmentKey;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Whose an attachment is, as the runtime's arguments in its record say.
final class WatchedRecordTest {
  private static final String UID = "0b2c7d52-3f1e-4c8e-9f53-6d1f0c3c8a11";

  private static WatchedRecord ofArguments(String cniArgs) throws Exception {
    Attachment written =
        Attachment.prepared(
                new AttachmentKey("c1", "net1"),
                "storage",
                "bond",
                "/run/netns/c1",
                Json.parseObject("{}"))
            .from(new Origin("/opt/cni/bin", cniArgs, NetnsId.UNKNOWN, ""));
    return WatchedRecord.of(Attachment.fromJson(written.toJson()), member -> member);
  }

  @Test
  void thePodIsTheOneThatTheRuntimeNamed() throws Exception {
    WatchedRecord record =
        ofArguments(
            "IgnoreUnknown=1;K8S_POD_NAMESPACE=demo;K8S_POD_NAME=web;"
                + "K8S_POD_INFRA_CONTAINER_ID=c1;K8S_POD_UID="
                + UID);
    assertThat(record.pod()).isEqualTo("demo/web");
    assertThat(record.podUid()).contains(UID);
  }

  @Test
  void theNetworkIsTheBondNetworkThatItWasRenderedFrom() throws Exception {
    Attachment rendered =
        Attachment.prepared(
            new AttachmentKey("c1", "net1"),
            "storage",
            "bond",
            "/run/netns/c1",
            Json.parseObject("{\"name\": \"storage\", \"bondNetwork\": \"demo/storage\"}"));
    assertThat(WatchedRecord.of(rendered, member -> member).network()).isEqualTo("demo/storage");
    assertThat(ofArguments("").network()).isEqualTo("storage");
  }

  /// Older runtimes name no uid.
  @Test
  void aPodWithoutAUidIsAPod() throws Exception {
    WatchedRecord record = ofArguments("K8S_POD_NAMESPACE=demo;K8S_POD_NAME=web");
    assertThat(record.pod()).isEqualTo("demo/web");
    assertThat(record.podUid()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "a b",
        "a\u001b[31m",
        "\u00e4",
        "../a",
        "7c1f0a3de5b84f0c9a6b1d2e3f405162",
        "01234567890123456789012345678901234567890123456789012345678901234"
      })
  void whatIsNoUidIsNobodys(String text) throws Exception {
    assertThat(ofArguments("K8S_POD_UID=" + text).podUid()).isEmpty();
  }
}
