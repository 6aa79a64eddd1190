package dev.podbond.plugins.ipam;

import dev.podbond.bonding.attachment.Attachment;
import dev.podbond.cni.exec.Ipam;
import dev.podbond.cni.plugin.Invocation;
import dev.podbond.cni.spec.CniArgs;
import dev.podbond.cni.spec.CniCommand;
import dev.podbond.cni.spec.CniException;
import dev.podbond.cni.spec.CniVersion;
import dev.podbond.cni.spec.NetworkConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// Calls as IPAM plugins must see them.
///
/// `CNI_IFNAME` is normally the runtime's. It differs if the plugin needs the interface and the
/// addresses go on another one, the VLAN on top of a bond: `dhcp` asks on the interface named there
/// and keeps its lease under that name. So a record remembers the name that the plugin was given.
public final class IpamCall {
  /// How long a plugin that needs the interface may delay its removal. To give back a lease, a
  /// plugin sends one packet.
  public static final Duration RELEASE_PATIENCE = Duration.ofSeconds(20);

  private IpamCall() {}

  /// The name that IPAM will be given; empty text for the runtime's own.
  public static String ifname(Optional<Ipam> ipam, Attachment prepared) {
    return ipam.filter(IpamRun::needsInterface).isPresent() && prepared.vlan().isPresent()
        ? prepared.addressed().name()
        : "";
  }

  /// The call with another `CNI_IFNAME`.
  public static Invocation named(Invocation call, String ifname) {
    Map<String, String> env = new HashMap<>(call.env());
    env.put("CNI_IFNAME", ifname);
    return new Invocation(
        call.command(),
        call.containerId(),
        call.netns(),
        ifname,
        call.args(),
        call.config(),
        call.version(),
        env);
  }

  /// The DEL of a recorded attachment, whoever asked for the removal.
  ///
  /// @param callers the environment of that call; the record's values take precedence
  public static Invocation deletion(
      Attachment record, NetworkConfig config, Map<String, String> callers) throws CniException {
    Map<String, String> env = new HashMap<>(callers);
    env.putIfAbsent("CNI_PATH", record.origin().cniPath());
    env.putIfAbsent("CNI_ARGS", record.origin().cniArgs());
    env.put("CNI_COMMAND", CniCommand.DEL.name());
    env.put("CNI_CONTAINERID", record.key().containerId());
    env.put("CNI_IFNAME", record.ipamIfname());
    env.put("CNI_NETNS", record.netns());
    return new Invocation(
        CniCommand.DEL,
        record.key().containerId(),
        Optional.of(record.netns()).filter(path -> !path.isEmpty()).map(Path::of),
        record.ipamIfname(),
        new CniArgs(env.getOrDefault("CNI_ARGS", "")),
        config,
        CniVersion.of(config.versionText()).orElse(CniVersion.DEFAULT),
        env);
  }
}
