package dev.podbond.netlink.rtnl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.podbond.netlink.Errno;
import dev.podbond.netlink.NetlinkException;
import dev.podbond.netlink.socket.FakeKernel;
import dev.podbond.netlink.socket.MulticastSocket;
import dev.podbond.netlink.wire.NetlinkMessage;
import dev.podbond.netlink.wire.Payload;
import dev.podbond.netlink.wire.PayloadWriter;
import dev.podbond.netlink.wire.RtmType;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class LinkMonitorTest {
  private static final int AF_BRIDGE = 7;
  private static final int IFLA_IFNAME = 3;
  private static final NetlinkMessage SENSELESS =
      new NetlinkMessage(RtmType.NEWLINK, 0, 0, 0, Payload.of(new byte[] {0}));

  private final FakeKernel kernel = new FakeKernel();
  private final HeardNews heard = new HeardNews();

  private LinkMonitor<String> open() throws Exception {
    return LinkMonitor.open(kernel, kernel.multicastSocket());
  }

  /// Watches a fake socket as if it were in another namespace.
  private int watch(LinkMonitor<String> monitor, String where) throws Exception {
    MulticastSocket socket = kernel.multicastSocket();
    monitor.watch(where, socket);
    return socket.fd();
  }

  private static NetlinkMessage link(int type, int family, String name) {
    return new NetlinkMessage(
        type,
        0,
        0,
        0,
        new PayloadWriter()
            .putU8(family)
            .pad()
            .putBytes(new byte[12])
            .attributeString(IFLA_IFNAME, name)
            .toPayload());
  }

  private void await(LinkMonitor<String> monitor) throws Exception {
    monitor.await(Duration.ZERO, heard);
  }

  @Test
  void newAndChangedLinksOfTheOwnNamespaceAreRead() throws Exception {
    LinkMonitor<String> monitor = open();
    kernel.queueTo(
        FakeKernel.FD, link(RtmType.NEWLINK, 0, "net1"), link(RtmType.DELLINK, 0, "net2"));
    kernel.queueTo(FakeKernel.FD, link(RtmType.NEWLINK, AF_BRIDGE, "port"));
    kernel.queueTo(FakeKernel.FD, link(RtmType.NEWLINK, 0, "net3"));
    await(monitor);
    assertThat(heard.links()).containsExactly("net1", "net3");
    assertThat(heard.isLost()).isFalse();
  }

  @Test
  void aLossOfTheOwnNamespaceIsToldAndWhatFollowsIsHeard() throws Exception {
    LinkMonitor<String> monitor = open();
    kernel.queueErrorTo(FakeKernel.FD, Errno.ENOBUFS);
    kernel.queueTo(FakeKernel.FD, link(RtmType.NEWLINK, 0, "net1"));
    await(monitor);
    assertThat(heard.isLost()).isTrue();
    assertThat(heard.links()).containsExactly("net1");
  }

  /// A pod can make any announcements it likes.
  @Test
  void ofAnotherNamespaceNothingIsRead() throws Exception {
    LinkMonitor<String> monitor = open();
    int pod = watch(monitor, "pod");
    watch(monitor, "quiet");
    kernel.queueTo(pod, SENSELESS);
    kernel.queueTo(pod, SENSELESS);
    await(monitor);
    await(monitor);
    assertThat(heard.changed()).containsExactly("pod");
    assertThat(heard.links()).isEmpty();
  }

  @Test
  void aLossInAnotherNamespaceIsAChange() throws Exception {
    LinkMonitor<String> monitor = open();
    kernel.queueErrorTo(watch(monitor, "pod"), Errno.ENOBUFS);
    await(monitor);
    assertThat(heard.changed()).containsExactly("pod");
    assertThat(heard.isLost()).isFalse();
  }

  @Test
  void whoeverHasNewsWithoutEndHoldsNobodyElse() throws Exception {
    LinkMonitor<String> monitor = open();
    int loud = watch(monitor, "loud");
    int pod = watch(monitor, "pod");
    for (int i = 0; i < 2 * LinkMonitor.MOST_SKIPPED; i++) {
      kernel.queueTo(loud, SENSELESS);
    }
    for (int i = 0; i < 2 * LinkMonitor.MOST_READ; i++) {
      kernel.queueTo(FakeKernel.FD, link(RtmType.NEWLINK, 0, "net1"));
    }
    kernel.queueTo(pod, SENSELESS);
    await(monitor);
    assertThat(heard.changed()).containsExactly("loud", "pod");
    assertThat(heard.links()).hasSize(LinkMonitor.MOST_READ);
    assertThat(kernel.queuedFor(loud)).isEqualTo(LinkMonitor.MOST_SKIPPED);
    assertThat(kernel.queuedFor(FakeKernel.FD)).isEqualTo(LinkMonitor.MOST_READ);
  }

  @Test
  void aMalformedMessageDoesNotHideNewsOfPods() throws Exception {
    LinkMonitor<String> monitor = open();
    kernel.queueTo(watch(monitor, "pod"), SENSELESS);
    kernel.queueTo(FakeKernel.FD, SENSELESS);
    assertThatThrownBy(() -> await(monitor))
        .isInstanceOf(NetlinkException.class)
        .hasMessageContaining("EBADMSG");
    assertThat(heard.changed()).containsExactly("pod");
  }

  /// An open descriptor would keep a pod's namespace alive.
  @Test
  void whatIsForgottenIsClosedByTheNextWait() throws Exception {
    LinkMonitor<String> monitor = open();
    int pod = watch(monitor, "pod");
    await(monitor);
    monitor.forget("pod");
    monitor.forget("unknown");
    kernel.queueTo(pod, SENSELESS);
    await(monitor);
    assertThat(kernel.closed).containsExactly(pod);
    assertThat(heard.changed()).isEmpty();
  }

  @Test
  void aNamespaceWatchedTwiceIsWatchedOnce() throws Exception {
    LinkMonitor<String> monitor = open();
    int former = watch(monitor, "pod");
    int pod = watch(monitor, "pod");
    kernel.queueTo(former, SENSELESS);
    kernel.queueTo(pod, SENSELESS);
    await(monitor);
    assertThat(kernel.closed).containsExactly(former);
    assertThat(heard.changed()).containsExactly("pod");
  }

  @Test
  void aWakeUpEndsOneWait() throws Exception {
    LinkMonitor<String> monitor = open();
    monitor.wakeUp();
    assertThat(kernel.isRung()).isTrue();
    await(monitor);
    assertThat(kernel.isRung()).isFalse();
    monitor.forget("pod");
    assertThat(kernel.isRung()).as("a change is a wake-up").isTrue();
  }

  @Test
  void closingFreesAllDescriptors() throws Exception {
    LinkMonitor<String> monitor = open();
    int pod = watch(monitor, "pod");
    await(monitor);
    int late = watch(monitor, "late");
    monitor.close();
    assertThat(kernel.closed)
        .containsExactlyInAnyOrder(FakeKernel.FD, FakeKernel.EVENT_FD, pod, late);
  }
}
