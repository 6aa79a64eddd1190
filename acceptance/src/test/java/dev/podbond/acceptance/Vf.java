package dev.podbond.acceptance;

import dev.podbond.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// One VF, as sysfs and iproute2 know it.
record Vf(String pf, int index, String pci) {
  /// Its interface on the host; empty while that is in a pod.
  Optional<String> hostName() throws IOException {
    Path directory = Path.of("/sys/bus/pci/devices", pci, "net");
    if (!Files.isDirectory(directory)) {
      return Optional.empty();
    }
    try (Stream<Path> names = Files.list(directory)) {
      return names.map(name -> name.getFileName().toString()).findFirst();
    }
  }

  /// Its interface on the host.
  SeenLink link() throws IOException {
    String name = hostName().orElseThrow(() -> new AssertionError(this + " is not on the host"));
    return Iproute2.ofHost().link(name);
  }

  /// What its PF says of it.
  JsonObject pfSide() throws IOException {
    return Iproute2.ofHost().link(pf).vf(index);
  }

  String pfSide(String key) throws IOException {
    return SeenLink.text(pfSide(), key);
  }

  /// Sets something through the PF, as `trust on`.
  void set(String words) throws IOException {
    Iproute2.ofHost().run("link set " + pf + " vf " + index + " " + words);
  }

  /// Makes it a VF that nobody has touched, down, with this name and a MAC of its own choice. Its
  /// PF reports that MAC from the VF's first start on.
  void beItself(String name) throws IOException {
    set("trust off");
    set("mac 00:00:00:00:00:00");
    Iproute2 host = Iproute2.ofHost();
    host.run("link set " + link().name() + " down");
    if (!link().name().equals(name)) {
      host.run("link set " + link().name() + " name " + name);
    }
    host.run("link set " + name + " up");
    host.run("link set " + name + " down");
  }

  /// Names, MAC, MTU, state, and all that the PF says.
  List<String> identity() throws IOException {
    SeenLink link = link();
    return List.of(
        link.name(),
        link.altNames().toString(),
        link.mac(),
        Integer.toString(link.mtu()),
        Boolean.toString(link.isUp()),
        link.master(),
        pfSide().toString());
  }
}
