package dev.podbond.cluster.object;

import dev.podbond.cluster.source.LocatedException;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/// The namespaces in which SR-IOV Network Operators run. Only a SriovNetwork in one of them may be
/// rendered into another namespace: a user with rights in one namespace must not write to all
/// others.
///
/// @param names at least one
public record OperatorNamespaces(Set<String> names) {
  /// The names that the operator itself uses, on OKD and elsewhere.
  public static final OperatorNamespaces DEFAULT =
      new OperatorNamespaces(Set.of("openshift-sriov-network-operator", "sriov-network-operator"));

  public OperatorNamespaces {
    names = Set.copyOf(names);
    if (names.isEmpty()) {
      throw new IllegalArgumentException("the operator runs in some namespace");
    }
  }

  /// The namespaces in a text, separated by commas.
  ///
  /// @throws IllegalArgumentException if one of them is not a namespace's name
  public static OperatorNamespaces parse(String text) {
    List<String> names = List.of(text.split(",", -1));
    for (String name : names) {
      if (!ObjectKey.isName(name)) {
        throw new IllegalArgumentException("\"" + name + "\" is not the name of a namespace");
      }
    }
    return new OperatorNamespaces(Set.copyOf(names));
  }

  /// These, plus the namespaces with policies: an operator looks for policies only in its own
  /// namespace.
  public OperatorNamespaces andThoseOf(Collection<NodePolicy> policies) {
    Set<String> all = new LinkedHashSet<>(names);
    policies.forEach(policy -> all.add(policy.key().namespace()));
    return new OperatorNamespaces(all);
  }

  /// Refuses a network whose target is a namespace over which it has no rights.
  public void requireTarget(SriovNetwork network) throws LocatedException {
    if (!network.networkNamespace().equals(network.key().namespace())
        && !names.contains(network.key().namespace())) {
      throw new LocatedException(
          network.source(),
          network.key().toString(),
          "spec.networkNamespace: only a SriovNetwork in the operator's namespace may name another"
              + " one, and the operator is taken to run in "
              + String.join(" or ", new TreeSet<>(names))
              + "; move it there, leave networkNamespace out, or say where the operator runs");
    }
  }
}
