package dev.podbond.cli.machine;

import dev.podbond.cli.multus.Delegate;
import dev.podbond.cli.multus.PodIdentity;
import dev.podbond.cli.runtime.CniRuntime;
import dev.podbond.cli.runtime.ContainerAttachment;
import dev.podbond.cli.runtime.NetworkList;
import dev.podbond.cni.spec.CniException;
import dev.podbond.cni.spec.CniResult;
import java.util.Optional;

/// Runs the plugins' executables, as a container runtime does.
public final class CniPodNetworks implements PodNetworks {
  private final CniRuntime runtime;

  public CniPodNetworks(CniRuntime runtime) {
    this.runtime = runtime;
  }

  @Override
  public CniResult add(PodIdentity pod, Delegate delegate) throws CniException {
    return runtime.add(network(delegate), attachment(pod, delegate));
  }

  @Override
  public void amend(PodIdentity pod, Delegate delegate, CniResult result) throws CniException {
    runtime.amend(network(delegate), attachment(pod, delegate), result);
  }

  @Override
  public void del(PodIdentity pod, Delegate delegate) throws CniException {
    runtime.del(network(delegate), attachment(pod, delegate));
  }

  @Override
  public void check(PodIdentity pod, Delegate delegate) throws CniException {
    runtime.check(network(delegate), attachment(pod, delegate));
  }

  private static NetworkList network(Delegate delegate) throws CniException {
    return NetworkList.parse(delegate.config().toString());
  }

  private static ContainerAttachment attachment(PodIdentity pod, Delegate delegate) {
    return new ContainerAttachment(
        pod.containerId(),
        Optional.of(pod.netns()),
        delegate.ifname(),
        delegate.args(),
        delegate.capabilityArgs(),
        delegate.structuredArgs());
  }
}
