package dev.podbond.operator.wrong;

/// A class of the operator.
public final class OperatorClass {
  private OperatorClass() {}
}
