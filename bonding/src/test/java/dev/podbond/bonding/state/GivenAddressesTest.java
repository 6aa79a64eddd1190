package dev.podbond.bonding.state;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podbond.bonding.attachment.Attachment;
import dev.podbond.json.JsonObject;
import dev.podbond.value.AttachmentKey;
import dev.podbond.value.IpPrefix;
import java.net.Inet6Address;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

final class GivenAddressesTest {
  private static Inet6Address address(String prefix) {
    return (Inet6Address) IpPrefix.parse(prefix).orElseThrow().address();
  }

  private static List<Inet6Address> given(Stream<String> addresses) {
    Attachment record =
        Attachment.prepared(
                new AttachmentKey("c1", "net1"),
                "blue",
                "bond",
                "/run/netns/pod",
                JsonObject.builder().build())
            .complete(
                addresses.map(text -> IpPrefix.parse(text).orElseThrow()).toList(), List.of());
    return GivenAddresses.of(record);
  }

  @Test
  void thoseOfIpv6AreGiven() {
    assertThat(given(Stream.of("10.0.0.1/24", "2001:db8::1/64", "10.0.0.2/24", "fd00::2/64")))
        .containsExactly(address("2001:db8::1/64"), address("fd00::2/64"));
  }

  /// Each costs a request to the kernel, and a network may give any number.
  @Test
  void ofVeryManySixteenAreLookedAt() {
    assertThat(given(IntStream.range(1, 1000).mapToObj("fd00::%x/64"::formatted)))
        .hasSize(16)
        .contains(address("fd00::10/64"));
  }
}
