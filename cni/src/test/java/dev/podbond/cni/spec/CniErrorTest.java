package dev.podbond.cni.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.podbond.json.JsonException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class CniErrorTest {
  @Test
  void anErrorIsWrittenAsTheGoLibraryWritesItAndReadsBack() throws Exception {
    CniError error = new CniError(CniErrorCode.INVALID_CONFIG, "bad mode", "mode is \"x\"");

    assertThat(CniError.parse(error.toJson().toString())).isEqualTo(error);
    assertThat(new CniError(new CniErrorCode(100), "m").toJson())
        .hasToString("{\"code\":100,\"msg\":\"m\"}");
    assertThat(CniError.parse("{\"cniVersion\":\"1.0.0\",\"code\":7,\"msg\":\"m\"}"))
        .isEqualTo(new CniError(CniErrorCode.INVALID_CONFIG, "m"));
    assertThat(CniError.parse("{}")).isEqualTo(new CniError(new CniErrorCode(0), ""));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "[]", "{\"code\":\"7\"}", "{\"code\":-1}", "{\"code\":1.5}", "{\"msg\":1}"})
  void textThatIsNoErrorObjectIsRefused(String text) {
    assertThatThrownBy(() -> CniError.parse(text)).isInstanceOf(JsonException.class);
  }

  /// Go reads a code into an unsigned integer, so a negative one would not be read.
  @Test
  void aCodeIsNeverNegative() {
    assertThat(new CniErrorCode(0)).hasToString("0");
    assertThatThrownBy(() -> new CniErrorCode(-1)).hasMessageEndingWith("-1");
  }
}
