package dev.podbond.agent.serve;

import dev.podbond.agent.wire.Answer;
import dev.podbond.agent.wire.Call;
import dev.podbond.cni.exec.PluginExec;

/// Serves a call when its turn has come.
@FunctionalInterface
public interface CallHandler {
  /// Serves a call.
  ///
  /// @param ipam runs the call's IPAM plugins
  Answer serve(Call call, PluginExec ipam);
}
