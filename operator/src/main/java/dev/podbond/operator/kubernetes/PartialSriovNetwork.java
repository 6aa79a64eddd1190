package dev.podbond.operator.kubernetes;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Kind;
import io.fabric8.kubernetes.model.annotation.Plural;
import io.fabric8.kubernetes.model.annotation.Version;

/// A SriovNetwork.
@Group("sriovnetwork.openshift.io")
@Version("v1")
@Kind("SriovNetwork")
@Plural("sriovnetworks")
@JsonDeserialize(using = JsonDeserializer.None.class)
@JsonIgnoreProperties(ignoreUnknown = true)
public final class PartialSriovNetwork extends BoundedObject {
  private static final long serialVersionUID = 1L;
}
