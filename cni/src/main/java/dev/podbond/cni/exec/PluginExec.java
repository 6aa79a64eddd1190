package dev.podbond.cni.exec;

import dev.podbond.cni.spec.CniException;
import java.util.Map;

/// Runs CNI plugins by type.
@FunctionalInterface
public interface PluginExec {

  /// Runs a plugin to its end.
  ///
  /// @param type the name of the executable, looked for in the directories of `CNI_PATH`
  /// @param env the whole environment of the plugin, `CNI_COMMAND` included
  /// @param stdin the plugin's network configuration
  /// @return what the plugin wrote to stdout
  /// @throws CniException the plugin's own error if it failed, or why it could not be run
  String run(String type, Map<String, String> env, String stdin) throws CniException;
}
