package dev.podbond.operator.wrong;

import dev.podbond.node.wrong.NodeClass;

/// Breaks the rule on what the operator uses.
public final class NodeUser {
  private NodeUser() {}

  static Class<?> usesTheNode() {
    return NodeClass.class;
  }
}
