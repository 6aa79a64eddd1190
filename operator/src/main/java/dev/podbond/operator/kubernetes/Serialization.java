package dev.podbond.operator.kubernetes;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamWriteConstraints;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;

/// Reads objects of the API server. Every object that it has accepted must be readable: objects
/// come in lists, and one unreadable object would make the whole list unreadable. For example, the
/// name of a pod's variable may have many thousand characters, and it becomes the name of a member
/// below `managedFields`.
public final class Serialization {
  /// The API server's own limit for a request, and so for anything in an object, is 3 MiB.
  private static final int MAX_OBJECT_BYTES = 4 << 20;

  /// The API server's own reader stops at 10,000.
  private static final int MAX_DEPTH = 10_100;

  private Serialization() {}

  /// A serialization for one client.
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
            // Names chosen by attackers must not fill a cache.
            .configure(JsonFactory.Feature.INTERN_FIELD_NAMES, false)
            .build();
    return new KubernetesSerialization(JsonMapper.builder(factory).build(), true);
  }
}
