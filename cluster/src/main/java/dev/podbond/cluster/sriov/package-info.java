/// What the SR-IOV Network Operator's objects say about VFs: the fields a bond depends on, read
/// from objects that an API server has already taken, whatever else is in them.
package dev.podbond.cluster.sriov;
