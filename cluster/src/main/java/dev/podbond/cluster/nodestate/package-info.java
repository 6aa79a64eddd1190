/// The state of a node's bonds as the cluster sees it: what a BondNodeState says, and when it is
/// written.
package dev.podbond.cluster.nodestate;
