package dev.podbond.cli.command;

import dev.podbond.cli.bond.KnownBonds;
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
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/// `podbond map`: a picture of this node's cards, PFs, VFs, bonds and pods.
final class MapCommand implements Subcommand {
  private static final String FORMAT = "-o";
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
        HelpOptions.command("map")
            .addOption(agent.option())
            .addOption(
                OptionSpec.builder(FORMAT, "--output")
                    .type(String.class)
                    .paramLabel("html|svg")
                    .defaultValue("html")
                    .description(
                        "a page that can leave out healthy pods, or a picture (${DEFAULT-VALUE})")
                    .build())
            .addOption(
                OptionSpec.builder(FILE)
                    .type(Path.class)
                    .paramLabel("FILE")
                    .description("write it there instead of to the standard output")
                    .build());
    spec.usageMessage()
        .description(
            "Draws this node's cards, PFs, VFs, bonds and pods as its agent knows them, lost"
                + " redundancy in red: one file, which asks no network.");
    return spec;
  }

  @Override
  public int run(ParseResult arguments) throws FailureException {
    String format = arguments.commandSpec().findOption(FORMAT).getValue();
    if (!format.equals("html") && !format.equals("svg")) {
      throw new ParameterException(
          arguments.commandSpec().commandLine(),
          FORMAT + " " + format + " is neither html nor svg");
    }
    KnownBonds known = AgentSocket.bonds(arguments);
    Topology topology = Topology.of(List.of(new Topology.NodeBonds("", known.bonds())));
    String title =
        "Bonds of this node, "
            + time.now().truncatedTo(ChronoUnit.SECONDS)
            + (known.isStarting() ? "; " + KnownBonds.STARTING : "");
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
    known.limits().forEach(text -> console.complain("warning: " + text));
    return ExitCodes.DONE;
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
