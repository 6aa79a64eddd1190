package dev.podbond.netlink.rtnl;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// The ids that a namespace has for other namespaces, against the running kernel.
@Tag("kernel")
class PeerNamespacesKernelTest {
  private FreshNetns pod;
  private FreshNetns host;
  private FreshNetns beyond;

  @BeforeEach
  void makeNamespaces() throws Exception {
    pod = FreshNetns.create("pod");
    host = FreshNetns.create("host");
    beyond = FreshNetns.create("beyond");
  }

  @AfterEach
  void removeNamespaces() {
    pod.close();
    host.close();
    beyond.close();
  }

  @Test
  void aNewNamespaceKnowsOfNoOther() throws Exception {
    assertThat(pod.net().peers().idOf(host.netns())).isEmpty();
    assertThat(pod.net().peers().isAnyBut(host.netns())).isFalse();
  }

  @Test
  void theKnownNamespaceDoesNotCount() throws Exception {
    pod.ip("netns", "set", host.name(), "7");
    assertThat(pod.net().peers().idOf(host.netns())).hasValue(7);
    assertThat(pod.net().peers().isAnyBut(host.netns())).isFalse();
  }

  @Test
  void anyOtherNamespaceIsSeenWhateverItsIdWhileItLives() throws Exception {
    pod.ip("netns", "set", host.name(), "0");
    pod.ip("netns", "set", beyond.name(), "3");
    assertThat(pod.net().peers().isAnyBut(host.netns())).isTrue();
    assertThat(host.net().peers().isAnyBut(pod.netns())).isFalse();
  }
}
