package dev.podbond.netlink.socket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.podbond.netlink.Errno;
import dev.podbond.netlink.socket.NetlinkEvents.News;
import dev.podbond.netlink.wire.NetlinkMessage;
import dev.podbond.netlink.wire.Payload;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class NetlinkEventsTest {
  private static final Duration SHORT = Duration.ofMillis(20);

  private final FakeKernel kernel = new FakeKernel();

  private NetlinkEvents events() throws Exception {
    return NetlinkEvents.adopt(kernel, FakeKernel.FD, Set.of(1));
  }

  @Test
  void announcementsComeInOrderWhateverTheirSequenceNumbers() throws Exception {
    NetlinkMessage first = new NetlinkMessage(16, 0, 77, 5, Payload.of(new byte[] {1}));
    NetlinkMessage second = new NetlinkMessage(17, 0, 0, 0, Payload.of(new byte[] {2}));
    kernel.queue(first, second);
    assertThat(events().next(SHORT)).isEqualTo(new News.Messages(List.of(first, second)));
  }

  @Test
  void lossIsTold() throws Exception {
    kernel.queueError(Errno.ENOBUFS);
    NetlinkEvents events = events();
    assertThat(events.next(SHORT)).isEqualTo(new News.Lost());
    assertThat(events.next(SHORT)).isEqualTo(new News.Silence());
  }

  @Test
  void announcementsOfOtherProcessesAreNone() throws Exception {
    kernel.queueFrom(99, new NetlinkMessage(16, 0, 0, 0, Payload.of(new byte[] {1})));
    assertThat(events().next(SHORT)).isEqualTo(new News.Silence());
  }

  @Test
  void whatNobodyWantsToReadIsPassedOverAtOnce() throws Exception {
    NetlinkMessage one = new NetlinkMessage(16, 0, 0, 0, Payload.of(new byte[] {1}));
    kernel.queue(one, one);
    kernel.queue(one);
    NetlinkEvents events = events();
    assertThat(events.skip()).isTrue();
    assertThat(events.skip()).isFalse();
    assertThat(events.next(SHORT)).isEqualTo(new News.Silence());
  }

  @Test
  void lossIsNewsToWhoDoesNotReadToo() throws Exception {
    kernel.queueError(Errno.ENOBUFS);
    NetlinkEvents events = events();
    assertThat(events.skip()).isTrue();
    assertThat(events.skip()).isFalse();
  }

  @Test
  void aClosedListenerSaysSoAndFreesBothDescriptors() throws Exception {
    NetlinkEvents events = events();
    events.close();
    events.close();
    assertThat(kernel.closed).containsExactlyInAnyOrder(FakeKernel.FD, FakeKernel.FD + 1);
    assertThatThrownBy(() -> events.next(SHORT)).isInstanceOf(ClosedChannelException.class);
    assertThatThrownBy(events::skip).isInstanceOf(ClosedChannelException.class);
  }
}
