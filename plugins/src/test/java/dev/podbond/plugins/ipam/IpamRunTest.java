package dev.podbond.plugins.ipam;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.podbond.cni.exec.Ipam;
import dev.podbond.cni.spec.CniErrorCode;
import dev.podbond.cni.spec.CniException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class IpamRunTest {
  @ParameterizedTest
  @CsvSource({
    "host-local, false",
    "static, false",
    "whereabouts, false",
    "dhcp, true",
    "somebodys-own, true"
  })
  void whatIsNotKnownToLookAtItsStoreAloneNeedsTheInterface(String type, boolean needs) {
    assertThat(IpamRun.needsInterface(new Ipam(type, (_, _, _) -> ""))).isEqualTo(needs);
  }

  @Test
  void oneThatHangsIsWaitedForNoLongerThanAllowed() throws Exception {
    CountDownLatch daemon = new CountDownLatch(1);
    IpamRun<Boolean> release =
        IpamRun.begun(() -> {
          try {
            daemon.await();
          } catch (InterruptedException e) {
            throw new CniException(CniErrorCode.INTERNAL, "interrupted", e);
          }
          return true;
        });
    release.awaitEnd(Duration.ofMillis(1));
    daemon.countDown();
    assertThat(release.result()).isTrue();
  }

  @Test
  void whatBecameOfItIsSaidByItsResult() throws Exception {
    IpamRun<Boolean> release =
        IpamRun.begun(() -> {
          throw new CniException(CniErrorCode.INTERNAL, "no daemon");
        });
    release.awaitEnd(Duration.ofMinutes(1));
    assertThatThrownBy(release::result).isInstanceOf(CniException.class).hasMessage("no daemon");
  }
}
