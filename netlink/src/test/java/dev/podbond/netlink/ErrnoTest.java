package dev.podbond.netlink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ErrnoTest {
  @ParameterizedTest
  @CsvSource({
    "1, EPERM, Operation not permitted",
    "11, EAGAIN, Resource temporarily unavailable",
    "19, ENODEV, No such device",
    "35, EDEADLK, Resource deadlock avoided",
    "95, EOPNOTSUPP, Operation not supported",
    "105, ENOBUFS, No buffer space available",
    "133, EHWPOISON, Memory page has hardware error",
    "4000, errno 4000, Unknown error 4000",
  })
  void symbolAndTextMatchTheHeaders(int number, String symbol, String text) {
    assertThat(new Errno(number)).hasToString("%s (%s)".formatted(symbol, text));
  }

  @Test
  void namedConstantsCarryTheirOwnSymbols() throws Exception {
    for (var field : Errno.class.getFields()) {
      assertThat(((Errno) field.get(null)).symbol()).isEqualTo(field.getName());
    }
  }

  @Test
  void zeroAndNegativeNumbersAreRefused() {
    assertThatThrownBy(() -> new Errno(0)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Errno(-22)).hasMessageContaining("-22");
  }

  @Test
  void aNetlinkFailureNamesTheRequestTheErrorAndTheExplanation() {
    var failure =
        new NetlinkException(
            "change link 7 (mtu 10)", Errno.EINVAL, Optional.of("mtu less than device minimum"));
    assertThat(failure)
        .hasMessage(
            "change link 7 (mtu 10): EINVAL (Invalid argument): mtu less than device minimum");
    assertThat(failure.errno()).isEqualTo(Errno.EINVAL);
    assertThat(failure.kernelMessage()).contains("mtu less than device minimum");
  }
}
