package dev.podbond.cli.machine;

import dev.podbond.cli.multus.Delegate;
import dev.podbond.cli.multus.PodIdentity;
import dev.podbond.cni.spec.CniException;
import dev.podbond.cni.spec.CniResult;

/// CNI for the networks of pods.
public interface PodNetworks {
  /// Attaches a pod to one network; after a failure nothing of the attachment is left.
  CniResult add(PodIdentity pod, Delegate delegate) throws CniException;

  /// Stores another result of an attachment, after parts of it were changed.
  void amend(PodIdentity pod, Delegate delegate, CniResult result) throws CniException;

  /// Detaches a pod from one network; if it is not attached, that is not a failure.
  void del(PodIdentity pod, Delegate delegate) throws CniException;

  /// Asks the plugins to verify an attachment.
  void check(PodIdentity pod, Delegate delegate) throws CniException;
}
