/// Dynamic resource allocation: the claim that a pod makes for the VFs of its bond, and how many
/// such claims the devices of a node can serve.
package dev.podbond.cluster.claim;
