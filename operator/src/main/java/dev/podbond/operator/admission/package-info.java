/// The webhooks that the API server asks.
@org.jspecify.annotations.NullMarked
package dev.podbond.operator.admission;
