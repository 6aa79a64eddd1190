package dev.podbond.bonding.config;

import dev.podbond.value.PciAddress;
import java.util.Optional;

/// One entry of `links`.
public sealed interface MemberSpec {
  MemberOptions options();

  /// The entry's name in messages: the link's name or the device's PCI address.
  String label();

  /// The name by which `primary` can refer to it; empty for a device without a name.
  Optional<String> knownName();

  /// A link that exists under this name or alternative name: in the pod, or on the host when
  /// `linksInContainer` is false.
  record Named(String name, MemberOptions options) implements MemberSpec {
    @Override
    public String label() {
      return name;
    }

    @Override
    public Optional<String> knownName() {
      return Optional.of(name);
    }
  }

  /// A VF on the host that the bond claims, sets up and moves into the pod itself.
  ///
  /// @param podName its name in the pod; the planner chooses one if it is empty
  record Device(PciAddress pci, Optional<String> podName, VfConfig vf, MemberOptions options)
      implements MemberSpec {
    @Override
    public String label() {
      return podName.map(name -> name + " (" + pci + ")").orElse(pci.toString());
    }

    @Override
    public Optional<String> knownName() {
      return podName;
    }
  }
}
