package dev.podbond.node.wire;

import dev.podbond.bonding.facts.LinkSetting;
import dev.podbond.bonding.facts.LinkTuning;
import dev.podbond.netlink.link.Link;
import dev.podbond.netlink.link.LinkProperty;
import java.util.EnumMap;
import java.util.Map;

/// A link's settings as netlink has them; the two tables are joined by the names of their rows.
public final class LinkTuningOnWire {
  private LinkTuningOnWire() {}

  public static LinkProperty property(LinkSetting setting) {
    return LinkProperty.valueOf(setting.name());
  }

  /// What the kernel reports. Leaves out values that no setting can have, such as a broadcast
  /// address with a length that Ethernet does not know.
  public static LinkTuning decode(Link link) {
    Map<LinkSetting, String> values = new EnumMap<>(LinkSetting.class);
    for (LinkSetting setting : LinkSetting.values()) {
      property(setting)
          .of(link)
          .filter(setting::takes)
          .ifPresent(value -> values.put(setting, value));
    }
    return new LinkTuning(values);
  }
}
