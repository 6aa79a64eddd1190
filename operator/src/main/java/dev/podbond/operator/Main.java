package dev.podbond.operator;

import dev.podbond.cluster.claim.ClaimRules;
import dev.podbond.https.certificate.ClientAuthority;
import dev.podbond.https.certificate.MountedCertificate;
import dev.podbond.https.certificate.PresentedCertificate;
import dev.podbond.https.serve.HttpServer;
import dev.podbond.operator.admission.Admission;
import dev.podbond.operator.admission.AdmissionServer;
import dev.podbond.operator.certificate.WebhookCertificates;
import dev.podbond.operator.certificate.WebhookRegistration;
import dev.podbond.operator.kubernetes.Serialization;
import dev.podbond.operator.kubernetes.SteadyClock;
import dev.podbond.operator.observe.BondObserver;
import dev.podbond.operator.reconcile.BondNetworkReconciler;
import dev.podbond.operator.reconcile.ClaimRulesGuard;
import dev.podbond.operator.reconcile.NetworkRenderer;
import dev.podbond.operator.reconcile.PolicyPublisher;
import dev.podbond.operator.reconcile.SriovOperatorGuard;
import dev.podbond.operator.reconcile.UplinkPublisher;
import dev.podbond.operator.view.ClusterView;
import dev.podbond.operator.view.FreshObjects;
import dev.podbond.operator.view.NodeReports;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderCallbacks;
import io.javaoperatorsdk.operator.Operator;
import io.javaoperatorsdk.operator.api.config.LeaderElectionConfigurationBuilder;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;

/// The operator's process. Every replica answers webhooks; one replica, the leader, also
/// reconciles.
public final class Main {
  private static final System.Logger LOG = System.getLogger(Main.class.getName());
  private static final Duration CERTIFICATE_LIFETIME = Duration.ofDays(90);
  private static final Duration LEASE = Duration.ofSeconds(15);
  private static final Duration RENEW_DEADLINE = Duration.ofSeconds(10);
  private static final Duration RETRY = Duration.ofSeconds(2);
  private static final int NOT_FOUND = 404;

  private Main() {}

  /// Runs until it is told to stop, or until another replica becomes the leader.
  public static void main(String[] arguments) {
    try {
      run(OperatorSettings.of(System.getenv()));
    } catch (IOException | GeneralSecurityException | RuntimeException e) {
      LOG.log(System.Logger.Level.ERROR, "cannot start", e);
      // Otherwise threads of servers and informers would keep a useless process alive. Kubelet
      // restarts it, with growing delays.
      System.exit(1);
    }
  }

  private static void run(OperatorSettings settings) throws IOException, GeneralSecurityException {
    KubernetesClient client =
        new KubernetesClientBuilder().withKubernetesSerialization(Serialization.create()).build();
    AtomicBoolean started = new AtomicBoolean();
    ClusterView view =
        new ClusterView(
            client,
            settings.names(),
            settings.rules(),
            settings.claims().map(claims -> rules(claims, client)));
    SriovOperatorGuard other = new SriovOperatorGuard(client);
    if (settings.standsAlone()) {
      other.requireAbsent();
      other.onArrival(Main::end);
    }
    AtomicReference<Optional<Webhooks>> webhooks = new AtomicReference<>(Optional.empty());
    HealthServer.start(
        settings.healthPort(),
        () -> webhooks.get().map(all -> all.server().isServing()).orElse(true),
        () ->
            started.get()
                && view.isWatching()
                && webhooks.get().filter(all -> all.certificate().isValid()).isPresent());
    try {
      view.start();
    } catch (CompletionException e) {
      explain(e);
      throw e;
    }
    Webhooks answering = webhooks(settings, client, view);
    webhooks.set(Optional.of(answering));
    Optional<BondObserver> observer =
        settings.readsNodeStates()
            ? Optional.of(observer(settings, client, view))
            : Optional.empty();
    Operator operator = operator(settings, client, observer);
    operator.register(
        new BondNetworkReconciler(
            client,
            view,
            (bond, present) -> observer.flatMap(observed -> observed.sum(bond, present))));
    operator.installShutdownHook(Duration.ofSeconds(5));
    operator.start();
    answering.server().practise();
    started.set(true);
    LOG.log(System.Logger.Level.INFO, "podbond operator is ready");
  }

  private static BondObserver observer(
      OperatorSettings settings, KubernetesClient client, ClusterView view) {
    InstantSource clock = new SteadyClock();
    return new BondObserver(
        client,
        view,
        new NodeReports(client, settings.namespace(), clock),
        clock,
        InstantSource.system());
  }

  /// How VFs are claimed for as long as this process runs.
  private static ClaimRules rules(OperatorSettings.Claims claims, KubernetesClient client) {
    ClaimRulesGuard guard = new ClaimRulesGuard(client, claims.deviceClass(), claims.comparison());
    ClaimRules rules = guard.rules();
    guard.onChange(rules, Main::end);
    return rules;
  }

  /// Kubelet restarts it, and at its start it finds what it has to do now, or the reason why it
  /// cannot go on.
  private static void end(String reason) {
    LOG.log(System.Logger.Level.ERROR, reason);
    System.exit(1);
  }

  private static Operator operator(
      OperatorSettings settings, KubernetesClient client, Optional<BondObserver> observer) {
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
                            () -> lead(settings, client, observer),
                            () -> LOG.log(System.Logger.Level.INFO, "leads no longer"),
                            leader -> LOG.log(System.Logger.Level.INFO, leader + " leads")))
                    .build()));
  }

  private static void lead(
      OperatorSettings settings, KubernetesClient client, Optional<BondObserver> observer) {
    observer.ifPresent(BondObserver::start);
    if (settings.rendersNetworks()) {
      new NetworkRenderer(client, settings.names().resourcePrefix(), settings.operatorNamespaces())
          .start();
    }
    if (settings.publishesPolicies()) {
      new PolicyPublisher(client, settings.namespace()).start();
    }
    if (settings.followsMonitors()) {
      new UplinkPublisher(client, settings.namespace(), InstantSource.system()).start();
    }
  }

  /// The server for the API server's requests, and its certificate.
  private record Webhooks(AdmissionServer server, PresentedCertificate certificate) {}

  private static Webhooks webhooks(
      OperatorSettings settings, KubernetesClient client, ClusterView view)
      throws GeneralSecurityException, IOException {
    ClientAuthority clients = ClientAuthority.of(settings.clientAuthority());
    PresentedCertificate certificate = certificate(settings, client, clients);
    AdmissionServer server =
        new AdmissionServer(
            settings.webhookPort(),
            new HttpServer.Tls(certificate, clients.isRequired()),
            new Admission(
                view,
                new FreshObjects(client),
                settings.globalNamespaces(),
                settings.readsNodeStates()));
    server.start();
    return new Webhooks(server, certificate);
  }

  private static PresentedCertificate certificate(
      OperatorSettings settings, KubernetesClient client, ClientAuthority clients)
      throws GeneralSecurityException, IOException {
    if (settings.certificates().isPresent()) {
      return new MountedCertificate(settings.certificates().get(), clients);
    }
    WebhookCertificates certificates =
        new WebhookCertificates(
            client,
            settings.namespace(),
            settings.secret(),
            settings.webhookNames(),
            CERTIFICATE_LIFETIME,
            new WebhookRegistration(client, settings.webhookConfigurations()),
            clients);
    certificates.start();
    return certificates;
  }

  /// The usual reason is a kind that the cluster does not have, and the client's message hides
  /// that.
  private static void explain(CompletionException e) {
    if (e.getCause() instanceof KubernetesClientException cause && cause.getCode() == NOT_FOUND) {
      LOG.log(
          System.Logger.Level.ERROR,
          "the API server does not know a kind that bonds depend on; install Multus (kind"
              + " NetworkAttachmentDefinition) and the CustomResourceDefinitions of the SR-IOV"
              + " Network Operator first; with dra.enabled it must be Kubernetes 1.34 or newer");
    }
  }
}
