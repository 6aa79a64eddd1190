package dev.podbond.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.podbond.bonding.lldp.Lldpdu;
import dev.podbond.bonding.lldp.StationId;

/// What anybody on a cable may send by LLDP. Reading it always ends, and what is shown of it is
/// short and in one line.
class LldpFuzz {
  private static final int LONGEST_SHOWN = 2 * 256;

  @FuzzTest
  void lldpdu(byte[] bytes) {
    Lldpdu.parse(bytes)
        .ifPresent(read -> {
          assertThat(bytes.length).isLessThanOrEqualTo(Lldpdu.MOST_OCTETS);
          assertThat(read.ttlSeconds()).isBetween(0, 0xffff);
          isForPeople(read.chassis());
          isForPeople(read.port());
          read.systemName().ifPresent(name -> isLine(name, 64));
          assertThat(Lldpdu.parse(bytes.clone())).contains(read);
        });
  }

  private static void isForPeople(StationId id) {
    isLine(id.toString(), LONGEST_SHOWN);
    assertThat(id.identity()).matches("[0-9a-f:-]+");
  }

  private static void isLine(String text, int most) {
    assertThat(text).hasSizeBetween(1, most);
    assertThat(text.codePoints()).noneMatch(Character::isISOControl);
  }
}
