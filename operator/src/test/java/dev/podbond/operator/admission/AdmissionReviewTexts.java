package dev.podbond.operator.admission;

import dev.podbond.json.Json;
import dev.podbond.json.JsonException;

/// What the API server sends.
final class AdmissionReviewTexts {
  private AdmissionReviewTexts() {}

  static AdmissionReview pod(String namespace, String networks) {
    try {
      return AdmissionReview.of(Json.parseObject(text(namespace, networks)));
    } catch (JsonException e) {
      throw new IllegalArgumentException(networks, e);
    }
  }

  /// About a pod that is to be made.
  static String text(String namespace, String networks) {
    return """
    {"apiVersion": "admission.k8s.io/v1", "kind": "AdmissionReview",
     "request": {"uid": "1", "operation": "CREATE", "namespace": "%s",
      "object": {"metadata": {"name": "p", "annotations": {"k8s.v1.cni.cncf.io/networks": "%s"}},
       "spec": {"containers": [{"name": "main"}]}}}}
    """
        .formatted(namespace, networks);
  }
}
