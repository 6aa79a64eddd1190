package dev.podbond.operator.admission;

import dev.podbond.json.JsonArray;
import dev.podbond.json.JsonBoolean;
import dev.podbond.json.JsonObject;
import dev.podbond.json.JsonString;
import dev.podbond.json.LenientObject;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/// A request of the API server, `admission.k8s.io/v1`.
///
/// @param updates whether the object exists already
/// @param namespace the object's namespace, even if the object does not contain it
/// @param object the object to be stored
/// @param oldObject the stored object; empty if there is none
record AdmissionReview(
    String uid, boolean updates, String namespace, JsonObject object, JsonObject oldObject) {
  static AdmissionReview of(JsonObject review) {
    JsonObject request = LenientObject.object(review, "request");
    return new AdmissionReview(
        LenientObject.text(request, "uid").orElse(""),
        LenientObject.text(request, "operation").filter("UPDATE"::equals).isPresent(),
        LenientObject.text(request, "namespace").orElse(""),
        LenientObject.object(request, "object"),
        LenientObject.object(request, "oldObject"));
  }

  /// Whether the request changes the spec. If it changes only a finalizer or a label, say, it must
  /// pass even if the object itself would be refused now.
  boolean changesSpec() {
    return !updates || !object.get("spec").equals(oldObject.get("spec"));
  }

  JsonObject answer(Verdict verdict) {
    JsonObject.Builder response = JsonObject.builder().put("uid", uid);
    switch (verdict) {
      case Verdict.Allowed(var patch, var warnings) -> {
        response.put("allowed", JsonBoolean.TRUE);
        if (!warnings.isEmpty()) {
          response.put("warnings", JsonArray.ofStrings(warnings));
        }
        if (!patch.elements().isEmpty()) {
          response.put("patchType", "JSONPatch");
          response.put(
              "patch",
              Base64.getEncoder()
                  .encodeToString(patch.toString().getBytes(StandardCharsets.UTF_8)));
        }
      }
      case Verdict.Refused(String message) -> {
        response.put("allowed", JsonBoolean.FALSE);
        response.put("status", JsonObject.of("message", new JsonString(message)));
      }
    }
    return JsonObject.builder()
        .put("apiVersion", "admission.k8s.io/v1")
        .put("kind", "AdmissionReview")
        .put("response", response.build())
        .build();
  }
}
