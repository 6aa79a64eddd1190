/// The certificates of the webhooks: issued, renewed and registered by the operator itself.
@org.jspecify.annotations.NullMarked
package dev.podbond.operator.certificate;
