package dev.podbond.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podbond.parity.Parity;
import dev.podbond.parity.Suite;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Our executables, with an agent, against what is recorded of bond-cni: every difference is one
/// that its table explains.
@Tag("kernel")
class ParityKernelTest {
  private static final Path ROOT = Path.of(System.getProperty("podbond.parity", "parity"));

  @ParameterizedTest
  @EnumSource(value = Suite.class, names = "BOND")
  void everyDifferenceIsExplained(Suite suite, @TempDir Path scratch) throws Exception {
    Parity parity = new Parity(ROOT, scratch, _ -> true, _ -> {});
    Parity.Report report = parity.compareWithRecording(suite, Dist.root());
    assertThat(report.isGood()).as(report.toText()).isTrue();
  }
}
