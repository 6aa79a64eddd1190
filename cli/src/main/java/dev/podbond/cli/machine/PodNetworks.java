package dev.podbond.cli.machine;

import dev.podbond.cli.multus.Delegate;
import dev.podbond.cli.multus.PodIdentity;
import dev.podbond.cni.spec.CniException;
import dev.podbond.cni.spec.CniResult;

/// CNI for the networks of pods.
public interface PodNetworks {
  /// Attaches a pod to one network; after a failure nothing of it is left.
  CniResult add(PodIdentity pod, Delegate delegate) throws CniException;

  /// Remembers another result of an attachment: what of it was changed since.
  void amend(PodIdentity pod, Delegate delegate, CniResult result) throws CniException;

  /// Detaches a pod from one network; a network that it is not attached to is no failure.
  void del(PodIdentity pod, Delegate delegate) throws CniException;

  /// Has the plugins verify an attachment.
  void check(PodIdentity pod, Delegate delegate) throws CniException;
}
