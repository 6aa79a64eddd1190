package dev.podbond.cli.command;

import dev.podbond.cli.policy.ThisNode;
import dev.podbond.cluster.object.ClusterObject;
import dev.podbond.cluster.object.NodeObject;
import dev.podbond.value.IoReason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/// The options that tell which node of a cluster this machine is.
final class NodeOptions {
  private static final String NODE = "--node";
  private static final String LABEL = "--label";
  private static final Path HOST_NAME = Path.of("/proc/sys/kernel/hostname");

  private NodeOptions() {}

  static CommandSpec addTo(CommandSpec spec) {
    return spec.addOption(
            OptionSpec.builder(NODE)
                .type(String.class)
                .paramLabel("NAME")
                .description(
                    "which node this machine is: policies whose nodeSelector does not select it are"
                        + " passed by. A Node in the files gives its labels")
                .build())
        .addOption(
            OptionSpec.builder(LABEL)
                .type(List.class)
                .auxiliaryTypes(String.class)
                .arity("1")
                .paramLabel("KEY=VALUE")
                .description("a label of this machine, for the nodeSelector of policies")
                .build());
  }

  /// This machine, according to the options and the nodes among the objects.
  static ThisNode of(ParseResult arguments, List<ClusterObject> objects) throws FailureException {
    Map<String, String> labels = new HashMap<>();
    List<String> given = arguments.matchedOptionValue(LABEL, List.of());
    for (String label : given) {
      int end = label.indexOf('=');
      if (end < 1) {
        throw new FailureException("\"" + label + "\" is not a label; write KEY=VALUE");
      }
      labels.put(label.substring(0, end), label.substring(end + 1));
    }
    try {
      return ThisNode.of(
          Optional.ofNullable(arguments.matchedOptionValue(NODE, null)),
          labels,
          ClusterObject.only(NodeObject.class, objects),
          Files.readString(HOST_NAME).strip());
    } catch (IllegalArgumentException e) {
      throw new FailureException(String.valueOf(e.getMessage()));
    } catch (IOException e) {
      throw new FailureException("cannot read the name of this machine: " + IoReason.withFile(e));
    }
  }
}
