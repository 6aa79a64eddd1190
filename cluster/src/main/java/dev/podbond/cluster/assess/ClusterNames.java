package dev.podbond.cluster.assess;

/// What a cluster calls the things that bonds need.
///
/// @param resourcePrefix what stands before the names of device resources, as "openshift.io"
/// @param plugin the name of the bond plugin on its nodes, which is the `type` of network
///   attachments
public record ClusterNames(String resourcePrefix, String plugin) {
  String qualified(String resource) {
    return resourcePrefix + "/" + resource;
  }
}
