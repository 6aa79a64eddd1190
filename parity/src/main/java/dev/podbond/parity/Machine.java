package dev.podbond.parity;

import dev.podbond.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/// The lab's guest: its two PFs, its namespaces, and the links that it had before any case.
final class Machine {
  static final List<String> PFS = List.of("pf0", "pf1");

  private static final Path NETNS = Path.of("/run/netns");

  private final Set<String> ownLinks;
  private int vfsPerPf;
  private List<JsonObject> asMade = List.of();

  private Machine(Set<String> ownLinks) {
    this.ownLinks = Set.copyOf(ownLinks);
  }

  static Machine asFound() throws IOException {
    return new Machine(hostLinks());
  }

  private static Set<String> hostLinks() throws IOException {
    Set<String> names = new HashSet<>();
    Iproute2.ofHost()
        .read("link show")
        .getFirst()
        .forEach(link -> names.add(Iproute2.text(link, "ifname")));
    return names;
  }

  Set<String> ownLinks() {
    return ownLinks;
  }

  static Path netns(String name) {
    return NETNS.resolve(name);
  }

  void addNetns(String name) throws IOException {
    Commands.run("ip", "netns", "add", name);
  }

  /// Returns when every VF is back on the host.
  void deleteNetns(String name) throws IOException {
    if (Files.exists(netns(name))) {
      Commands.run("ip", "netns", "delete", name);
    }
    awaitVfs();
  }

  /// Makes untouched VFs: down, named `pf0v0`, each with a MAC that its PF knows.
  ///
  /// @param anew whether to recreate VFs that look untouched; making them takes seconds
  void makeVfs(int perPf, boolean anew) throws IOException {
    if (!anew && perPf == vfsPerPf && asMade.equals(vfsAndPfs())) {
      return;
    }
    removeVfs();
    for (String pf : PFS) {
      Commands.run("ip", "link", "set", pf, "up");
      Waiting.until(pf + " has a carrier", () -> carrier(pf));
      Files.writeString(control(pf), Integer.toString(perPf));
    }
    vfsPerPf = perPf;
    awaitVfs();
    for (String pf : PFS) {
      for (int index = 0; index < perPf; index++) {
        String name = hostName(pf, index);
        Iproute2.ofHost()
            .batch(
                List.of(
                    "link set " + netdev(pf, index) + " name " + name,
                    "link set " + name + " up",
                    "link set " + name + " down"));
      }
    }
    asMade = vfsAndPfs();
  }

  /// The state of VFs and PFs, without counters and the like.
  private List<JsonObject> vfsAndPfs() throws IOException {
    List<List<JsonObject>> seen =
        Iproute2.ofHost().read("address show", "link show pf0", "link show pf1");
    Set<String> names = vfNames();
    List<JsonObject> links = new ArrayList<>();
    for (JsonObject link : seen.getFirst()) {
      if (names.contains(Iproute2.text(link, "ifname"))) {
        links.add(only(link, "ifname", "flags", "mtu", "address", "altnames", "addr_info"));
      }
    }
    seen.subList(1, seen.size())
        .forEach(pf -> links.add(only(pf.getFirst(), "flags", "mtu", "vfinfo_list")));
    return links;
  }

  private static JsonObject only(JsonObject link, String... keys) {
    JsonObject.Builder kept = JsonObject.builder();
    for (String key : keys) {
      link.get(key).ifPresent(value -> kept.put(key, value));
    }
    return kept.build();
  }

  /// The names of the VFs that are on the host.
  private Set<String> vfNames() throws IOException {
    Set<String> names = new HashSet<>();
    for (String pf : PFS) {
      for (int index = 0; index < vfsPerPf; index++) {
        names.add(netdev(pf, index));
      }
    }
    return names;
  }

  static String hostName(String pf, int index) {
    return pf + "v" + index;
  }

  private static boolean carrier(String pf) throws IOException {
    Path file = Path.of("/sys/class/net", pf, "carrier");
    return Files.readString(file).strip().equals("1");
  }

  int vfsPerPf() {
    return vfsPerPf;
  }

  void removeVfs() throws IOException {
    for (String pf : PFS) {
      Files.writeString(control(pf), "0");
    }
    vfsPerPf = 0;
  }

  private void awaitVfs() throws IOException {
    for (String pf : PFS) {
      for (int index = 0; index < vfsPerPf; index++) {
        int vf = index;
        Waiting.until(
            "VF " + vf + " of " + pf + " is on the host", () -> !netdev(pf, vf).isEmpty());
      }
    }
  }

  /// The VF's address, such as `0000:01:10.0`.
  static String pciAddress(String pf, int index) throws IOException {
    return device(pf, index).toRealPath().getFileName().toString();
  }

  private static Path device(String pf, int index) {
    return Path.of("/sys/class/net", pf, "device/virtfn" + index);
  }

  /// The name of its interface; empty while the interface is in a pod.
  private static String netdev(String pf, int index) throws IOException {
    Path net = device(pf, index).resolve("net");
    if (!Files.exists(net)) {
      return "";
    }
    try (Stream<Path> names = Files.list(net)) {
      return names.map(name -> name.getFileName().toString()).findFirst().orElse("");
    }
  }

  private static Path control(String pf) {
    return Path.of("/sys/class/net", pf, "device/sriov_numvfs");
  }

  /// Deletes every virtual link that was not there at the start.
  void deleteStrays() throws IOException {
    Set<String> vfs = vfNames();
    for (String name : hostLinks()) {
      if (!ownLinks.contains(name) && !vfs.contains(name)) {
        Commands.run("ip", "link", "delete", name);
      }
    }
  }
}
