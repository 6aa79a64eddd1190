package dev.podbond.operator.reconcile;

import dev.podbond.cluster.claim.ClaimRules;
import dev.podbond.cluster.claim.RulesAtStart;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.VersionInfo;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/// Asks the API server for its version, which tells how VFs are claimed: it does not tell which
/// constraints the scheduler understands. Detects when a control plane has another version than it
/// had at the start.
public final class ClaimRulesGuard {
  private static final System.Logger LOG = System.getLogger(ClaimRulesGuard.class.getName());
  private static final int LOOK_SECONDS = 60;

  /// A minute, if none is answered: less than kubelet gives the operator to start.
  private static final int QUESTIONS = 6;

  private final KubernetesClient client;
  private final String deviceClass;
  private final ClaimRules.Comparison comparison;
  private final ScheduledExecutorService looks =
      Executors.newSingleThreadScheduledExecutor(Thread.ofPlatform().daemon().factory());

  /// The guard for one cluster.
  ///
  /// @param deviceClass the DeviceClass of the VFs
  /// @param comparison what is said of the scheduler
  public ClaimRulesGuard(
      KubernetesClient client, String deviceClass, ClaimRules.Comparison comparison) {
    this.client = client;
    this.deviceClass = deviceClass;
    this.comparison = comparison;
  }

  /// The rules by the version of now. This may be the first request of a JVM, which on a crowded
  /// node takes longer than one is waited for, so what is not answered is asked several times.
  public ClaimRules rules() {
    VersionInfo version = versionAtLast();
    ClaimRules rules = rules(version);
    LOG.log(
        System.Logger.Level.INFO,
        text(version)
            + (rules.comparesDevices()
                ? ": claims of VFs ask for different PFs"
                : ": its scheduler does not compare PFs, each member needs its own resource"));
    return rules;
  }

  /// Reports if the version leads to other rules later. An answer that does not come is none.
  ///
  /// @param start the rules of the start
  public void onChange(ClaimRules start, Consumer<String> objection) {
    if (!comparison.dependsOnVersion()) {
      return;
    }
    AtomicReference<RulesAtStart> known = new AtomicReference<>(new RulesAtStart(start));
    var _ =
        looks.scheduleWithFixedDelay(
            () -> {
              try {
                VersionInfo version = client.getKubernetesVersion();
                if (known.updateAndGet(rules -> rules.after(rules(version))).areOutdated()) {
                  objection.accept(objection(start, version));
                }
              } catch (RuntimeException e) {
                LOG.log(System.Logger.Level.DEBUG, "cannot ask for the API server's version", e);
              }
            },
            // Replicas that started together ask, and end, at different times.
            LOOK_SECONDS + ThreadLocalRandom.current().nextInt(LOOK_SECONDS),
            LOOK_SECONDS,
            TimeUnit.SECONDS);
  }

  private VersionInfo versionAtLast() {
    for (int asked = 1; ; asked++) {
      try {
        return client.getKubernetesVersion();
      } catch (KubernetesClientException e) {
        boolean isAnswer = e.getCode() > 0;
        if (isAnswer || asked == QUESTIONS) {
          throw e;
        }
        LOG.log(
            System.Logger.Level.INFO,
            "the API server has not said which version it is; it is asked again",
            e);
      }
    }
  }

  private ClaimRules rules(VersionInfo version) {
    return ClaimRules.of(deviceClass, comparison, version.getMajor(), version.getMinor());
  }

  private static String text(VersionInfo version) {
    return "Kubernetes " + version.getMajor() + "." + version.getMinor();
  }

  private static String objection(ClaimRules start, VersionInfo version) {
    return "the API server is of "
        + text(version)
        + (start.comparesDevices()
            ? " now, whose scheduler does not compare PFs; the claims of VFs are still made for one"
                + " that does"
            : " now, whose scheduler compares PFs; the claims of VFs are still made for one that"
                + " does not")
        + ", so the operator ends and makes them anew when it starts again";
  }
}
