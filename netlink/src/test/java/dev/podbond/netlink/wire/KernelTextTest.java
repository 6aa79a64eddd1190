package dev.podbond.netlink.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class KernelTextTest {
  @Test
  void utf8IsReadAsUtf8() {
    for (String text : new String[] {"", "eth0", "né1", "\ud83d\udd17", "日本"}) {
      byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
      assertThat(KernelText.decode(bytes, bytes.length)).isEqualTo(text);
      assertThat(KernelText.encode(text)).isEqualTo(bytes);
      assertThat(KernelText.hasStrayBytes(text)).as(text).isFalse();
    }
  }

  @Test
  void anyBytesComeBackUnchangedAndStayDistinct() {
    long seed = Long.getLong("podbond.seed", 1);
    Random random = new Random(seed);
    Set<String> texts = new HashSet<>();
    Set<String> all = new HashSet<>();
    for (int i = 0; i < 20_000; i++) {
      byte[] bytes = new byte[random.nextInt(16)];
      random.nextBytes(bytes);
      if (random.nextBoolean()) {
        // Lead and continuation bytes of longer characters, and encoded surrogates.
        for (int at = 0; at < bytes.length; at++) {
          bytes[at] = (byte) (0x80 | bytes[at]);
        }
      }
      String text = KernelText.decode(bytes, bytes.length);
      assertThat(KernelText.encode(text)).as("seed %d: %s", seed, text).isEqualTo(bytes);
      all.add(Arrays.toString(bytes));
      texts.add(text);
    }
    assertThat(texts).as("seed %d", seed).hasSameSizeAs(all);
  }

  /// The kernel sends no such text, but a configuration may hold one.
  @Test
  void halfACharacterIsWrittenAsAQuestionMark() {
    assertThat(KernelText.encode("a\udc80\ud83d")).containsExactly('a', 0x80, '?');
    assertThat(KernelText.encode("\udc80\ud83d\udd17b"))
        .containsExactly(0x80, 0xf0, 0x9f, 0x94, 0x97, 'b');
  }

  @Test
  void theSecondHalfOfACharacterIsNoStrayByte() {
    assertThat(KernelText.hasStrayBytes("\ud800\udc80")).isFalse();
    assertThat(KernelText.hasStrayBytes("a\udc80")).isTrue();
    assertThat(KernelText.hasStrayBytes("\udc80")).isTrue();
  }

  @Test
  void onlyTheFirstBytesAreRead() {
    assertThat(KernelText.decode(new byte[] {'a', (byte) 0xff, 'b'}, 2)).isEqualTo("a\udcff");
    assertThat(KernelText.hasStrayBytes("a\udcff")).isTrue();
  }
}
