package dev.podbond.bonding.preflight;

import static dev.podbond.bonding.fixture.Configurations.bond;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ForeignMacTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "active-backup | 0 | the bond's MAC, as mode active-backup with failOverMac none needs",
        "active-backup | 1 |",
        "active-backup | 2 | the bond's MAC, as failOverMac follow needs at failover",
        "802.3ad       | 1 | the bond's MAC, as mode 802.3ad needs",
        "balance-alb   | 1 | the MACs that balance-alb moves between members",
      })
  void onlyActiveBackupLeavesEachMemberItsOwn(String mode, int failOverMac, String reason) {
    assertThat(ForeignMac.of(bond("'mode':'" + mode + "','failOverMac':" + failOverMac)))
        .isEqualTo(Optional.ofNullable(reason));
  }
}
