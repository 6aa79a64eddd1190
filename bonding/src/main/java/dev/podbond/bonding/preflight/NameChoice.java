package dev.podbond.bonding.preflight;

import dev.podbond.bonding.config.BondConfig;
import dev.podbond.bonding.config.BondNames;
import dev.podbond.bonding.config.MemberSpec;
import dev.podbond.bonding.config.NameWish;
import dev.podbond.bonding.facts.NodeFacts;
import dev.podbond.bonding.net.Place;
import dev.podbond.bonding.plan.BondPlanner;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// The names that a bond gets in its pod. The runtime's CNI_IFNAME is always one of them. The
/// configuration's `ifname` comes first or second, or is dropped if another link has that name. We
/// never refuse a bond because of its `ifname`: configurations from the time when bond-cni still
/// obeyed it contain it everywhere, and bond-cni now ignores it.
///
/// @param findings what keeps the bond from having its `ifname`
/// @param reason why it has these names, as a sentence; empty if the configuration has no `ifname`
public record NameChoice(BondNames names, List<Finding> findings, Optional<String> reason) {
  public NameChoice {
    findings = List.copyOf(findings);
  }

  /// Chooses the names for a pod with these facts.
  public static NameChoice of(NameWish wish, BondConfig config, NodeFacts facts) {
    BondNames numbered = new BondNames(wish.cniIfname(), Optional.empty());
    if (wish.ifname().isEmpty()) {
      return new NameChoice(numbered, List.of(), Optional.empty());
    }
    String ifname = wish.ifname().get();
    Optional<String> owner = owner(ifname, wish, PreflightInput.of(config, numbered, facts));
    if (owner.isPresent()) {
      return without(
          numbered, ifname, owner.get() + "; the bond is called " + numbered.name() + " alone");
    }
    if (!wish.standing().isIfnameFirst()) {
      return new NameChoice(wish.both(), List.of(), Optional.of(why(wish.cniIfname(), wish)));
    }
    Optional<String> obstacle = obstacle(ifname, wish, config, facts);
    if (obstacle.isPresent()) {
      String problem =
          obstacle.get()
              + "; the bond is called "
              + numbered.name()
              + ", and that is its second name";
      return new NameChoice(
          wish.both(), List.of(Finding.warning(subject(ifname), problem)), Optional.of(problem));
    }
    return new NameChoice(
        new BondNames(ifname, Optional.of(wish.cniIfname())),
        List.of(),
        Optional.of(why(ifname, wish)));
  }

  private static NameChoice without(BondNames names, String ifname, String problem) {
    return new NameChoice(
        names,
        List.of(Finding.warning(subject(ifname), problem)),
        Optional.of(subject(ifname) + ": " + problem));
  }

  private static String subject(String ifname) {
    return "ifname " + ifname;
  }

  private static String why(String name, NameWish wish) {
    return name + " is the interface's own name, since " + wish.standing().reason();
  }

  /// Which other interface has the name, or will have it.
  private static Optional<String> owner(String ifname, NameWish wish, PreflightInput request) {
    Optional<String> member =
        request.members().stream()
            .filter(candidate -> isNameOf(candidate, ifname))
            .map(candidate -> "it is the name of its own member " + candidate.label())
            .findFirst();
    if (member.isPresent()) {
      return member;
    }
    Optional<String> taken =
        request
            .facts()
            .link(Place.POD, ifname)
            .map(link -> "it is taken in the pod by " + NameRules.describe(link));
    if (taken.isPresent()) {
      return taken;
    }
    if (wish.otherNames().contains(ifname)) {
      return Optional.of("another network of the pod is going to have it");
    }
    return NameWish.isNumbered(ifname)
        ? Optional.of("so the runtime numbers its interfaces, and another one may get it")
        : Optional.empty();
  }

  private static boolean isNameOf(ResolvedMember member, String name) {
    return member.podName().equals(Optional.of(name))
        || (member.spec() instanceof MemberSpec.Named named && named.name().equals(name))
        || (member.isInPod() && member.link().filter(link -> link.answersTo(name)).isPresent());
  }

  /// Why it cannot be the interface's own name.
  private static Optional<String> obstacle(
      String ifname, NameWish wish, BondConfig config, NodeFacts facts) {
    if (!wish.isIfnameUsable()) {
      return Optional.of("it is too long for an interface's own name");
    }
    return config.vlanId().stream()
        .mapToObj(id -> BondPlanner.vlanName(ifname, id))
        .flatMap(vlan ->
            Stream.concat(
                facts.link(Place.POD, vlan).map(NameRules::describe).stream(),
                wish.otherNames().stream().filter(vlan::equals)))
        .map(other -> "the name of its VLAN interface is taken in the pod by " + other)
        .findFirst();
  }
}
