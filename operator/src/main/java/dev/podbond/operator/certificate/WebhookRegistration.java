package dev.podbond.operator.certificate;

import io.fabric8.kubernetes.api.model.admissionregistration.v1.MutatingWebhookConfiguration;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.ValidatingWebhookConfiguration;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Objects;

/// Tells the API server, in both webhook configurations, which authority vouches for the webhooks.
/// It does so again whenever somebody applies the configurations anew.
public final class WebhookRegistration {
  private final KubernetesClient client;
  private final String name;

  /// Call [#start] to start it.
  ///
  /// @param name of both configurations
  public WebhookRegistration(KubernetesClient client, String name) {
    this.client = client;
    this.name = name;
  }

  /// @param again called whenever a configuration changes
  void start(Runnable again) {
    client
        .admissionRegistration()
        .v1()
        .mutatingWebhookConfigurations()
        .withName(name)
        .inform(new Again<MutatingWebhookConfiguration>(again), 0);
    client
        .admissionRegistration()
        .v1()
        .validatingWebhookConfigurations()
        .withName(name)
        .inform(new Again<ValidatingWebhookConfiguration>(again), 0);
  }

  /// @param authorities PEM
  /// @throws io.fabric8.kubernetes.client.KubernetesClientException if the API server cannot be
  ///   updated
  void trust(String authorities) {
    String bundle =
        Base64.getEncoder().encodeToString(authorities.getBytes(StandardCharsets.UTF_8));
    var mutating =
        client.admissionRegistration().v1().mutatingWebhookConfigurations().withName(name);
    MutatingWebhookConfiguration first = mutating.get();
    if (first != null
        && first.getWebhooks().stream()
            .anyMatch(hook -> !Objects.equals(hook.getClientConfig().getCaBundle(), bundle))) {
      mutating.edit(found -> {
        found.getWebhooks().forEach(hook -> hook.getClientConfig().setCaBundle(bundle));
        return found;
      });
    }
    var validating =
        client.admissionRegistration().v1().validatingWebhookConfigurations().withName(name);
    ValidatingWebhookConfiguration second = validating.get();
    if (second != null
        && second.getWebhooks().stream()
            .anyMatch(hook -> !Objects.equals(hook.getClientConfig().getCaBundle(), bundle))) {
      validating.edit(found -> {
        found.getWebhooks().forEach(hook -> hook.getClientConfig().setCaBundle(bundle));
        return found;
      });
    }
  }

  private record Again<T>(Runnable again) implements ResourceEventHandler<T> {
    @Override
    public void onAdd(T found) {
      again.run();
    }

    @Override
    public void onUpdate(T old, T found) {
      again.run();
    }

    @Override
    public void onDelete(T gone, boolean unknownFinalState) {
      // Uninstalled.
    }
  }
}
