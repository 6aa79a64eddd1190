package dev.podbond.plugins.node;

import dev.podbond.bonding.change.Kernel;
import dev.podbond.bonding.config.InvalidConfigException;
import dev.podbond.bonding.config.NodeSettings;
import dev.podbond.cni.exec.PluginExec;
import dev.podbond.cni.exec.PluginLimits;
import dev.podbond.cni.exec.PluginProcess;
import dev.podbond.cni.spec.CniErrorCode;
import dev.podbond.cni.spec.CniException;
import dev.podbond.ipam.BuiltInIpam;
import dev.podbond.ipam.HostView;
import dev.podbond.ipam.files.AddressFiles;
import dev.podbond.json.Json;
import dev.podbond.json.JsonException;
import dev.podbond.json.Printable;
import dev.podbond.node.state.AttachmentStore;
import dev.podbond.node.state.StateFiles;
import dev.podbond.node.state.VfClaims;
import dev.podbond.value.IoReason;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/// Where the plugins find the node they run on; tests point it elsewhere.
///
/// @param stateDirectory records, claims and locks
/// @param sysfs where sysfs is mounted
/// @param settingsFile the node owner's own rules; need not exist. The rules of the whole cluster
///   are in a sibling of its directory whose name ends in `-cluster`
/// @param sriovCniAllocations what sriov-cni has allocated on this node
/// @param files all writes to the state directory go through here
/// @param changes stands between plans and the kernel; on a node it is the identity
/// @param ipam runs IPAM plugins
/// @param log warnings go here: stderr, since stdout is the result's
public record NodeEnvironment(
    Path stateDirectory,
    Path sysfs,
    Path settingsFile,
    Path sriovCniAllocations,
    StateFiles files,
    UnaryOperator<Kernel> changes,
    PluginExec ipam,
    PrintStream log) {
  /// A node whose disk and kernel are those of this machine.
  public NodeEnvironment(
      Path stateDirectory,
      Path sysfs,
      Path settingsFile,
      Path sriovCniAllocations,
      PluginExec ipam,
      PrintStream log) {
    this(
        stateDirectory,
        sysfs,
        settingsFile,
        sriovCniAllocations,
        StateFiles.DURABLE,
        UnaryOperator.identity(),
        ipam,
        log);
  }

  /// The machine this process runs on.
  public static NodeEnvironment ofThisMachine(PrintStream log) {
    return ofThisMachine(log, HostView.OWN);
  }

  /// The machine this process runs on.
  ///
  /// @param host which of the IPAM plugins that are built in it may carry out
  public static NodeEnvironment ofThisMachine(PrintStream log, HostView host) {
    NodeEnvironment node =
        new NodeEnvironment(
            AttachmentStore.DEFAULT_DIRECTORY,
            Path.of("/sys"),
            Path.of("/etc/podbond/node.json"),
            VfClaims.SRIOV_CNI_ALLOCATIONS,
            new PluginProcess(PluginLimits.IPAM, log),
            log);
    return node.forCall(node.builtIn(node.ipam(), host, _ -> {}), log);
  }

  /// The same node with its state elsewhere.
  public NodeEnvironment withState(Path directory) {
    return new NodeEnvironment(
        directory, sysfs, settingsFile, sriovCniAllocations, files, changes, ipam, log);
  }

  /// The same node for one call that comes from elsewhere.
  ///
  /// @param exec runs the IPAM plugins of the call
  /// @param callLog gets its warnings
  public NodeEnvironment forCall(PluginExec exec, PrintStream callLog) {
    return new NodeEnvironment(
        stateDirectory, sysfs, settingsFile, sriovCniAllocations, files, changes, exec, callLog);
  }

  /// The same node with something between it and its disk, kernel and delegates.
  ///
  /// @param disk all writes go through here
  /// @param between decorates the kernel
  /// @param exec runs IPAM plugins
  public NodeEnvironment through(StateFiles disk, UnaryOperator<Kernel> between, PluginExec exec) {
    return new NodeEnvironment(
        stateDirectory, sysfs, settingsFile, sriovCniAllocations, disk, between, exec, log);
  }

  /// Carries out here what IPAM plugins are built in, if this node's settings do not forbid it.
  ///
  /// @param executed runs everything else
  /// @param host where that would run
  /// @param way gets a sentence about which way each call took
  public PluginExec builtIn(PluginExec executed, HostView host, Consumer<String> way) {
    return new BuiltInIpam(
        executed, host, AddressFiles.DISK, PluginLimits.IPAM, this::refusalOfBuiltIn, way);
  }

  private Optional<String> refusalOfBuiltIn() {
    try {
      return settings().builtInIpam()
          ? Optional.empty()
          : Optional.of("builtInIpam is false in this node's settings");
    } catch (CniException e) {
      return Optional.of(e.getMessage());
    }
  }

  /// Logs a message that helps only someone who looks for the cause of a problem.
  public void debug(String message) {
    log.println("podbond: debug: " + Printable.line(message));
  }

  /// A sentence for the log of the node, in one printable line.
  public void warn(String message) {
    log.println("podbond: warning: " + Printable.line(message));
  }

  /// The rules of the node's owner and those of the cluster. Neither overrides the other.
  ///
  /// @throws CniException if a file exists but cannot be understood: an intended limit must not be
  ///   skipped
  public NodeSettings settings() throws CniException {
    return settings(settingsFile).and(settings(clusterSettingsFile()));
  }

  /// The chart's settings for every node: `/etc/podbond-cluster/node.json`. It is not beside the
  /// node's own `/etc/podbond/node.json`, since two mounts cannot share one directory.
  private Path clusterSettingsFile() {
    Path directory = settingsFile.toAbsolutePath().getParent();
    return directory == null
        ? settingsFile
        : Path.of(directory + "-cluster").resolve(settingsFile.getFileName());
  }

  private static NodeSettings settings(Path file) throws CniException {
    try {
      return NodeSettings.parse(Json.parseObject(Files.readAllBytes(file)));
    } catch (NoSuchFileException _) {
      return NodeSettings.DEFAULT;
    } catch (IOException | JsonException | InvalidConfigException e) {
      throw new CniException(
          CniErrorCode.INTERNAL,
          "cannot read this node's settings " + file + ": " + IoReason.of(e),
          e);
    }
  }
}
