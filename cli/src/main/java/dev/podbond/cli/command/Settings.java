package dev.podbond.cli.command;

import dev.podbond.cli.apply.ApplyContext;
import dev.podbond.cli.apply.Report;
import dev.podbond.cli.machine.CniPodNetworks;
import dev.podbond.cli.machine.LinuxMachine;
import dev.podbond.cli.machine.Machine;
import dev.podbond.cli.machine.PodNetworks;
import dev.podbond.cli.runtime.CniRuntime;
import dev.podbond.cli.runtime.ResultCache;
import dev.podbond.cli.store.ObjectStore;
import dev.podbond.cluster.object.Kind;
import dev.podbond.cluster.object.ObjectKey;
import dev.podbond.cluster.object.OperatorNamespaces;
import dev.podbond.cluster.render.NetworkRendering;
import dev.podbond.cni.exec.PluginPath;
import dev.podbond.cni.exec.PluginProcess;
import dev.podbond.json.Printable;
import dev.podbond.node.state.AttachmentStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Stream;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/// The options that several subcommands share.
///
/// @param stateDirectory where applied objects are stored
/// @param pluginPath where CNI plugins are
/// @param resourcePrefix the prefix of resource names
/// @param operatorNamespaces where the SR-IOV Network Operator may run
/// @param env what plugins inherit
record Settings(
    Path stateDirectory,
    PluginPath pluginPath,
    String resourcePrefix,
    OperatorNamespaces operatorNamespaces,
    Map<String, String> env) {
  private static final String STATE_DIR = "--state-dir";
  private static final String CNI_PATH = "--cni-path";
  private static final String RESOURCE_PREFIX = "--resource-prefix";
  private static final String OPERATOR_NAMESPACE = "--operator-namespace";

  /// Used by the operator itself, and by products that include it.
  private static final String OPERATOR_NAMESPACES =
      String.join(
          ",",
          "openshift-sriov-network-operator",
          "sriov-network-operator",
          "network-operator",
          "nvidia-network-operator");

  private static final Path SYSFS = Path.of("/sys");

  /// Longer than any plugin takes unless it hangs: the bond with `dhcp` takes 210 s at most.
  private static final Duration PLUGIN_LIMIT = Duration.ofMinutes(4);

  /// The defaults of the options.
  ///
  /// @param pluginPath where CNI plugins are
  record Defaults(PluginPath pluginPath, Map<String, String> env) {
    /// The plugins installed beside the command, then those in the usual places; or those from
    /// `CNI_PATH`.
    static Defaults of(Map<String, String> env, Optional<String> home) {
      PluginPath given = PluginPath.of(env);
      if (!given.directories().isEmpty()) {
        return new Defaults(given, env);
      }
      Stream<Path> beside =
          home.map(directory -> Path.of(directory, "..", "cni", "bin").normalize()).stream();
      List<Path> usual = List.of(Path.of("/opt/cni/bin"), Path.of("/usr/lib/cni"));
      return new Defaults(
          new PluginPath(Stream.concat(beside, usual.stream()).filter(Files::isDirectory).toList()),
          env);
    }
  }

  /// A subcommand with these options.
  static CommandSpec spec(String name, String description) {
    CommandSpec spec = HelpOptions.command(name);
    spec.usageMessage().description(description);
    return spec.addOption(
            OptionSpec.builder(STATE_DIR)
                .type(Path.class)
                .paramLabel("DIR")
                .defaultValue("/var/lib/podbond")
                .description("where applied objects are kept (${DEFAULT-VALUE})")
                .build())
        .addOption(
            OptionSpec.builder(CNI_PATH)
                .type(String.class)
                .paramLabel("DIR[:DIR...]")
                .description("where CNI plugins are; else $CNI_PATH, else the usual places")
                .build())
        .addOption(
            OptionSpec.builder(RESOURCE_PREFIX)
                .type(String.class)
                .paramLabel("PREFIX")
                .defaultValue(NetworkRendering.OKD_RESOURCE_PREFIX)
                .description("prefix of resource names (${DEFAULT-VALUE})")
                .build());
  }

  /// The option of commands that apply SriovNetworks.
  static OptionSpec operatorNamespacesOption() {
    return OptionSpec.builder(OPERATOR_NAMESPACE)
        .type(String.class)
        .paramLabel("NAMESPACE[,NAMESPACE...]")
        .description(
            "where the SR-IOV Network Operator runs: only SriovNetworks there may name another"
                + " networkNamespace. Namespaces that have policies count as well (default: "
                + OPERATOR_NAMESPACES
                + ")")
        .build();
  }

  /// The options as given.
  static Settings of(ParseResult arguments, Defaults defaults) throws FailureException {
    Optional<String> cniPath = Optional.ofNullable(arguments.matchedOptionValue(CNI_PATH, null));
    Path stateDirectory = arguments.commandSpec().findOption(STATE_DIR).getValue();
    String prefix = arguments.commandSpec().findOption(RESOURCE_PREFIX).getValue();
    return new Settings(
        stateDirectory,
        cniPath.map(path -> PluginPath.of(Map.of("CNI_PATH", path))).orElse(defaults.pluginPath()),
        prefix,
        namespaces(arguments),
        defaults.env());
  }

  private static OperatorNamespaces namespaces(ParseResult arguments) throws FailureException {
    try {
      return OperatorNamespaces.parse(
          arguments.matchedOptionValue(OPERATOR_NAMESPACE, OPERATOR_NAMESPACES));
    } catch (IllegalArgumentException e) {
      throw new FailureException(OPERATOR_NAMESPACE + ": " + e.getMessage());
    }
  }

  Machine machine() {
    return new LinuxMachine(
        SYSFS,
        AttachmentStore.DEFAULT_DIRECTORY,
        warning -> System.err.println("podbond: " + Printable.line(warning)));
  }

  PodNetworks podNetworks() {
    return new CniPodNetworks(
        new CniRuntime(
            new PluginProcess(PLUGIN_LIMIT, System.err),
            new ResultCache(stateDirectory.resolve("cni")),
            pluginPath,
            env));
  }

  ApplyContext context(ObjectStore store, Consumer<Report> reports) {
    return new ApplyContext(
        store,
        machine(),
        podNetworks(),
        resourcePrefix,
        operatorNamespaces,
        UUID::randomUUID,
        reports);
  }

  /// The pod named `NS/POD`; without a slash, one in the namespace "default".
  static ObjectKey pod(String path) throws FailureException {
    String[] parts = path.split("/", -1);
    if (parts.length > 2 || Stream.of(parts).anyMatch(String::isEmpty)) {
      throw new FailureException("\"" + path + "\" names no pod; write NAMESPACE/POD");
    }
    return parts.length == 2
        ? new ObjectKey(Kind.POD, parts[0], parts[1])
        : new ObjectKey(Kind.POD, "default", parts[0]);
  }
}
