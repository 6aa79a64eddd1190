/// What the operator has observed, kept by informers in the small form that decisions need.
@org.jspecify.annotations.NullMarked
package dev.podbond.operator.view;
