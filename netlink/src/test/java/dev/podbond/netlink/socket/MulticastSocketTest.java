package dev.podbond.netlink.socket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.podbond.netlink.Errno;
import dev.podbond.netlink.LinuxException;
import dev.podbond.netlink.wire.NetlinkMessage;
import dev.podbond.netlink.wire.Payload;
import org.junit.jupiter.api.Test;

class MulticastSocketTest {
  private static final int MANY = 100;
  private static final NetlinkMessage ONE =
      new NetlinkMessage(16, 0, 0, 0, Payload.of(new byte[] {1}));

  private final FakeKernel kernel = new FakeKernel();

  private MulticastSocket socket() throws Exception {
    return kernel.multicastSocket();
  }

  @Test
  void announcementsComeInOrderWhateverTheirSequenceNumbers() throws Exception {
    NetlinkMessage first = new NetlinkMessage(16, 0, 77, 5, Payload.of(new byte[] {1}));
    NetlinkMessage second = new NetlinkMessage(17, 0, 0, 0, Payload.of(new byte[] {2}));
    kernel.queue(first, second);
    MulticastSocket socket = socket();
    assertThat(socket.receive()).containsExactly(first, second);
    assertThat(socket.receive()).isEmpty();
  }

  @Test
  void lossIsTold() throws Exception {
    kernel.queueError(Errno.ENOBUFS);
    MulticastSocket socket = socket();
    assertThatThrownBy(socket::receive)
        .isInstanceOf(LinuxException.class)
        .hasMessageContaining("ENOBUFS");
    assertThat(socket.receive()).isEmpty();
  }

  @Test
  void announcementsOfOtherProcessesAreIgnored() throws Exception {
    kernel.queueFrom(99, ONE);
    assertThat(socket().receive()).isEmpty();
  }

  @Test
  void skippingDiscardsEverythingThatWaits() throws Exception {
    kernel.queue(ONE, ONE);
    kernel.queue(ONE);
    MulticastSocket socket = socket();
    assertThat(socket.skip(MANY)).isTrue();
    assertThat(socket.skip(MANY)).isFalse();
    assertThat(socket.receive()).isEmpty();
  }

  @Test
  void skippingStopsAtItsLimit() throws Exception {
    kernel.queue(ONE);
    kernel.queue(ONE);
    kernel.queue(ONE);
    assertThat(socket().skip(2)).isTrue();
    assertThat(kernel.queued()).isEqualTo(1);
  }

  @Test
  void lossCountsAsNewsWhenSkipping() throws Exception {
    kernel.queueError(Errno.ENOBUFS);
    MulticastSocket socket = socket();
    assertThat(socket.skip(MANY)).isTrue();
    assertThat(socket.skip(MANY)).isFalse();
  }

  @Test
  void aClosedSocketGivesNoDescriptor() throws Exception {
    MulticastSocket socket = socket();
    socket.close();
    socket.close();
    assertThat(kernel.closed).containsExactly(FakeKernel.FD);
    assertThatThrownBy(socket::fd).isInstanceOf(IllegalStateException.class);
  }
}
