/// How a cluster's nodes watch their uplinks: UplinkMonitors, which of them a node follows, and
/// what is told of that.
package dev.podbond.cluster.uplink;
