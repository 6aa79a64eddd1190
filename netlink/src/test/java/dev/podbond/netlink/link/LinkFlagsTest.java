package dev.podbond.netlink.link;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

class LinkFlagsTest {
  /// Each flag with its bit in `linux/if.h`.
  private static final Map<Integer, Predicate<LinkFlags>> FLAGS =
      Map.of(
          0x1, LinkFlags::isUp,
          0x40, LinkFlags::isRunning);

  @Test
  void eachFlagIsItsOwnBitWhateverTheOthersAre() {
    FLAGS.forEach((bit, flag) -> {
      assertThat(flag.test(new LinkFlags(0))).isFalse();
      assertThat(flag.test(new LinkFlags(bit))).isTrue();
      assertThat(flag.test(new LinkFlags(~bit))).isFalse();
      assertThat(flag.test(new LinkFlags(~0))).isTrue();
    });
  }
}
