package dev.podbond.node.kernel;

import dev.podbond.bonding.facts.LinkFacts;
import dev.podbond.bonding.facts.MemberFacts;
import dev.podbond.bonding.facts.NodeFacts;
import dev.podbond.bonding.net.Place;
import dev.podbond.bonding.option.BondMode;
import dev.podbond.bonding.option.BondOption;
import dev.podbond.bonding.option.BondOptions;
import dev.podbond.bonding.option.OptionValue;
import dev.podbond.value.IpPrefix;
import dev.podbond.value.MacAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/// Facts as lines that are equal for the model and for the kernel if they mean the same. All
/// randomly drawn MACs count as equal; ifindexes and the kernel's own link-local addresses do not
/// count.
final class ComparableFacts {
  private ComparableFacts() {}

  static List<String> of(NodeFacts facts) {
    List<String> lines = new ArrayList<>();
    for (LinkFacts link : facts.links()) {
      if (link.type() == LinkFacts.Type.LOOPBACK) {
        continue;
      }
      lines.add(link(link, facts));
      link.bond()
          .map(options -> link.up() ? options : withoutActive(options))
          .ifPresent(options -> {
            for (Map.Entry<BondOption, OptionValue> option : options.values().entrySet()) {
              if (option.getValue() instanceof OptionValue.Number
                  || option.getValue() instanceof OptionValue.MemberName) {
                lines.add(
                    "option " + link.ref() + ": " + option.getKey() + " " + option.getValue());
              }
            }
          });
      if (link.ref().place() == Place.POD) {
        facts
            .routes()
            .getOrDefault(link.name(), List.of())
            .forEach(route -> lines.add("route " + link.name() + ": " + route));
      }
    }
    lines.sort(null);
    return List.copyOf(lines);
  }

  private static BondOptions withoutActive(BondOptions options) {
    Map<BondOption, OptionValue> values = new TreeMap<>(options.values());
    values.remove(BondOption.ACTIVE_SLAVE);
    return new BondOptions(values);
  }

  /// Whether the kernel agrees with the model. A kernel reports some options only in some modes.
  static boolean agree(List<String> model, List<String> kernel) {
    return withoutOptions(model).equals(withoutOptions(kernel)) && model.containsAll(kernel);
  }

  static String difference(List<String> model, List<String> kernel) {
    List<String> onlyModel = new ArrayList<>(withoutOptions(model));
    onlyModel.removeAll(kernel);
    List<String> onlyKernel = new ArrayList<>(kernel);
    onlyKernel.removeAll(model);
    return "only the model: " + onlyModel + ", only the kernel: " + onlyKernel;
  }

  private static List<String> withoutOptions(List<String> lines) {
    return lines.stream().filter(line -> !line.startsWith("option ")).toList();
  }

  private static String link(LinkFacts link, NodeFacts facts) {
    return "link "
        + link.ref()
        + " "
        + new TreeSet<>(link.altNames())
        + " "
        + link.kind()
        + " "
        + mac(link.mac())
        + " mtu "
        + link.mtuBytes()
        + (link.up() ? " up" : " down")
        + (link.carrier() ? " carrier" : " no-carrier")
        + link.member().map(member -> member(member, facts)).orElse("")
        + " "
        + link.addresses().stream()
            .filter(address -> !address.address().isLinkLocalAddress())
            .map(IpPrefix::toString)
            .sorted()
            .toList();
  }

  /// While a bond is down the kernel does not watch its members, so its report about them is old.
  private static String member(MemberFacts member, NodeFacts facts) {
    Optional<LinkFacts> bond = facts.link(Place.POD, member.bond());
    boolean watched = bond.filter(LinkFacts::up).isPresent();
    return " in "
        + member.bond()
        + (watched ? member.miiUp() ? " mii-up" : " mii-down" : "")
        + (watched && isActiveBackup(bond) ? member.active() ? " active" : " backup" : "")
        + " perm "
        + mac(member.permanentMac())
        + " prio "
        + member.priority()
        + " queue "
        + member.queueId();
  }

  /// In the other modes "active" has other meanings; in LACP it depends on the partner.
  private static boolean isActiveBackup(Optional<LinkFacts> bond) {
    return bond.flatMap(LinkFacts::bond)
        .flatMap(options -> options.get(BondOption.MODE))
        .filter(new OptionValue.Number(BondMode.ACTIVE_BACKUP.number())::equals)
        .isPresent();
  }

  private static String mac(Optional<MacAddress> mac) {
    return mac.filter(RandomChanges::isKnown).map(MacAddress::toString).orElse("random");
  }
}
