package dev.podbond.cni.plugin;

import dev.podbond.cni.spec.CniCommand;
import dev.podbond.cni.spec.CniError;
import dev.podbond.cni.spec.CniErrorCode;
import dev.podbond.cni.spec.CniException;
import dev.podbond.cni.spec.CniVersion;
import dev.podbond.json.JsonArray;
import dev.podbond.json.JsonObject;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// The process contract of a plugin: environment and stdin in, stdout and exit code out, as plugins
/// built on the Go library (`skel`) keep it. Differences, all on the safe side:
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

  /// Serves one call, without asking whose network namespace `CNI_NETNS` is.
  ///
  /// @return the exit code of the process: 0, or 1 with an error object on `out`
  public static int run(
      Plugin plugin, Map<String, String> env, InputStream in, PrintStream out, PrintStream err) {
    return new PluginRunner(plugin, NetnsIdentity.NEVER_OWN).run(env, in, out, err);
  }

  /// Serves one call.
  ///
  /// @param env the whole environment of the process
  /// @param in stdin, read to its end unless the verb is VERSION
  /// @param out stdout: the result or the error object and nothing else
  /// @param err stderr: the about text when there is no verb, and stack traces of defects
  /// @return the exit code of the process: 0, or 1 with an error object on `out`
  public int run(Map<String, String> env, InputStream in, PrintStream out, PrintStream err) {
    if (env.getOrDefault("CNI_COMMAND", "").isEmpty() && !plugin.about().isEmpty()) {
      err.println(plugin.about());
      err.println("CNI protocol versions supported: " + joined(plugin.supportedVersions()));
      return 0;
    }
    try {
      out.print(answer(CallReader.readEnvironment(env), in, err));
      out.flush();
      return 0;
    } catch (CniException e) {
      return fail(e.error(), out);
    } catch (RuntimeException e) {
      e.printStackTrace(err);
      return fail(new CniError(CniErrorCode.INTERNAL, "internal error: " + e), out);
    }
  }

  private static int fail(CniError error, PrintStream out) {
    out.print(error.toJson().toPrettyString());
    out.flush();
    return 1;
  }

  private String answer(CallReader reader, InputStream in, PrintStream err) throws CniException {
    if (reader.command() == CniCommand.VERSION) {
      return versions() + "\n";
    }
    return switch (reader.readCall(in, plugin.supportedVersions(), err::println)) {
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
