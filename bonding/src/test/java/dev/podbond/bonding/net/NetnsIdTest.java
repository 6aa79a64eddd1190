package dev.podbond.bonding.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class NetnsIdTest {
  private static NetnsId id(String bootId, long cookie) {
    return new NetnsId(bootId, OptionalLong.of(cookie));
  }

  @Test
  void cookiesTellNamespacesOfOneBootApart() {
    assertThat(id("b1", 7).differsFrom(id("b1", 8))).isTrue();
    assertThat(id("b1", 7).differsFrom(id("b1", 7))).isFalse();
  }

  @Test
  void noNamespaceOutlivesItsBoot() {
    assertThat(id("b1", 7).differsFrom(id("b2", 7))).isTrue();
    NetnsId withoutCookie = new NetnsId("b1", OptionalLong.empty());
    assertThat(withoutCookie.differsFrom(id("b2", 7))).isTrue();
  }

  @Test
  void whatIsNotKnownTellsNothingApart() {
    NetnsId withoutCookie = new NetnsId("b1", OptionalLong.empty());
    assertThat(withoutCookie.differsFrom(id("b1", 7))).isFalse();
    assertThat(id("b1", 7).differsFrom(withoutCookie)).isFalse();
    assertThat(NetnsId.UNKNOWN.differsFrom(id("b1", 7))).isFalse();
    assertThat(id("b1", 7).differsFrom(NetnsId.UNKNOWN)).isFalse();
  }

  @Test
  void theWholeRangeOfCookiesIsWrittenAndRead() {
    for (long cookie : new long[] {0, 1, Long.MAX_VALUE, -1}) {
      String text = id("b1", cookie).cookieText().orElseThrow();
      assertThat(text).doesNotContain("-");
      assertThat(NetnsId.parseCookie(text)).contains(cookie);
    }
    assertThat(NetnsId.UNKNOWN.cookieText()).isEmpty();
    assertThat(NetnsId.parseCookie("a7")).isEmpty();
    assertThat(NetnsId.parseCookie("")).isEmpty();
  }
}
