package dev.podbond.operator.reconcile;

import dev.podbond.operator.kubernetes.Resources;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ListOptionsBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/// Detects the SR-IOV Network Operator, which is at work if there is a SriovOperatorConfig. Then
/// this operator must do none of its work: both would write the same objects.
public final class SriovOperatorGuard {
  private static final System.Logger LOG = System.getLogger(SriovOperatorGuard.class.getName());
  private static final int NOT_FOUND = 404;
  private static final long LOOK_SECONDS = 10;

  private final KubernetesClient client;
  private final ScheduledExecutorService looks =
      Executors.newSingleThreadScheduledExecutor(Thread.ofPlatform().daemon().factory());

  /// The guard for one cluster.
  public SriovOperatorGuard(KubernetesClient client) {
    this.client = client;
  }

  /// Refuses to go on if it is installed.
  ///
  /// @throws IllegalStateException that says where it was found and what to do
  public void requireAbsent() {
    objection()
        .ifPresent(reason -> {
          throw new IllegalStateException(reason);
        });
  }

  /// Reports if it appears later. This polls, since its kind may not exist, and a kind that does
  /// not exist cannot be watched.
  public void onArrival(Consumer<String> objection) {
    var _ =
        looks.scheduleWithFixedDelay(
            () -> {
              try {
                objection().ifPresent(objection);
              } catch (RuntimeException e) {
                LOG.log(System.Logger.Level.DEBUG, "cannot look for SriovOperatorConfigs", e);
              }
            },
            LOOK_SECONDS,
            LOOK_SECONDS,
            TimeUnit.SECONDS);
  }

  private Optional<String> objection() {
    try {
      return client
          .genericKubernetesResources(Resources.OPERATOR_CONFIGS)
          .inAnyNamespace()
          .list(new ListOptionsBuilder().withLimit(1L).build())
          .getItems()
          .stream()
          .findFirst()
          .map(SriovOperatorGuard::objection);
    } catch (KubernetesClientException e) {
      if (e.getCode() == NOT_FOUND) {
        return Optional.empty();
      }
      throw e;
    }
  }

  private static String objection(GenericKubernetesResource config) {
    return "the SR-IOV Network Operator is at work here: there is its SriovOperatorConfig "
        + config.getMetadata().getNamespace()
        + "/"
        + config.getMetadata().getName()
        + "; it does what the chart's values standalone.* ask for; set them to false, or uninstall"
        + " that operator";
  }
}
