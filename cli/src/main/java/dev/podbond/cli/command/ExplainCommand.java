package dev.podbond.cli.command;

import dev.podbond.bonding.config.BondConfig;
import dev.podbond.bonding.config.CniIfname;
import dev.podbond.bonding.config.InvalidConfigException;
import dev.podbond.bonding.config.MemberSpec;
import dev.podbond.bonding.config.NameWish;
import dev.podbond.bonding.config.PodNetworks;
import dev.podbond.bonding.config.VlanConfig;
import dev.podbond.bonding.facts.NodeFacts;
import dev.podbond.cli.explain.AssumedFacts;
import dev.podbond.cli.explain.ExplainedNetworks;
import dev.podbond.cli.explain.Explanation;
import dev.podbond.cli.machine.MachineException;
import dev.podbond.cli.store.ObjectStore;
import dev.podbond.cluster.source.LocatedException;
import dev.podbond.node.observe.FactsRequest;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/// `podbond explain -f NAD [--netns PATH | --pod NS/POD] [--ifname NAME]`
final class ExplainCommand implements Subcommand {
  private final Console console;
  private final Settings.Defaults defaults;

  ExplainCommand(Console console, Settings.Defaults defaults) {
    this.console = console;
    this.defaults = defaults;
  }

  @Override
  public CommandSpec spec() {
    return Settings.spec(
            "explain",
            "Prints what making a bond, or a VLAN on one, would change, in order, and every warning;"
                + " touches nothing.")
        .addOption(
            InputFiles.option(
                "NetworkAttachmentDefinitions, BondNetworks or a CNI configuration, as YAML, JSON"))
        .addOption(
            OptionSpec.builder("--netns")
                .type(Path.class)
                .paramLabel("PATH")
                .description("look at the members in this network namespace")
                .build())
        .addOption(
            OptionSpec.builder("--pod")
                .type(String.class)
                .paramLabel("NAMESPACE/POD")
                .description("look at the members in this pod")
                .build())
        .addOption(
            OptionSpec.builder("--ifname")
                .type(String.class)
                .paramLabel("NAME")
                .defaultValue("net3")
                .description(
                    "the interface name that the runtime gives (${DEFAULT-VALUE}); networks of a"
                        + " BondNetwork have their own")
                .build());
  }

  @Override
  public int run(ParseResult arguments) throws FailureException {
    Settings settings = Settings.of(arguments, defaults);
    String ifname = arguments.commandSpec().findOption("--ifname").getValue();
    Optional<Path> netns = netns(arguments, settings);
    boolean refused = false;
    for (Path file : InputFiles.of(arguments)) {
      try {
        for (ExplainedNetworks.Network network :
            ExplainedNetworks.networks(file.toString(), InputFiles.text(file))) {
          refused |= explain(network, ifname, netns, settings);
        }
      } catch (LocatedException | MachineException e) {
        throw new FailureException(e);
      }
    }
    return refused ? ExitCodes.FAILED : ExitCodes.DONE;
  }

  private static Optional<Path> netns(ParseResult arguments, Settings settings)
      throws FailureException {
    Optional<Path> given = Optional.ofNullable(arguments.matchedOptionValue("--netns", null));
    Optional<String> pod = Optional.ofNullable(arguments.matchedOptionValue("--pod", null));
    if (pod.isEmpty()) {
      return given;
    }
    if (given.isPresent()) {
      throw new FailureException("--netns and --pod name two places; give one of them");
    }
    return Optional.of(
        KnownPod.find(ObjectStore.reading(settings.stateDirectory()), Settings.pod(pod.get()))
            .identity()
            .netns());
  }

  private boolean explain(
      ExplainedNetworks.Network network, String given, Optional<Path> netns, Settings settings)
      throws LocatedException, MachineException {
    String ifname = network.rendered().map(ExplainedNetworks.Rendered::ifname).orElse(given);
    network.rendered().ifPresent(from -> from.introduction().forEach(console::say));
    try {
      Explanation explanation =
          VlanConfig.isOne(network.config())
              ? ofVlan(network, ifname, netns, settings)
              : ofBond(network, ifname, netns, settings);
      explanation.lines().forEach(console::say);
      return explanation.refused();
    } catch (InvalidConfigException e) {
      throw new LocatedException(network.at(), "network of type bond", e.getMessage() + "", e);
    }
  }

  private static Explanation ofBond(
      ExplainedNetworks.Network network, String ifname, Optional<Path> netns, Settings settings)
      throws InvalidConfigException, MachineException {
    BondConfig config = BondConfig.parse(network.config(), Optional.empty());
    NameWish wish =
        NameWish.of(
            network.config(),
            ifname,
            config.ifname(),
            new PodNetworks(network.standing(), Set.of()));
    NodeFacts facts =
        netns.isPresent()
            ? settings.machine().observePod(netns.get(), request(config))
            : AssumedFacts.of(config);
    Optional<String> assumption =
        netns.isPresent() ? Optional.empty() : Optional.of(AssumedFacts.describe(config));
    return Explanation.of(config, wish, facts, assumption, network.ipam());
  }

  private static Explanation ofVlan(
      ExplainedNetworks.Network network, String ifname, Optional<Path> netns, Settings settings)
      throws InvalidConfigException, MachineException {
    VlanConfig config = VlanConfig.parse(network.config(), Optional.empty());
    NodeFacts facts =
        netns.isPresent()
            ? settings.machine().observePod(netns.get(), FactsRequest.POD)
            : AssumedFacts.of(config);
    Optional<String> assumption =
        netns.isPresent() ? Optional.empty() : Optional.of(AssumedFacts.describe(config));
    return Explanation.of(config, CniIfname.require(ifname), facts, assumption, network.ipam());
  }

  private static FactsRequest request(BondConfig config) {
    FactsRequest request = FactsRequest.POD;
    for (MemberSpec member : config.members()) {
      request =
          switch (member) {
            case MemberSpec.Named named ->
                config.linksInContainer() ? request : request.withHostLink(named.name());
            case MemberSpec.Device device -> request.withDevice(device.pci());
          };
    }
    return request;
  }
}
