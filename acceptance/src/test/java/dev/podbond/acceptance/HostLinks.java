package dev.podbond.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.Optional;

/// Dummy links on the node; the test deletes them at its end, wherever they are.
final class HostLinks implements AutoCloseable {
  private final List<SeenLink> made;

  private HostLinks(List<SeenLink> made) {
    this.made = made;
  }

  static HostLinks dummies(String... names) throws IOException {
    for (String name : names) {
      Iproute2.ofHost().run("link add " + name + " type dummy");
    }
    return new HostLinks(
        Iproute2.ofHost().links().stream()
            .filter(link -> List.of(names).contains(link.name()))
            .toList());
  }

  /// They are on the host with the names, MACs, MTUs and state they were made with.
  void requireAsMade() throws IOException {
    for (SeenLink before : made) {
      SeenLink now = Iproute2.ofHost().link(before.name());
      assertThat(now.mac()).isEqualTo(before.mac());
      assertThat(now.mtu()).isEqualTo(before.mtu());
      assertThat(now.isUp()).isEqualTo(before.isUp());
      assertThat(now.master()).isEmpty();
    }
  }

  @Override
  public void close() throws IOException {
    for (SeenLink link : made) {
      Optional<SeenLink> left = Iproute2.ofHost().find(link.name());
      if (left.isPresent()) {
        Iproute2.ofHost().run("link delete " + link.name());
      }
    }
  }
}
