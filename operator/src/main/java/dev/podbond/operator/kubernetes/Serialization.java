package dev.podbond.operator.kubernetes;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamWriteConstraints;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;

/// How objects of the API server are read. It has taken them, so each of them has to be readable:
/// they come in lists, and one that is not would take the whole list with it. A pod, for one, may
/// have a variable with a name of many thousand characters, which is then the name of a member
/// below `managedFields`.
public final class Serialization {
  /// The API server's own limit of a request, and so of anything in an object, is 3 MiB.
  private static final int MAX_OBJECT_BYTES = 4 << 20;

  /// Its own reader stops at 10,000.
  private static final int MAX_DEPTH = 10_100;

  private Serialization() {}

  /// One for a client.
  public static KubernetesSerialization create() {
    JsonFactory factory =
        JsonFactory.builder()
            .streamReadConstraints(
                StreamReadConstraints.builder()
                    .maxNestingDepth(MAX_DEPTH)
                    .maxNameLength(MAX_OBJECT_BYTES)
                    .maxNumberLength(MAX_OBJECT_BYTES)
                    .build())
            .streamWriteConstraints(
                StreamWriteConstraints.builder().maxNestingDepth(MAX_DEPTH).build())
            // Names of hostile hands are not worth remembering.
            .configure(JsonFactory.Feature.INTERN_FIELD_NAMES, false)
            .build();
    return new KubernetesSerialization(JsonMapper.builder(factory).build(), true);
  }
}
