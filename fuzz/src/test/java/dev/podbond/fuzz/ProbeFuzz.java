package dev.podbond.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.podbond.node.probe.ProbeAnswer;
import java.net.Inet6Address;
import java.util.Arrays;

/// What anybody on a cable may send where answers of hosts are waited for. It is an answer or none,
/// the address is in the frame, and what follows the answer in it does not matter.
class ProbeFuzz {
  private static final int IPV4_SENDER = 28;
  private static final int IPV6_TARGET = 62;

  @FuzzTest
  void answer(byte[] bytes) {
    ProbeAnswer.from(bytes)
        .ifPresent(answer -> {
          byte[] octets = answer.host().getAddress();
          int place = answer.host() instanceof Inet6Address ? IPV6_TARGET : IPV4_SENDER;
          assertThat(octets).isEqualTo(Arrays.copyOfRange(bytes, place, place + octets.length));
          assertThat(ProbeAnswer.from(Arrays.copyOf(bytes, ProbeAnswer.MOST_OCTETS)))
              .contains(answer);
        });
  }
}
