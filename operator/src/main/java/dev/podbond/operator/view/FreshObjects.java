package dev.podbond.operator.view;

import dev.podbond.cluster.bond.BondNetwork;
import dev.podbond.cluster.sriov.VfNetwork;
import dev.podbond.cluster.sriov.VfPolicy;
import dev.podbond.operator.kubernetes.PartialBondNetwork;
import dev.podbond.operator.kubernetes.PartialPolicy;
import dev.podbond.operator.kubernetes.PartialSriovNetwork;
import dev.podbond.operator.kubernetes.Resources;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.KubernetesResourceList;
import io.fabric8.kubernetes.api.model.ListOptionsBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.Listable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;

/// Objects that were stored a moment ago, so that the informers may not have reported them yet. It
/// asks the API server, once for all reviews that need the same object at a time.
public final class FreshObjects {
  private static final System.Logger LOG = System.getLogger(FreshObjects.class.getName());
  private static final Duration MOMENT = Duration.ofMillis(300);
  private static final Duration TIMEOUT = Duration.ofSeconds(10);

  private final KubernetesClient client;
  private final SharedAnswers<Path, Optional<BondNetwork>> bonds =
      new SharedAnswers<>(MOMENT, (path, _) -> storedBond(path));
  private final SharedAnswers<String, List<VfNetwork>> networks =
      new SharedAnswers<>(MOMENT, this::networksOf);
  private final SharedAnswers<Everything, List<VfPolicy>> policies =
      new SharedAnswers<>(MOMENT, (_, questions) -> allPolicies(questions));

  private record Path(String namespace, String name) {}

  private enum Everything {
    POLICIES
  }

  /// Fresh objects of a cluster. The client does not retry, so that no review waits for retries.
  public FreshObjects(KubernetesClient client) {
    this.client = Resources.tryingOnce(client, TIMEOUT);
  }

  /// The BondNetwork of this name.
  public Optional<BondNetwork> bond(String namespace, String name, Questions questions) {
    return bonds.ask(new Path(namespace, name), questions).flatMap(found -> found);
  }

  /// The SriovNetworks of this name.
  List<VfNetwork> networks(String name, Questions questions) {
    return networks.ask(name, questions).orElse(List.of());
  }

  /// All policies; empty if they cannot be read now.
  Optional<List<VfPolicy>> policies(Questions questions) {
    return policies.ask(Everything.POLICIES, questions);
  }

  private Optional<BondNetwork> storedBond(Path path) {
    return Optional.ofNullable(
            client
                .resources(PartialBondNetwork.class)
                .inNamespace(path.namespace())
                .withName(path.name())
                .get())
        .map(resource -> BondNetwork.of(resource.manifest()));
  }

  private List<VfNetwork> networksOf(String name, Questions questions) {
    return each(
        client
            .resources(PartialSriovNetwork.class)
            .inAnyNamespace()
            .withField("metadata.name", name),
        resource -> VfNetwork.of(resource.manifest()),
        questions);
  }

  private List<VfPolicy> allPolicies(Questions questions) {
    return each(
        client.resources(PartialPolicy.class).inAnyNamespace(),
        resource -> VfPolicy.of(resource.manifest()),
        questions);
  }

  /// Reads a page at a time, and each page after the first counts as another question: otherwise
  /// all objects would be in memory at once, and others decide how many there are. An unreadable
  /// object does not affect the others.
  private static <R extends HasMetadata, T> List<T> each(
      Listable<KubernetesResourceList<R>> objects, Function<R, T> form, Questions questions) {
    List<T> read = new ArrayList<>();
    String next = "";
    while (true) {
      KubernetesResourceList<R> page =
          objects.list(
              new ListOptionsBuilder()
                  .withLimit(Resources.PAGE)
                  .withContinue(next.isEmpty() ? null : next)
                  .build());
      for (R resource : page.getItems()) {
        try {
          read.add(form.apply(resource));
        } catch (RuntimeException e) {
          LOG.log(System.Logger.Level.WARNING, "cannot read " + Resources.name(resource), e);
        }
      }
      next = Objects.requireNonNullElse(page.getMetadata().getContinue(), "");
      if (next.isEmpty()) {
        return List.copyOf(read);
      }
      if (!questions.take()) {
        throw new IllegalStateException("there are more objects than one review may ask for");
      }
    }
  }
}
