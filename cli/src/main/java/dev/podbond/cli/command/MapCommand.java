package dev.podbond.cli.command;

import dev.podbond.cli.bond.KnownBonds;
import dev.podbond.cli.bond.NodeBonds;
import dev.podbond.cli.bond.ReportedNodes;
import dev.podbond.cli.map.HtmlPage;
import dev.podbond.cli.map.SvgPicture;
import dev.podbond.cli.map.Topology;
import dev.podbond.node.state.DurableFile;
import dev.podbond.value.IoReason;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/// `podbond map`: a picture of this node's cards, PFs, VFs, bonds and pods, or of the nodes whose
/// BondNodeStates it is given.
final class MapCommand implements Subcommand {
  private static final List<String> FORMATS = List.of("html", "svg");
  private static final String FILE = "--output-file";

  private final Console console;
  private final AgentSocket agent;
  private final Timepiece time;

  /// @param env the environment, which may name the socket, as for shims
  MapCommand(Console console, Map<String, String> env, Timepiece time) {
    this.console = console;
    this.agent = AgentSocket.in(env);
    this.time = time;
  }

  @Override
  public CommandSpec spec() {
    CommandSpec spec =
        agent
            .command("map")
            .addOption(
                OutputOption.spec(
                    FORMATS,
                    "a page that can leave out healthy pods, or a picture (${DEFAULT-VALUE})"))
            .addOption(
                OptionSpec.builder(FILE)
                    .type(Path.class)
                    .paramLabel("FILE")
                    .description("write it there instead of to the standard output")
                    .build())
            .addOption(NodesFile.spec("draw"));
    spec.usageMessage()
        .description(
            "Draws this node's cards, PFs, VFs, bonds and pods as its agent knows them, lost"
                + " redundancy in red: one file, which asks no network.");
    return spec;
  }

  @Override
  public int run(ParseResult arguments) throws FailureException {
    String format = OutputOption.word(arguments, FORMATS);
    Optional<Path> from = NodesFile.of(arguments);
    Drawn drawn = from.isPresent() ? reported(from.get()) : known(AgentSocket.bonds(arguments));
    Topology topology = Topology.of(drawn.nodes());
    String title =
        drawn.title() + ", " + time.now().truncatedTo(ChronoUnit.SECONDS) + drawn.reservation();
    String picture =
        format.equals("svg") ? SvgPicture.file(topology, title) : HtmlPage.of(topology, title);
    Optional<Path> file = Optional.ofNullable(arguments.matchedOptionValue(FILE, null));
    if (file.isPresent()) {
      write(file.get(), picture);
    } else {
      console.out().print(picture);
      if (!console.isWritten()) {
        throw new FailureException("the picture could not be written to the output whole");
      }
    }
    drawn.limits().forEach(text -> console.complain("warning: " + text));
    return ExitCodes.DONE;
  }

  /// @param limits what is not known, or not drawn
  private record Drawn(
      String title, String reservation, List<NodeBonds> nodes, List<String> limits) {}

  private static Drawn known(KnownBonds known) {
    return new Drawn(
        "Bonds of this node",
        known.isStarting() ? "; " + KnownBonds.STARTING : "",
        List.of(NodeBonds.of(known)),
        known.limits());
  }

  private static Drawn reported(Path from) throws FailureException {
    ReportedNodes nodes = NodesFile.read(from);
    return new Drawn(
        nodes.all().size() == 1 ? "Bonds of a node" : "Bonds of " + nodes.all().size() + " nodes",
        "",
        nodes.all(),
        nodes.limits());
  }

  /// A link or a device of that name, which another user may have put there, is not written to.
  private static void write(Path file, String picture) throws FailureException {
    if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)
        && !Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
      throw new FailureException(file + " is no regular file; give another, or none");
    }
    try {
      new DurableFile(file.toAbsolutePath())
          .replace(
              picture.getBytes(StandardCharsets.UTF_8),
              PosixFilePermissions.fromString("rw-r--r--"));
    } catch (IOException e) {
      throw new FailureException(
          "the picture could not be written to " + file + ": " + IoReason.of(e));
    }
  }
}
