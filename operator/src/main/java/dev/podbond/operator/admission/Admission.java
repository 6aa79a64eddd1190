package dev.podbond.operator.admission;

import dev.podbond.cluster.assess.Assessment;
import dev.podbond.cluster.assess.Reason;
import dev.podbond.cluster.bond.BondAdmission;
import dev.podbond.cluster.bond.BondNetwork;
import dev.podbond.cluster.pod.ClusterNetworks;
import dev.podbond.cluster.pod.PodExpansion;
import dev.podbond.json.JsonArray;
import dev.podbond.operator.view.ClusterView;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// What each webhook answers. The API server may ask about objects that refer to ones it stored a
/// moment ago; so what the view does not know is asked for once, before it counts as missing.
final class Admission {
  private final ClusterView view;

  Admission(ClusterView view) {
    this.view = view;
  }

  Verdict mutatePod(AdmissionReview review) {
    return new Verdict.Allowed(
        review.updates()
            ? PodExpansion.renewal(review.object(), review.namespace(), new Lookup())
            : PodExpansion.patch(review.object(), review.namespace(), new Lookup()));
  }

  Verdict validatePod(AdmissionReview review) {
    return verdict(PodExpansion.refusal(review.object(), review.namespace(), new Lookup()));
  }

  Verdict validateBond(AdmissionReview review) {
    return verdict(
        review.changesSpec()
            ? BondAdmission.refusal(BondNetwork.of(review.object()), view.ipam())
            : Optional.empty());
  }

  Verdict validateAttachment(AdmissionReview review) {
    return verdict(BondAdmission.refusal(review.object(), view.names().plugin()));
  }

  private static Verdict verdict(Optional<String> refusal) {
    return refusal
        .<Verdict>map(Verdict.Refused::new)
        .orElseGet(() -> new Verdict.Allowed(JsonArray.of()));
  }

  /// One request's view of the networks: it does not change in the middle.
  private final class Lookup implements ClusterNetworks {
    private final Map<String, Optional<Assessment>> bonds = new HashMap<>();

    @Override
    public Optional<Assessment> bond(String namespace, String name) {
      return bonds.computeIfAbsent(namespace + "/" + name, path -> assess(namespace, name, path));
    }

    private Optional<Assessment> assess(String namespace, String name, String path) {
      Optional<BondNetwork> bond = view.bond(path);
      if (bond.isEmpty() && view.resource(path).isEmpty()) {
        bond = view.freshBond(namespace, name);
      }
      return bond.map(found -> {
        Assessment known = view.assess(found);
        if (known.findings(Reason.Effect.REFUSES_PODS).isEmpty()) {
          return known;
        }
        view.refresh(found);
        return view.assess(found);
      });
    }

    @Override
    public Optional<String> resource(String namespace, String name) {
      return view.resource(namespace + "/" + name);
    }
  }
}
