package dev.podbond.acceptance;

import dev.podbond.json.JsonObject;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/// One VF, as sysfs and iproute2 know it.
record Vf(String pf, int index, String pci) {
  /// Its interface on the host, under any name; empty while the interface is in a pod. Found by its
  /// device, since its name may be changing.
  Optional<SeenLink> find() throws IOException {
    return among(Iproute2.ofHost().links());
  }

  Optional<SeenLink> among(List<SeenLink> links) {
    return links.stream().filter(link -> link.pci().equals(pci)).findFirst();
  }

  boolean isHome() throws IOException {
    return find().isPresent();
  }

  /// Its interface on the host.
  SeenLink link() throws IOException {
    return find().orElseThrow(() -> new AssertionError(this + " is not on the host"));
  }

  /// The PF's report about it.
  JsonObject pfSide() throws IOException {
    return Iproute2.ofHost().link(pf).vf(index);
  }

  String pfSide(String key) throws IOException {
    return SeenLink.text(pfSide(), key);
  }

  /// Sets something through the PF, such as `trust on`.
  void set(String words) throws IOException {
    Iproute2.ofHost().run("link set " + pf + " vf " + index + " " + words);
  }

  /// Makes it look untouched: down, with this name and a MAC of its own choice. Its PF reports that
  /// MAC from the VF's first start on. We do not use one `ip -batch` for many VFs: after that a PF
  /// was seen to insist on the MAC that an earlier test had given a VF.
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

  /// Names, MAC, MTU, state, and the PF's whole report.
  List<String> identity() throws IOException {
    return identity(link());
  }

  /// As [#identity()]; empty while the VF is in a pod.
  Optional<List<String>> identityAtHome() throws IOException {
    Optional<SeenLink> home = find();
    return home.isPresent() ? Optional.of(identity(home.get())) : Optional.empty();
  }

  /// As [#identityAtHome()], from links that were read at one moment.
  Optional<List<String>> identityAmong(List<SeenLink> links) {
    Optional<SeenLink> home = among(links);
    Optional<SeenLink> pfLink = links.stream().filter(link -> link.name().equals(pf)).findFirst();
    return home.isPresent() && pfLink.isPresent()
        ? Optional.of(identity(home.get(), pfLink.get().vf(index)))
        : Optional.empty();
  }

  private List<String> identity(SeenLink link) throws IOException {
    return identity(link, pfSide());
  }

  private static List<String> identity(SeenLink link, JsonObject pfSide) {
    return List.of(
        link.name(),
        link.altNames().toString(),
        link.mac(),
        Integer.toString(link.mtu()),
        Boolean.toString(link.isUp()),
        link.master(),
        pfSide.toString());
  }
}
