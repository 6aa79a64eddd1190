package dev.podbond.bonding.change;

/// The only way to change anything: a node's kernel, or a model of it in tests.
@FunctionalInterface
public interface Kernel {
  /// Makes the change as a whole or not at all.
  ///
  /// @throws ChangeFailedException with the kernel's reason; nothing was changed then, unless the
  ///   kernel's answer was lost
  void apply(Change change) throws ChangeFailedException;
}
