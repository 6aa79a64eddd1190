package dev.podbond.cli.command;

import dev.podbond.cli.bond.ReportedNodes;
import dev.podbond.json.JsonException;
import dev.podbond.value.IoReason;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/// The option `--from`: a file of BondNodeStates, which tell of other nodes than this one.
final class NodesFile {
  private static final String NAME = "--from";

  private NodesFile() {}

  /// @param verb what the command does with the nodes
  static OptionSpec spec(String verb) {
    return OptionSpec.builder(NAME)
        .type(Path.class)
        .paramLabel("FILE|-")
        .description(
            verb
                + " the nodes of these BondNodeStates, as `kubectl get bondnodestates -o json`"
                + " prints them, instead of this node; - is the standard input")
        .build();
  }

  /// The file that was given.
  static Optional<Path> of(ParseResult arguments) {
    return Optional.ofNullable(arguments.matchedOptionValue(NAME, null));
  }

  /// The nodes in it.
  ///
  /// @throws FailureException if it cannot be read, or holds something else
  static ReportedNodes read(Path file) throws FailureException {
    try {
      return ReportedNodes.of(InputText.of(file, System.in).getBytes(StandardCharsets.UTF_8));
    } catch (IOException | JsonException e) {
      throw new FailureException(
          file + " holds no BondNodeStates that can be read: " + IoReason.of(e));
    }
  }
}
