package dev.podbond.value;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PciAddressTest {
  @ParameterizedTest
  @CsvSource({
    "0000:01:10.0, 0000:01:10.0",
    "ffff:ff:1f.7, ffff:ff:1f.7",
    "0000:AF:0A.3, 0000:af:0a.3",
    "3b:02.1, 0000:3b:02.1",
    // A virtual bus, as of Intel VMD or Hyper-V.
    "10000:e1:00.0, 10000:e1:00.0",
    "7fffffff:00:00.0, 7fffffff:00:00.0",
  })
  void isWrittenAsInSysfs(String text, String canonical) {
    assertThat(PciAddress.parse(text).orElseThrow()).hasToString(canonical);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "0000:01:10",
        "0000:01:20.0",
        "0000:01:10.8",
        "000:01:10.0",
        "0000:1:10.0",
        "80000000:01:10.0",
        "0000:01:10.0 ",
        "net1",
      })
  void otherTextsAreNoAddress(String text) {
    assertThat(PciAddress.parse(text)).isEmpty();
  }

  @Test
  void itsPartsHaveAsManyBitsAsPciGivesThem() {
    assertThat(new PciAddress(0, 0xff, 0x1f, 7)).hasToString("0000:ff:1f.7");
    assertThatIllegalArgumentException().isThrownBy(() -> new PciAddress(-1, 0, 0, 0));
    assertThatIllegalArgumentException().isThrownBy(() -> new PciAddress(0, 0x100, 0, 0));
    assertThatIllegalArgumentException().isThrownBy(() -> new PciAddress(0, 0, 0x20, 0));
    assertThatIllegalArgumentException().isThrownBy(() -> new PciAddress(0, 0, 0, 8));
  }

  @Test
  void areInTheOrderInWhichLocksAreTaken() {
    assertThat(
            Stream.of("0000:02:00.0", "0000:01:10.2", "0000:01:10.0", "0000:01:02.7")
                .map(text -> PciAddress.parse(text).orElseThrow())
                .sorted())
        .extracting(PciAddress::toString)
        .containsExactly("0000:01:02.7", "0000:01:10.0", "0000:01:10.2", "0000:02:00.0");
  }
}
