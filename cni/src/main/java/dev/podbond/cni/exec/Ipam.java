package dev.podbond.cni.exec;

import dev.podbond.cni.plugin.CniCall;
import dev.podbond.cni.plugin.Invocation;
import dev.podbond.cni.plugin.NetworkInvocation;
import dev.podbond.cni.spec.CniCommand;
import dev.podbond.cni.spec.CniErrorCode;
import dev.podbond.cni.spec.CniException;
import dev.podbond.cni.spec.CniResult;
import dev.podbond.cni.spec.NetworkConfig;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// The IPAM plugin of a configuration. It gets the caller's environment and stdin; only the verb
/// may change (CNI specification, section "Plugin Delegation"). Its failures keep their code,
/// details and text; its type is put before the message.
///
/// @param type the type from the configuration
/// @param exec runs the plugin
public record Ipam(String type, PluginExec exec) {

  /// The IPAM plugin that the configuration asks for; empty if it asks for none.
  ///
  /// @throws CniException with code 6 if `ipam` or its type is of the wrong JSON type
  public static Optional<Ipam> of(NetworkConfig config, PluginExec exec) throws CniException {
    return config.ipamType().map(type -> new Ipam(type, exec));
  }

  /// Asks the plugin to allocate addresses. If that fails, this calls DEL before it throws the
  /// failure, so nothing stays allocated; a failure of that DEL is added as suppressed.
  ///
  /// @return at least one address; no interfaces
  public CniResult add(Invocation invocation) throws CniException {
    try {
      CniResult result = CniResult.parse(run(CniCommand.ADD, invocation), invocation.version());
      if (result.ips().isEmpty()) {
        throw new CniException(
            CniErrorCode.INTERNAL, "IPAM plugin returned missing IP config", "type " + type);
      }
      return result;
    } catch (CniException e) {
      try {
        del(invocation);
      } catch (CniException unreleased) {
        e.addSuppressed(unreleased);
      }
      throw e;
    }
  }

  /// Asks the plugin to free the addresses of the attachment.
  ///
  /// @throws CniException with a
  ///   [PluginMissingException][dev.podbond.cni.spec.PluginMissingException] as its cause if the
  ///   plugin is not on this node
  public void del(Invocation invocation) throws CniException {
    run(CniCommand.DEL, invocation);
  }

  /// Asks the plugin to verify the addresses of the attachment.
  public void check(Invocation invocation) throws CniException {
    run(CniCommand.CHECK, invocation);
  }

  /// Asks the plugin whether it could allocate addresses now.
  public void status(NetworkInvocation invocation) throws CniException {
    run(CniCommand.STATUS, invocation);
  }

  /// Asks the plugin to free all addresses that no valid attachment holds.
  public void gc(NetworkInvocation invocation) throws CniException {
    run(CniCommand.GC, invocation);
  }

  private String run(CniCommand command, CniCall call) throws CniException {
    Map<String, String> env = new HashMap<>(call.env());
    env.put("CNI_COMMAND", command.name());
    try {
      return exec.run(type, env, call.config().text());
    } catch (CniException e) {
      throw e.inContext("IPAM " + type + " " + command);
    }
  }
}
