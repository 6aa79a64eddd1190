package dev.podbond.cli.command;

import dev.podbond.cli.store.ObjectStore;
import dev.podbond.cli.store.PodState;
import dev.podbond.cli.store.StoreException;
import dev.podbond.cluster.object.ObjectKey;
import java.util.Optional;
import picocli.CommandLine.Model.PositionalParamSpec;

/// A pod named on the command line.
final class KnownPod {
  private KnownPod() {}

  static PositionalParamSpec parameter() {
    return PositionalParamSpec.builder()
        .index("0")
        .arity("1")
        .type(String.class)
        .paramLabel("NAMESPACE/POD")
        .description("the pod")
        .build();
  }

  static PodState find(ObjectStore store, ObjectKey key) throws FailureException {
    try {
      Optional<PodState> pod = store.pod(key);
      return pod.orElseThrow(() ->
          new FailureException("there is no " + key + "; podbond get pods shows those there are"));
    } catch (StoreException e) {
      throw new FailureException(e);
    }
  }
}
