package dev.podbond.operator.view;

import dev.podbond.cluster.bond.BondNetwork;
import dev.podbond.cluster.sriov.VfNetwork;
import dev.podbond.cluster.sriov.VfPolicy;
import dev.podbond.operator.kubernetes.Resources;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.RequestConfigBuilder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/// What was stored a moment ago, so that no informer may have told of it yet: asked for at the API
/// server, once for all reviews that want it at a time.
public final class FreshObjects {
  private static final System.Logger LOG = System.getLogger(FreshObjects.class.getName());
  private static final Duration MOMENT = Duration.ofMillis(300);
  private static final int TIMEOUT_MILLIS = 10_000;

  private final KubernetesClient client;
  private final Shared<Path, Optional<BondNetwork>> bonds = new Shared<>(MOMENT, this::bond);
  private final Shared<String, List<VfNetwork>> networks = new Shared<>(MOMENT, this::networks);
  private final Shared<Everything, List<VfPolicy>> policies =
      new Shared<>(MOMENT, _ -> this.policies());

  private record Path(String namespace, String name) {}

  private enum Everything {
    POLICIES
  }

  /// Those of a cluster. Nothing is asked twice: whoever waits does not wait for that.
  public FreshObjects(KubernetesClient client) {
    this.client =
        client
            .newClient(
                new RequestConfigBuilder(client.getConfiguration().getRequestConfig())
                    .withRequestTimeout(TIMEOUT_MILLIS)
                    .withRequestRetryBackoffLimit(0)
                    .build())
            .adapt(KubernetesClient.class);
  }

  /// The BondNetwork of this name.
  public Optional<BondNetwork> bond(String namespace, String name, Questions questions) {
    return bonds.ask(new Path(namespace, name), questions).flatMap(found -> found);
  }

  /// The SriovNetworks of this name.
  List<VfNetwork> networks(String name, Questions questions) {
    return networks.ask(name, questions).orElse(List.of());
  }

  /// All policies; empty if they cannot be had now.
  Optional<List<VfPolicy>> policies(Questions questions) {
    return policies.ask(Everything.POLICIES, questions);
  }

  private Optional<BondNetwork> bond(Path path) {
    return Optional.ofNullable(
            client
                .genericKubernetesResources(Resources.BOND_NETWORKS)
                .inNamespace(path.namespace())
                .withName(path.name())
                .get())
        .map(resource -> BondNetwork.of(Resources.json(resource)));
  }

  private List<VfNetwork> networks(String name) {
    return each(
        client
            .genericKubernetesResources(Resources.SRIOV_NETWORKS)
            .inAnyNamespace()
            .withField("metadata.name", name)
            .list()
            .getItems(),
        resource -> VfNetwork.of(Resources.json(resource)));
  }

  private List<VfPolicy> policies() {
    return each(
        client.genericKubernetesResources(Resources.POLICIES).inAnyNamespace().list().getItems(),
        resource -> VfPolicy.of(Resources.json(resource)));
  }

  /// One that cannot be read is nobody else's trouble.
  private static <T> List<T> each(
      List<GenericKubernetesResource> found, Function<GenericKubernetesResource, T> form) {
    List<T> read = new ArrayList<>();
    for (GenericKubernetesResource resource : found) {
      try {
        read.add(form.apply(resource));
      } catch (RuntimeException e) {
        LOG.log(System.Logger.Level.WARNING, "cannot read " + Resources.name(resource), e);
      }
    }
    return List.copyOf(read);
  }
}
