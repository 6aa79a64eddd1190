package dev.podbond.operator;

import dev.podbond.operator.admission.AdmissionServer;
import dev.podbond.operator.certificate.MountedCertificate;
import dev.podbond.operator.certificate.WebhookCertificates;
import dev.podbond.operator.certificate.WebhookRegistration;
import dev.podbond.operator.reconcile.BondNetworkReconciler;
import dev.podbond.operator.reconcile.NetworkRenderer;
import dev.podbond.operator.reconcile.OtherOperator;
import dev.podbond.operator.reconcile.PolicyPublisher;
import dev.podbond.operator.view.ClusterView;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderCallbacks;
import io.javaoperatorsdk.operator.Operator;
import io.javaoperatorsdk.operator.api.config.LeaderElectionConfigurationBuilder;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;

/// The operator's process. Every replica answers webhooks; one, the leader, reconciles.
public final class Main {
  private static final System.Logger LOG = System.getLogger(Main.class.getName());
  private static final Duration CERTIFICATE_LIFETIME = Duration.ofDays(90);
  private static final Duration LEASE = Duration.ofSeconds(15);
  private static final Duration RENEW_DEADLINE = Duration.ofSeconds(10);
  private static final Duration RETRY = Duration.ofSeconds(2);
  private static final int NOT_FOUND = 404;

  private Main() {}

  /// Runs until it is told to end, or until another replica leads.
  public static void main(String[] arguments) {
    try {
      run(Settings.of(System.getenv()));
    } catch (IOException | GeneralSecurityException | RuntimeException e) {
      LOG.log(System.Logger.Level.ERROR, "cannot start", e);
      // Threads of servers and informers would keep a process that does nothing; kubelet starts it
      // again, later and later.
      System.exit(1);
    }
  }

  private static void run(Settings settings) throws IOException, GeneralSecurityException {
    KubernetesClient client = new KubernetesClientBuilder().build();
    AtomicBoolean started = new AtomicBoolean();
    ClusterView view = new ClusterView(client, settings.names(), settings.ipam());
    OtherOperator other = new OtherOperator(client);
    if (settings.standsAlone()) {
      other.requireAbsent();
      other.onArrival(Main::end);
    }
    HealthServer.start(settings.healthPort(), () -> started.get() && view.isWatching());
    try {
      view.start();
    } catch (CompletionException e) {
      explain(e);
      throw e;
    }
    AdmissionServer admission =
        new AdmissionServer(settings.webhookPort(), tls(settings, client), view);
    admission.start();
    Operator operator = operator(settings, client);
    operator.register(new BondNetworkReconciler(client, view));
    operator.installShutdownHook(Duration.ofSeconds(5));
    operator.start();
    started.set(true);
    LOG.log(System.Logger.Level.INFO, "podbond operator is ready");
  }

  /// Kubelet starts it again, and it finds at its start what it cannot go on with.
  private static void end(String reason) {
    LOG.log(System.Logger.Level.ERROR, reason);
    System.exit(1);
  }

  private static Operator operator(Settings settings, KubernetesClient client) {
    return new Operator(overrider ->
        overrider
            .withKubernetesClient(client)
            .withLeaderElectionConfiguration(
                LeaderElectionConfigurationBuilder.aLeaderElectionConfiguration("podbond-operator")
                    .withLeaseNamespace(settings.namespace())
                    .withIdentity(settings.identity())
                    .withLeaseDuration(LEASE)
                    .withRenewDeadline(RENEW_DEADLINE)
                    .withRetryPeriod(RETRY)
                    .withLeaderCallbacks(
                        new LeaderCallbacks(
                            () -> lead(settings, client),
                            () -> LOG.log(System.Logger.Level.INFO, "leads no longer"),
                            leader -> LOG.log(System.Logger.Level.INFO, leader + " leads")))
                    .build()));
  }

  private static void lead(Settings settings, KubernetesClient client) {
    if (settings.rendersNetworks()) {
      new NetworkRenderer(client, settings.names().resourcePrefix()).start();
    }
    if (settings.publishesPolicies()) {
      new PolicyPublisher(client, settings.namespace()).start();
    }
  }

  private static Supplier<SSLContext> tls(Settings settings, KubernetesClient client)
      throws GeneralSecurityException, IOException {
    if (settings.certificates().isPresent()) {
      return new MountedCertificate(settings.certificates().get());
    }
    WebhookCertificates certificates =
        new WebhookCertificates(
            client,
            settings.namespace(),
            settings.secret(),
            settings.webhookNames(),
            CERTIFICATE_LIFETIME,
            new WebhookRegistration(client, settings.webhookConfigurations()));
    certificates.start();
    return certificates::context;
  }

  /// A kind that the cluster does not have is the usual reason, and the client's words hide it.
  private static void explain(CompletionException e) {
    if (e.getCause() instanceof KubernetesClientException cause && cause.getCode() == NOT_FOUND) {
      LOG.log(
          System.Logger.Level.ERROR,
          "the API server does not know a kind that bonds depend on; install Multus (kind"
              + " NetworkAttachmentDefinition) and the CustomResourceDefinitions of the SR-IOV"
              + " Network Operator first");
    }
  }
}
