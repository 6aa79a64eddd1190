package dev.podbond.node.wrong;

/// A class of the node's side.
public final class NodeClass {
  private NodeClass() {}
}
