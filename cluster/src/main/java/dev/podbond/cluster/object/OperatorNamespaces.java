package dev.podbond.cluster.object;

import dev.podbond.cluster.source.LocatedException;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/// The namespaces in which SR-IOV Network Operators run. Only a SriovNetwork in one of them may be
/// rendered into another namespace: whoever may write in his own must not write in everybody's.
///
/// @param names at least one
public record OperatorNamespaces(Set<String> names) {
  /// The operator's own names for it, on OKD and elsewhere.
  public static final OperatorNamespaces DEFAULT =
      new OperatorNamespaces(Set.of("openshift-sriov-network-operator", "sriov-network-operator"));

  public OperatorNamespaces {
    names = Set.copyOf(names);
    if (names.isEmpty()) {
      throw new IllegalArgumentException("the operator runs in some namespace");
    }
  }

  /// The namespaces that a text names, with commas between them.
  ///
  /// @throws IllegalArgumentException if one of them is none
  public static OperatorNamespaces parse(String text) {
    List<String> names = List.of(text.split(",", -1));
    for (String name : names) {
      if (!ObjectKey.isName(name)) {
        throw new IllegalArgumentException("\"" + name + "\" is no name of a namespace");
      }
    }
    return new OperatorNamespaces(Set.copyOf(names));
  }

  /// These, and those in which there are policies: an operator looks for policies in its own
  /// namespace alone.
  public OperatorNamespaces andThoseOf(Collection<NodePolicy> policies) {
    Set<String> all = new LinkedHashSet<>(names);
    policies.forEach(policy -> all.add(policy.key().namespace()));
    return new OperatorNamespaces(all);
  }

  /// Refuses a network that is to be rendered into a namespace that it has no say in.
  public void requireTarget(SriovNetwork network) throws LocatedException {
    if (!network.networkNamespace().equals(network.key().namespace())
        && !names.contains(network.key().namespace())) {
      throw new LocatedException(
          network.source(),
          network.key().toString(),
          "spec.networkNamespace: only a SriovNetwork in the operator's namespace may name another"
              + " one, and that is taken to be "
              + String.join(" or ", new TreeSet<>(names))
              + "; move it there, leave networkNamespace out, or say where the operator runs");
    }
  }
}
