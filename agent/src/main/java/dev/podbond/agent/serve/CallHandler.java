package dev.podbond.agent.serve;

import dev.podbond.agent.wire.Answer;
import dev.podbond.agent.wire.Call;
import dev.podbond.cni.exec.PluginExec;

/// Lets one call in when its turn has come.
@FunctionalInterface
public interface CallHandler {
  /// Serves a call.
  ///
  /// @param ipam runs its IPAM plugins
  Answer serve(Call call, PluginExec ipam);
}
