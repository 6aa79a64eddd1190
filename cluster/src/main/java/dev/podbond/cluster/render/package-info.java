/// From SriovNetwork to NetworkAttachmentDefinition, byte for byte as the SR-IOV Network Operator.
package dev.podbond.cluster.render;
