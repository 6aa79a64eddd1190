package dev.podbond.cli.apply;

import dev.podbond.cli.machine.PodNetworks;
import dev.podbond.cli.multus.Delegate;
import dev.podbond.cli.multus.PodIdentity;
import dev.podbond.cni.spec.CniErrorCode;
import dev.podbond.cni.spec.CniException;
import dev.podbond.cni.spec.CniInterface;
import dev.podbond.cni.spec.CniResult;
import dev.podbond.value.PciAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Plugins that make nothing, record their input, and fail on request.
final class FakeNetworks implements PodNetworks {
  final List<String> log = new ArrayList<>();
  final Set<String> failingAdds = new HashSet<>();
  final Map<String, CniResult> results = new HashMap<>();
  final Set<String> failingDels = new HashSet<>();

  @Override
  public CniResult add(PodIdentity pod, Delegate delegate) throws CniException {
    log.add("ADD " + delegate.network() + " " + delegate.ifname() + device(delegate));
    if (failingAdds.contains(delegate.network())) {
      throw new CniException(CniErrorCode.INTERNAL, "plugin x ADD: no luck");
    }
    return results.getOrDefault(
        delegate.ifname(),
        CniResult.ofInterfaces(
            CniInterface.named(delegate.ifname()).withSandbox(pod.netns().toString())));
  }

  @Override
  public void amend(PodIdentity pod, Delegate delegate, CniResult result) {
    log.add("amend " + delegate.ifname() + " " + result.routes().size() + " routes");
  }

  @Override
  public void del(PodIdentity pod, Delegate delegate) throws CniException {
    log.add("DEL " + delegate.network() + " " + delegate.ifname());
    if (failingDels.contains(delegate.network())) {
      throw new CniException(CniErrorCode.INTERNAL, "plugin x DEL: no luck");
    }
  }

  @Override
  public void check(PodIdentity pod, Delegate delegate) {
    log.add("CHECK " + delegate.network() + " " + delegate.ifname());
  }

  private static String device(Delegate delegate) {
    return delegate.device().map(PciAddress::toString).map(pci -> " " + pci).orElse("");
  }
}
