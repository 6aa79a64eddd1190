package dev.podbond.netlink.link;

import dev.podbond.netlink.HardwareAddress;
import dev.podbond.value.IpText;
import java.net.InetAddress;
import java.util.List;

/// The value of a [TypedAttribute].
public sealed interface AttributeValue {
  /// A number of any width.
  record Numeric(long value) implements AttributeValue {
    @Override
    public String toString() {
      return Long.toString(value);
    }
  }

  /// A hardware address.
  record Mac(HardwareAddress address) implements AttributeValue {
    @Override
    public String toString() {
      return address.toString();
    }
  }

  /// IP addresses of one family, in order.
  record Addresses(List<InetAddress> list) implements AttributeValue {
    public Addresses {
      list = List.copyOf(list);
    }

    @Override
    public String toString() {
      return list.stream().map(IpText::format).toList().toString();
    }
  }

  /// The state of 802.3ad, read-only.
  record Aggregator(BondAggregator state) implements AttributeValue {
    @Override
    public String toString() {
      return state.toString();
    }
  }
}
