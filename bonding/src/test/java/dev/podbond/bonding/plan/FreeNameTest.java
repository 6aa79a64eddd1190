package dev.podbond.bonding.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class FreeNameTest {
  @Test
  void isTheNameItselfOrTheFirstFreeOneLikeIt() {
    assertThat(FreeName.near("net1", Set.of("net2")::contains)).isEqualTo("net1");
    assertThat(FreeName.near("net1", Set.of("net1")::contains)).isEqualTo("net1_1");
    assertThat(FreeName.near("net1", Set.of("net1", "net1_1")::contains)).isEqualTo("net1_2");
    assertThat(FreeName.near("net1", Set.of("net1", "net1_2")::contains)).isEqualTo("net1_1");
  }

  /// `IFNAMSIZ` is 16 with the final zero.
  @Test
  void isCutToWhatTheKernelTakes() {
    String longest = "abcdefghijklmno";
    assertThat(FreeName.near(longest, longest::equals)).isEqualTo("abcdefghijklm_1");
    Set<String> taken =
        IntStream.rangeClosed(1, 9).mapToObj(n -> "abcdefghijklm_" + n).collect(Collectors.toSet());
    taken.add(longest);
    assertThat(FreeName.near(longest, taken::contains)).isEqualTo("abcdefghijkl_10");
    assertThat(FreeName.cut("abcdefghijklm", "_1")).isEqualTo("abcdefghijklm_1");
  }
}
