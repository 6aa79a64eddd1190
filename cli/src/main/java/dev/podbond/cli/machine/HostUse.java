package dev.podbond.cli.machine;

import dev.podbond.bonding.facts.LinkFacts;
import dev.podbond.bonding.net.IpPrefix;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Predicate;

/// Tells whether the host uses a VF of its own: its interface is part of a bond or bridge, has
/// something on top of it, an address, or a route. Such a VF is neither given away nor made anew.
final class HostUse {
  private final Path sysfs;
  private final Path procNet;

  /// @param procNet `/proc/net` of the host's network namespace
  HostUse(Path sysfs, Path procNet) {
    this.sysfs = sysfs;
    this.procNet = procNet;
  }

  /// What the host uses a link for, in words; empty if for nothing.
  Optional<String> of(LinkFacts link) throws IOException {
    if (link.member().isPresent()) {
      return Optional.of("it is a member of " + link.member().get().bond());
    }
    Optional<IpPrefix> address =
        link.addresses().stream().filter(one -> !one.address().isLinkLocalAddress()).findFirst();
    if (address.isPresent()) {
      return Optional.of("it has the address " + address.get());
    }
    Optional<String> upper = upper(link.name());
    if (upper.isPresent()) {
      return Optional.of(upper.get() + " is on top of it");
    }
    return hasRoute(link.name()) ? Optional.of("a route goes through it") : Optional.empty();
  }

  /// A VLAN, macvlan or the like; sysfs links to each as `upper_<name>`.
  private Optional<String> upper(String link) throws IOException {
    Path folder = sysfs.resolve("class/net").resolve(link);
    if (!Files.isDirectory(folder)) {
      return Optional.empty();
    }
    try (DirectoryStream<Path> uppers = Files.newDirectoryStream(folder, "upper_*")) {
      for (Path upper : uppers) {
        return Optional.of(String.valueOf(upper.getFileName()).substring("upper_".length()));
      }
    }
    return Optional.empty();
  }

  /// A host may have a million routes: they are read one by one. In `route` the interface is the
  /// first word of a line; in `ipv6_route` it is the last, the destination the first.
  private boolean hasRoute(String link) throws IOException {
    return anyLine("route", line -> line.startsWith(link + "\t"))
        || anyLine(
            "ipv6_route",
            line ->
                line.stripTrailing().endsWith(" " + link)
                    && !line.startsWith("fe80")
                    && !line.startsWith("ff"));
  }

  private boolean anyLine(String file, Predicate<String> wanted) throws IOException {
    try (BufferedReader lines = Files.newBufferedReader(procNet.resolve(file))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (wanted.test(line)) {
          return true;
        }
      }
      return false;
    } catch (NoSuchFileException _) {
      // A kernel without IPv6 has no routes of it.
      return false;
    }
  }
}
