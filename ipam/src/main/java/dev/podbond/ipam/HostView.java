package dev.podbond.ipam;

import dev.podbond.cni.exec.PluginPath;
import dev.podbond.cni.spec.CniException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Map;

/// What is known of the host on which a plugin would be executed.
public interface HostView {
  /// The host of a process that executes plugins itself.
  HostView OWN =
      new HostView() {
        @Override
        public boolean hasPlugin(String type, Map<String, String> env) {
          try {
            PluginPath.of(env).find(type);
            return true;
          } catch (CniException | InvalidPathException _) {
            return false;
          }
        }

        @Override
        public boolean shares(Path directory) {
          return true;
        }
      };

  /// Whether the plugin's executable is there. Without it a call has to fail as it always did.
  ///
  /// @param env the environment of the call
  boolean hasPlugin(String type, Map<String, String> env);

  /// Whether this process sees the directory, which need not exist, as the host does: then both
  /// lock the same files.
  boolean shares(Path directory);
}
