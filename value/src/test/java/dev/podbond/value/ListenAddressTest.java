package dev.podbond.value;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What the chart composes of a node's address, whichever kind that is.
final class ListenAddressTest {
  @ParameterizedTest
  @CsvSource({
    "2001:db8::1:9810, [2001:db8::1]:9810",
    "::1:9810, [::1]:9810",
    "192.0.2.1:9810, 192.0.2.1:9810",
    "[2001:db8::1]:9810, [2001:db8::1]:9810",
    "[::]:9810, [::]:9810",
    "[192.0.2.1]:9810, 192.0.2.1:9810"
  })
  void aComposedAddressNeedsNoBrackets(String composed, String written) {
    assertThat(ListenAddress.ofComposed(composed))
        .isPresent()
        .isEqualTo(ListenAddress.parse(written));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "9810", ":9810", "::9810:0", "x::1:9810", "192.0.2.1:1:9810", "::1"})
  void nothingElseIsUnderstood(String text) {
    assertThat(ListenAddress.ofComposed(text)).isEmpty();
  }
}
