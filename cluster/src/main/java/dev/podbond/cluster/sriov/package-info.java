/// The parts of the SR-IOV Network Operator's objects on which a bond depends. They are read from
/// objects that an API server has already accepted, whatever else those contain.
package dev.podbond.cluster.sriov;
