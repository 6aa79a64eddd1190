package dev.podbond.cli.command;

import dev.podbond.cli.store.ObjectStore;
import dev.podbond.cli.store.PodState;
import dev.podbond.cluster.object.ObjectKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParseResult;

/// `podbond exec NS/POD -- CMD...`: runs a command in a pod's network namespace, through iproute2,
/// which also shows it the pod's `/sys`. This process stays in its own namespace.
final class ExecCommand implements Subcommand {
  private final Settings.Defaults defaults;

  ExecCommand(Settings.Defaults defaults) {
    this.defaults = defaults;
  }

  @Override
  public CommandSpec spec() {
    CommandSpec spec =
        Settings.spec("exec", "Runs a command in a pod's network and exits with its exit code.")
            .addPositional(KnownPod.parameter())
            .addPositional(
                PositionalParamSpec.builder()
                    .index("1..*")
                    .arity("1..*")
                    .type(List.class)
                    .auxiliaryTypes(String.class)
                    .paramLabel("COMMAND")
                    .description("the command and its arguments, best after --")
                    .build());
    // Everything after the pod belongs to the command, even if it looks like an option.
    spec.parser().stopAtPositional(true);
    return spec;
  }

  @Override
  public int run(ParseResult arguments) throws FailureException {
    ObjectKey key = Settings.pod(arguments.matchedPositionalValue(0, ""));
    List<String> command = new ArrayList<>(arguments.matchedPositionalValue(1, List.of()));
    if (!command.isEmpty() && command.getFirst().equals("--")) {
      command.removeFirst();
    }
    Settings settings = Settings.of(arguments, defaults);
    PodState pod = KnownPod.find(ObjectStore.reading(settings.stateDirectory()), key);
    Path netns = pod.identity().netns();
    if (!Files.exists(netns)) {
      throw new FailureException(
          key + " has lost its network namespace " + netns + "; apply it again");
    }
    List<String> line = new ArrayList<>(inNetns(netns));
    line.addAll(command);
    return run(line);
  }

  private List<String> inNetns(Path netns) throws FailureException {
    Optional<Path> ip = find("ip");
    if (ip.isPresent()) {
      return List.of(ip.get().toString(), "netns", "exec", "" + netns.getFileName());
    }
    Path nsenter =
        find("nsenter")
            .orElseThrow(() ->
                new FailureException("neither ip nor nsenter is on the PATH; install iproute2"));
    return List.of(nsenter.toString(), "--net=" + netns, "--");
  }

  private Optional<Path> find(String program) {
    return Stream.concat(
            Stream.of(defaults.env().getOrDefault("PATH", "").split(":", -1)),
            Stream.of("/usr/sbin", "/sbin"))
        .filter(directory -> !directory.isEmpty())
        .map(directory -> Path.of(directory, program))
        .filter(file -> Files.isRegularFile(file) && Files.isExecutable(file))
        .findFirst();
  }

  private static int run(List<String> line) throws FailureException {
    try {
      return new ProcessBuilder(line).inheritIO().start().waitFor();
    } catch (IOException e) {
      throw new FailureException("cannot run " + line.getFirst() + ": " + e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new FailureException(e);
    }
  }
}
