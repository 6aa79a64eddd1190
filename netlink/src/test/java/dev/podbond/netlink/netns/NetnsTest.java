package dev.podbond.netlink.netns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.podbond.netlink.LinuxException;
import dev.podbond.netlink.link.Link;
import dev.podbond.netlink.rtnl.Rtnetlink;
import dev.podbond.netlink.thread.ThreadNetns;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NetnsTest {
  @Test
  void aNamespaceIsItselfUnderAnyPath() throws Exception {
    try (Netns first = Netns.current();
        Netns second =
            Netns.of(Path.of("/proc/self/task/" + ProcessHandle.current().pid() + "/ns/net"))) {
      assertThat(first.isSameAs(second)).isTrue();
      assertThat(first.fd()).isNotEqualTo(second.fd());
      assertThat(Files.readSymbolicLink(first.path())).hasToString(first.identity().toString());
    }
  }

  @Test
  void filesThatAreNotNamespacesAreRefused(@TempDir Path directory) throws Exception {
    Path file = Files.createFile(directory.resolve("plain"));
    assertThatThrownBy(() -> Netns.of(file))
        .isInstanceOf(LinuxException.class)
        .hasMessageContaining(file + " is not a network namespace");
    assertThatThrownBy(() -> Netns.of(directory.resolve("none"))).hasMessageContaining("ENOENT");
  }

  @Test
  void aClosedNamespaceGivesNoDescriptor() throws Exception {
    Netns netns = Netns.current();
    netns.close();
    netns.close();
    assertThatThrownBy(netns::fd).isInstanceOf(IllegalStateException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ".", "..", "a/b", "/etc"})
  void namesThatCannotBeFileNamesAreRefused(String name) {
    assertThatThrownBy(() -> NamedNetns.path(name)).isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ".", "../kernel/panic", "/etc/passwd", "ipv4/../../vm/swappiness"})
  void settingsOutsideProcSysNetAreRefused(String name) throws Exception {
    try (Netns netns = Netns.current()) {
      assertThatThrownBy(() -> Sysctl.write(netns, name, "1"))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void allThreadsAreInTheProcessesNamespace() throws Exception {
    assertThat(ThreadNetns.strays()).isEmpty();
  }

  @Test
  void theProcessesOwnLoopbackIsSeen() throws Exception {
    try (Rtnetlink net = Rtnetlink.open()) {
      Link loopback = net.links().get(1);
      assertThat(loopback.hardwareType()).as("ARPHRD_LOOPBACK").isEqualTo(772);
      assertThat(net.links().list()).extracting(Link::index).contains(1);
      assertThat(net.links().find("no-such-link")).isEmpty();
      assertThat(net.links().find("a-name-longer-than-fifteen-bytes")).isEmpty();
    }
  }
}
