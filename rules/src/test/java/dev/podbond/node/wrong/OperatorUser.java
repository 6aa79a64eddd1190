package dev.podbond.node.wrong;

import dev.podbond.operator.wrong.OperatorClass;

/// Breaks the rule on who uses the operator.
public final class OperatorUser {
  private OperatorUser() {}

  static Class<?> usesTheOperator() {
    return OperatorClass.class;
  }
}
