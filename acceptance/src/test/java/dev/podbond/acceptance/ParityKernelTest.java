package dev.podbond.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podbond.parity.Parity;
import dev.podbond.parity.Suite;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Compares our executables, with an agent, with recordings of bond-cni and sriov-cni: a table must
/// explain every difference. All cases take longer than a test may. So this runs the 26 of
/// bond-cni's own suite and a sample of the others; `make parity` runs all.
@Tag("kernel")
class ParityKernelTest {
  private static final Path ROOT = Path.of(System.getProperty("podbond.parity", "parity"));
  private static final long SEED = Long.getLong("podbond.seed", 1);
  private static final int SAMPLED_PERCENT = 10;

  @ParameterizedTest
  // The stories see records of VFs that other tests of the same boot had: they need a fresh node,
  // which `make parity` gives them.
  @EnumSource(names = {"BOND", "SRIOV"})
  void everyDifferenceIsExplained(Suite suite, @TempDir Path scratch) throws Exception {
    Parity parity = new Parity(ROOT, scratch, ParityKernelTest::isSampled, _ -> {});
    Parity.Report report = parity.compareWithRecording(suite, Dist.root());
    assertThat(report.isGood()).as("seed %d: %s", SEED, report.toText()).isTrue();
  }

  private static boolean isSampled(String name) {
    return name.startsWith("upstream/")
        || new Random(SEED * Integer.MAX_VALUE + name.hashCode()).nextInt(100) < SAMPLED_PERCENT;
  }
}
