package dev.podbond.cni.exec;

import java.time.Duration;
import java.util.Map;

/// How long a plugin may take, by verb.
///
/// @param add for ADD
/// @param other for anything else
public record PluginLimits(Duration add, Duration other) {
  /// For IPAM plugins. `dhcp` asks its servers for 208 s before it gives up
  /// (`defaultResendTimeout`; older versions count their tries and take about as long), and kubelet
  /// gives a pod's sandbox 4 minutes. The other verbs do not need such patience.
  public static final PluginLimits IPAM =
      new PluginLimits(Duration.ofSeconds(210), Duration.ofSeconds(60));

  /// The same limit for everything.
  public static PluginLimits always(Duration limit) {
    return new PluginLimits(limit, limit);
  }

  /// The limit of a call.
  ///
  /// @param env the call's environment
  public Duration of(Map<String, String> env) {
    return env.getOrDefault("CNI_COMMAND", "").equals("ADD") ? add : other;
  }
}
