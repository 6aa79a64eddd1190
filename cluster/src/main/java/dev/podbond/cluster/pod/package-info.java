/// Admission: adds the networks and devices that a pod with a bond needs, or refuses the pod.
package dev.podbond.cluster.pod;
