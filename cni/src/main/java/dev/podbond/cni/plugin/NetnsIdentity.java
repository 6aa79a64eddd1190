package dev.podbond.cni.plugin;

import java.nio.file.Path;

/// Tells whether a path is the network namespace in which the plugin itself was called. Only the
/// operating system knows.
@FunctionalInterface
public interface NetnsIdentity {

  /// An answer that never objects, for plugins that open no namespace.
  NetnsIdentity NEVER_OWN = _ -> false;

  /// True if the path is the plugin's own network namespace; false if it is another one or cannot
  /// be opened.
  boolean isPluginsOwn(Path netns);
}
