package dev.podbond.cni.plugin;

import dev.podbond.cni.spec.CniCommand;
import dev.podbond.cni.spec.CniError;
import dev.podbond.cni.spec.CniErrorCode;
import dev.podbond.cni.spec.CniException;
import dev.podbond.cni.spec.CniVersion;
import dev.podbond.json.JsonArray;
import dev.podbond.json.JsonObject;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/// The process contract of a plugin: environment and stdin in, stdout and exit code out, as in
/// plugins built on the Go library (`skel`). Its differences are all on the safe side:
///
/// * An unknown verb is reported before stdin is read.
/// * `CNI_NETNS` is compared with the plugin's own network namespace before the verb runs, not
///   after the damage.
public final class PluginRunner {

  private final Plugin plugin;
  private final NetnsIdentity netnsIdentity;

  /// A runner of the plugin.
  public PluginRunner(Plugin plugin, NetnsIdentity netnsIdentity) {
    this.plugin = plugin;
    this.netnsIdentity = netnsIdentity;
  }

  /// Serves one call.
  ///
  /// @param env the whole environment of the process
  /// @param stdin read to its end unless the verb is VERSION
  public PluginOutcome run(Map<String, String> env, InputStream stdin) {
    if (env.getOrDefault("CNI_COMMAND", "").isEmpty() && !plugin.about().isEmpty()) {
      return new PluginOutcome(
          0,
          "",
          "%s%nCNI protocol versions supported: %s%n"
              .formatted(plugin.about(), joined(plugin.supportedVersions())));
    }
    StringBuilder warnings = new StringBuilder();
    try {
      String answer =
          answer(
              CallReader.readEnvironment(env),
              stdin,
              warning -> warnings.append(warning).append('\n'));
      return new PluginOutcome(0, answer, warnings.toString());
    } catch (CniException e) {
      return failed(e.error(), warnings.toString());
    } catch (RuntimeException e) {
      StringWriter trace = new StringWriter();
      e.printStackTrace(new PrintWriter(trace));
      return failed(
          new CniError(CniErrorCode.INTERNAL, "internal error: " + e), warnings.toString() + trace);
    }
  }

  private static PluginOutcome failed(CniError error, String stderr) {
    return new PluginOutcome(1, error.toJson().toPrettyString(), stderr);
  }

  private String answer(CallReader reader, InputStream stdin, Consumer<String> warnings)
      throws CniException {
    if (reader.command() == CniCommand.VERSION) {
      return versions() + "\n";
    }
    return switch (reader.readCall(stdin, plugin.supportedVersions(), warnings)) {
      case Invocation invocation -> answer(invocation);
      case NetworkInvocation invocation -> {
        if (invocation.command() == CniCommand.GC) {
          plugin.gc(invocation);
        } else {
          plugin.status(invocation);
        }
        yield "";
      }
    };
  }

  private String answer(Invocation invocation) throws CniException {
    if (invocation.command() == CniCommand.CHECK) {
      plugin.check(invocation);
      return "";
    }
    requireForeignNetns(invocation);
    if (invocation.command() == CniCommand.DEL) {
      plugin.del(invocation);
      return "";
    }
    return plugin.add(invocation).toJson(invocation.version()).toPrettyString();
  }

  private void requireForeignNetns(Invocation invocation) throws CniException {
    String override = invocation.env().getOrDefault("CNI_NETNS_OVERRIDE", "");
    if (override.equalsIgnoreCase("true") || override.equals("1")) {
      return;
    }
    if (invocation.netns().isPresent()) {
      Path netns = invocation.netns().get();
      if (netnsIdentity.isPluginsOwn(netns)) {
        throw new CniException(
            CniErrorCode.INVALID_NETNS,
            "plugin's netns and netns from CNI_NETNS should not be the same",
            netns.toString());
      }
    }
  }

  private JsonObject versions() {
    List<CniVersion> supported = plugin.supportedVersions();
    return JsonObject.builder()
        .put("cniVersion", supported.getLast().text())
        .put("supportedVersions", JsonArray.ofStrings(texts(supported)))
        .build();
  }

  private static String joined(List<CniVersion> versions) {
    return String.join(", ", texts(versions));
  }

  private static List<String> texts(List<CniVersion> versions) {
    return versions.stream().map(CniVersion::text).toList();
  }
}
