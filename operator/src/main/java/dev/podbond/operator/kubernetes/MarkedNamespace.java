package dev.podbond.operator.kubernetes;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Kind;
import io.fabric8.kubernetes.model.annotation.Plural;
import io.fabric8.kubernetes.model.annotation.Version;

/// A Namespace, reduced to whether it has the mark of namespaces with BondNetworks.
@Group("")
@Version("v1")
@Kind("Namespace")
@Plural("namespaces")
@JsonDeserialize(using = JsonDeserializer.None.class)
@JsonIgnoreProperties(ignoreUnknown = true)
public final class MarkedNamespace extends PartialObject {
  /// With this label the API server knows in which namespaces pods must not pass while no operator
  /// answers.
  public static final String LABEL = "podbond.dev/bonds";

  /// Its value.
  public static final String VALUE = "true";

  private static final long serialVersionUID = 1L;

  private boolean marked;

  /// Whether it has the label.
  public boolean isMarked() {
    return marked;
  }

  @Override
  public void setMetadata(ObjectMeta whole) {
    super.setMetadata(whole);
    marked = whole.getLabels() != null && VALUE.equals(whole.getLabels().get(LABEL));
  }
}
