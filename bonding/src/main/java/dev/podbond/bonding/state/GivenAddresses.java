package dev.podbond.bonding.state;

import dev.podbond.bonding.attachment.Attachment;
import dev.podbond.value.IpPrefix;
import java.net.Inet6Address;
import java.util.List;

/// The addresses of an attachment that another host may turn out to have.
public final class GivenAddresses {
  /// Each is looked up with its own request. No usual pod has more addresses than this.
  private static final int MOST = 16;

  private GivenAddresses() {}

  /// The IPv6 addresses of a record, at most 16 of them: duplicate address detection may find one
  /// of them on another host.
  public static List<Inet6Address> of(Attachment record) {
    return record.addresses().stream()
        .map(IpPrefix::address)
        .filter(Inet6Address.class::isInstance)
        .map(Inet6Address.class::cast)
        .limit(MOST)
        .toList();
  }
}
