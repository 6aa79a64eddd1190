package dev.podbond.node.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podbond.bonding.facts.LinkSetting;
import dev.podbond.netlink.link.LinkProperty;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class LinkTuningOnWireTest {
  @Test
  void everySettingHasItsPropertyAndEveryPropertyItsSetting() {
    assertThat(Stream.of(LinkSetting.values()).map(LinkTuningOnWire::property))
        .containsExactly(LinkProperty.values());
  }
}
