package dev.podbond.operator.admission;

import dev.podbond.cluster.assess.Assessment;
import dev.podbond.cluster.assess.Reason;
import dev.podbond.cluster.bond.BondAdmission;
import dev.podbond.cluster.bond.BondNetwork;
import dev.podbond.cluster.object.ObjectKey;
import dev.podbond.cluster.pod.ClusterNetworks;
import dev.podbond.cluster.pod.PodExpansion;
import dev.podbond.json.JsonArray;
import dev.podbond.json.LenientObject;
import dev.podbond.operator.view.ClusterView;
import dev.podbond.operator.view.FreshObjects;
import dev.podbond.operator.view.Questions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The answers of each webhook. The API server may ask about objects that refer to others it stored
/// a moment ago. So before an unknown object counts as missing, the webhook asks for it once.
///
/// A pod can use BondNetworks only from its own namespace and from the global ones: the right to
/// create pods must not include reading other users' objects.
public final class Admission {
  private static final String RAN_OUT =
      "podbond could not look up all networks of this pod; if one is a BondNetwork made a moment"
          + " ago, the pod lacks its bond: delete the pod and create it again";

  private static final String NO_CONDITIONS =
      "readinessGate has no effect here: nobody says how bonds are, since the chart's value"
          + " agent.nodeState.enabled is false";

  private final ClusterView view;
  private final FreshObjects fresh;
  private final Set<String> globalNamespaces;
  private final boolean conditions;

  /// Admission by what a view knows and by fresh objects.
  ///
  /// @param globalNamespaces the namespaces whose BondNetworks all pods may request
  /// @param conditions whether pods get conditions that say how their bonds are
  public Admission(
      ClusterView view, FreshObjects fresh, Set<String> globalNamespaces, boolean conditions) {
    this.view = view;
    this.fresh = fresh;
    this.globalNamespaces = Set.copyOf(globalNamespaces);
    this.conditions = conditions;
  }

  Verdict mutatePod(AdmissionReview review, Questions questions) {
    Lookup lookup = new Lookup(review.namespace(), questions);
    return new Verdict.Allowed(
        review.updates()
            ? PodExpansion.renewal(review.object(), review.namespace(), lookup)
            : PodExpansion.patch(review.object(), review.namespace(), lookup),
        warnings(questions));
  }

  Verdict validatePod(AdmissionReview review, Questions questions) {
    Optional<String> refusal =
        PodExpansion.refusal(
            review.object(), review.namespace(), new Lookup(review.namespace(), questions));
    return verdict(refusal, warnings(questions));
  }

  Verdict validateBond(AdmissionReview review) {
    if (!review.changesSpec()) {
      return verdict(Optional.empty(), List.of());
    }
    Optional<String> oversize =
        BondAdmission.oversize(LenientObject.object(review.object(), "spec"));
    return verdict(
        oversize.or(() -> BondAdmission.refusal(BondNetwork.of(review.object()), view.rules())),
        oversize.isEmpty() && !conditions && BondNetwork.of(review.object()).gatesPods()
            ? List.of(NO_CONDITIONS)
            : List.of());
  }

  Verdict validateAttachment(AdmissionReview review) {
    return verdict(BondAdmission.refusal(review.object(), view.names().plugin()), List.of());
  }

  private static List<String> warnings(Questions questions) {
    return questions.ranOut() ? List.of(RAN_OUT) : List.of();
  }

  private static Verdict verdict(Optional<String> refusal, List<String> warnings) {
    return refusal
        .<Verdict>map(Verdict.Refused::new)
        .orElseGet(() -> new Verdict.Allowed(JsonArray.of(), warnings));
  }

  /// The networks as one request sees them: they do not change during the request.
  private final class Lookup implements ClusterNetworks {
    private final String podNamespace;
    private final Questions questions;
    private final Map<String, Optional<Assessment>> bonds = new HashMap<>();

    Lookup(String podNamespace, Questions questions) {
      this.podNamespace = podNamespace;
      this.questions = questions;
    }

    @Override
    public boolean isKnownBond(String namespace, String name) {
      return isVisible(namespace) && view.bond(namespace + "/" + name).isPresent();
    }

    @Override
    public Optional<Assessment> bond(String namespace, String name) {
      return isVisible(namespace)
          ? bonds.computeIfAbsent(namespace + "/" + name, path -> assess(namespace, name, path))
          : Optional.empty();
    }

    private boolean isVisible(String namespace) {
      return namespace.equals(podNamespace) || globalNamespaces.contains(namespace);
    }

    private Optional<Assessment> assess(String namespace, String name, String path) {
      Optional<BondNetwork> bond = view.bond(path);
      // A name that belongs to another network attachment is not a bond, and no lookup is needed.
      if (bond.isEmpty()
          && !view.isForeignAttachment(path)
          && view.resource(path).isEmpty()
          && ObjectKey.isName(name)
          && ObjectKey.isName(namespace)) {
        bond = fresh.bond(namespace, name, questions);
      }
      return bond.map(found -> {
        Assessment known = view.assess(found);
        return known.findings(Reason.Effect.REFUSES_PODS).isEmpty()
            ? known
            : view.assessAnew(found, fresh, questions);
      });
    }

    @Override
    public boolean hasConditions() {
      return conditions;
    }

    @Override
    public Optional<String> resource(String namespace, String name) {
      return isVisible(namespace) ? view.resource(namespace + "/" + name) : Optional.empty();
    }
  }
}
