package dev.podbond.plugins.attachment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podbond.bonding.attachment.Attachment;
import dev.podbond.bonding.check.Expectation;
import dev.podbond.bonding.config.VlanConfig;
import dev.podbond.bonding.plan.VlanPlanner;
import dev.podbond.json.JsonObject;
import dev.podbond.value.AttachmentKey;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

final class VlanSpecTest {
  /// ADD verifies only what it made itself; CHECK comes after the whole chain has run, `sbr` for
  /// instance.
  @Test
  void checkExpectsWhatPluginsChainedAfterLeaveAndAddWhatItMade() {
    VlanConfig config = new VlanConfig("net", "storage", 100, OptionalInt.empty(), false);
    VlanSpec spec = new VlanSpec(config, "storage-v100");
    Attachment attachment =
        VlanPlanner.prepare(
                new AttachmentKey("c1", "storage-v100"), "/run/netns/pod", JsonObject.of(), config)
            .complete(List.of(), List.of());

    assertThat(spec.lasting(attachment))
        .isEqualTo(Expectation.lastingOfVlan(attachment, config))
        .isNotEqualTo(spec.expectation(attachment));
  }
}
