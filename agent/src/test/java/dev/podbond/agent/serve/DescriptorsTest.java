package dev.podbond.agent.serve;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

final class DescriptorsTest {
  private static final String LIMITS =
      """
      Limit                     Soft Limit           Hard Limit           Units
      Max core file size        0                    unlimited            bytes
      Max open files            %s                 524288               files
      Max locked memory         8388608              8388608              bytes
      """;

  @Test
  void theSoftLimitCountsAndUnlimitedIsEmpty() {
    assertThat(Descriptors.mostOf(LIMITS.formatted("1024"))).hasValue(1024);
    assertThat(Descriptors.mostOf(LIMITS.formatted("unlimited"))).isEmpty();
    assertThat(Descriptors.mostOf("")).isEmpty();
  }

  @Test
  void theKernelsOwnTextIsRead() {
    assertThat(Descriptors.most().orElse(Long.MAX_VALUE)).isGreaterThan(10);
  }

  @Test
  void aWarningNamesTheLimitAndTheNeed() {
    assertThat(Descriptors.warning(OptionalLong.of(1024), 680))
        .hasValueSatisfying(
            warning -> assertThat(warning).contains("1024", "680", "1360", "LimitNOFILE"));
    assertThat(Descriptors.warning(OptionalLong.of(1360), 680)).isEmpty();
    assertThat(Descriptors.warning(OptionalLong.empty(), 680)).isEmpty();
  }
}
