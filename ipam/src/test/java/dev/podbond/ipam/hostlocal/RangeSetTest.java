package dev.podbond.ipam.hostlocal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.podbond.ipam.config.IpNumber;
import dev.podbond.ipam.config.Ips;
import dev.podbond.ipam.config.UnfamiliarException;
import dev.podbond.json.Json;
import dev.podbond.json.JsonException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class RangeSetTest {
  private static RangeSet set(String json) throws UnfamiliarException, JsonException {
    return RangeSet.of("ranges", Json.parse(json));
  }

  private static IpNumber ip(String text) {
    return Ips.address(text).orElseThrow();
  }

  private static List<String> inOrder(RangeSet set, Optional<IpNumber> last) {
    List<String> order = new ArrayList<>();
    Set<IpNumber> taken = new HashSet<>();
    for (Optional<RangeSet.Candidate> next = set.next(last, taken::contains);
        next.isPresent();
        next = set.next(last, taken::contains)) {
      order.add(next.get().address().toString());
      taken.add(next.get().address());
    }
    return order;
  }

  @Test
  void beginsWithTheFirstAddressThatIsNoGateway() throws Exception {
    assertThat(inOrder(set("[{\"subnet\":\"10.0.0.0/29\"}]"), Optional.empty()))
        .containsExactly("10.0.0.2", "10.0.0.3", "10.0.0.4", "10.0.0.5", "10.0.0.6");
  }

  @Test
  void goesOnBehindTheLastAndRoundAllRanges() throws Exception {
    RangeSet set =
        set(
            "[{\"subnet\":\"10.0.0.0/29\",\"rangeStart\":\"10.0.0.5\"},"
                + "{\"subnet\":\"10.0.1.0/30\",\"gateway\":\"10.0.1.2\"}]");

    assertThat(inOrder(set, Optional.of(ip("10.0.0.6"))))
        .containsExactly("10.0.1.1", "10.0.0.5", "10.0.0.6");
    assertThat(inOrder(set, Optional.of(ip("10.0.1.2"))))
        .containsExactly("10.0.0.5", "10.0.0.6", "10.0.1.1");
    assertThat(inOrder(set, Optional.of(ip("192.0.2.1"))))
        .containsExactly("10.0.0.5", "10.0.0.6", "10.0.1.1");
  }

  @Test
  void theLastAddressOfIpv6IsGivenAway() throws Exception {
    assertThat(inOrder(set("[{\"subnet\":\"fd00::/126\"}]"), Optional.empty()))
        .containsExactly("fd00::2", "fd00::3");
  }

  /// Wherever it begins and whoever has what: the next address is free, in a range, no gateway, and
  /// there is one as long as there is any.
  @Test
  void givesEachAddressOnceWhereverItBegins() throws Exception {
    long seed = Long.getLong("podbond.seed", System.nanoTime());
    Random random = new Random(seed);
    for (int i = 0; i < 300; i++) {
      int length = 25 + random.nextInt(6);
      int size = 1 << (32 - length);
      int start = 1 + random.nextInt(size - 2);
      int end = start + random.nextInt(size - 1 - start);
      int gateway = random.nextInt(size);
      RangeSet set =
          set(
              "[{\"subnet\":\"10.0.0.0/%d\",\"rangeStart\":\"10.0.0.%d\",\"rangeEnd\":\"10.0.0.%d\",\"gateway\":\"10.0.0.%d\"}]"
                  .formatted(length, start, end, gateway));
      Set<String> expected = new HashSet<>();
      for (int address = start; address <= end; address++) {
        if (address != gateway) {
          expected.add("10.0.0." + address);
        }
      }
      Optional<IpNumber> last =
          random.nextBoolean()
              ? Optional.of(ip("10.0.0." + random.nextInt(size)))
              : Optional.empty();

      assertThat(inOrder(set, last))
          .as("seed %d, round %d", seed, i)
          .doesNotHaveDuplicates()
          .containsExactlyInAnyOrderElementsOf(expected);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[]",
        "{}",
        "[{}]",
        "[{\"subnet\":\"10.0.0.1/24\"}]",
        "[{\"subnet\":\"10.0.0.0/31\"}]",
        "[{\"subnet\":\"fd00::/127\"}]",
        "[{\"subnet\":\"::ffff:10.0.0.0/104\"}]",
        "[{\"subnet\":\"::/64\"}]",
        "[{\"subnet\":\"10.0.0.0/24\",\"rangeStart\":\"10.0.1.1\"}]",
        "[{\"subnet\":\"10.0.0.0/24\",\"rangeStart\":\"10.0.0.9\",\"rangeEnd\":\"10.0.0.8\"}]",
        "[{\"subnet\":\"10.0.0.0/24\",\"rangeStart\":\"10.0.0.255\"}]",
        "[{\"subnet\":\"10.0.0.0/24\",\"gateway\":\"\"}]",
        "[{\"subnet\":\"10.0.0.0/24\",\"gateway\":null}]",
        "[{\"subnet\":\"10.0.0.0/24\",\"Gateway\":\"10.0.0.1\"}]",
        "[{\"subnet\":\"10.0.0.0/24\",\"exclude\":\"10.0.0.1\"}]",
        "[{\"subnet\":\"10.0.0.0/24\"},{\"subnet\":\"fd00::/64\"}]",
        "[{\"subnet\":\"10.0.0.0/24\"},{\"subnet\":\"10.0.0.0/25\"}]"
      })
  void leavesToThePluginWhatItMightRefuse(String json) {
    assertThatThrownBy(() -> set(json)).isInstanceOf(UnfamiliarException.class);
  }
}
