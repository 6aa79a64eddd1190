package dev.podbond.plugins.verb;

import dev.podbond.bonding.attachment.Attachment;
import dev.podbond.bonding.facts.LinkFacts;
import dev.podbond.cni.plugin.Invocation;
import dev.podbond.cni.spec.CniException;
import dev.podbond.cni.spec.CniInterface;
import dev.podbond.cni.spec.CniIp;
import dev.podbond.cni.spec.CniResult;
import dev.podbond.cni.spec.CniRoute;
import dev.podbond.cni.spec.Dns;
import dev.podbond.json.JsonObject;
import dev.podbond.value.MacAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/// The result of an ADD: the result of the plugins before it in the chain, plus one interface, its
/// addresses and its routes (CNI spec, "ADD Success").
final class AddResult {
  private AddResult() {}

  /// Puts the result together.
  ///
  /// @param link the interface of the attachment; empty where user space drives the VF
  /// @param assigned what IPAM gave
  /// @throws CniException if the previous result cannot be read
  static CniResult of(
      Invocation call, Attachment attachment, Optional<LinkFacts> link, CniResult assigned)
      throws CniException {
    CniResult before = call.config().prevResult(call.version()).orElse(CniResult.EMPTY);
    List<CniInterface> interfaces = new ArrayList<>(before.interfaces());
    interfaces.add(
        new CniInterface(
            attachment.addressed().name(),
            mac(attachment, link).map(MacAddress::toString),
            Optional.of(call.requiredNetns().toString()),
            link.isPresent() ? OptionalInt.of(link.get().mtuBytes()) : OptionalInt.empty(),
            Optional.empty(),
            Optional.empty(),
            JsonObject.of()));
    int index = interfaces.size() - 1;
    List<CniIp> ips = new ArrayList<>(before.ips());
    assigned.ips().stream().map(ip -> ip.onInterface(index)).forEach(ips::add);
    List<CniRoute> routes = new ArrayList<>(before.routes());
    routes.addAll(assigned.routes());
    return before
        .withInterfaces(interfaces)
        .withIps(ips)
        .withRoutes(routes)
        .withDns(dns(call.config().dns(), assigned.dns(), before.dns()));
  }

  /// The configuration's DNS takes precedence over IPAM's, as in bond-cni.
  private static Dns dns(Dns configured, Dns assigned, Dns before) {
    if (!configured.isEmpty()) {
      return configured;
    }
    return assigned.isEmpty() ? before : assigned;
  }

  /// A VF driven by user space has no interface; its MAC is the one that was set through the PF.
  private static Optional<MacAddress> mac(Attachment attachment, Optional<LinkFacts> link) {
    return link.isPresent()
        ? link.get().mac()
        : attachment.vfs().stream()
            .flatMap(vf -> vf.changed().adminMac().or(() -> vf.before().adminMac()).stream())
            .findFirst();
  }
}
