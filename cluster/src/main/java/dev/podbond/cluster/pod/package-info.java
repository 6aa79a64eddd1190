/// Admission: from a pod that asks for a bond to the networks and devices it needs, or to a
/// refusal.
package dev.podbond.cluster.pod;
