package dev.podbond.cluster.assess;

/// The cluster's names for what bonds need.
///
/// @param resourcePrefix the prefix of the names of device resources, as "openshift.io"
/// @param plugin the name of the bond plugin on its nodes, which is the `type` of network
///   attachments
public record ClusterNames(String resourcePrefix, String plugin) {
  String qualified(String resource) {
    return resourcePrefix + "/" + resource;
  }
}
