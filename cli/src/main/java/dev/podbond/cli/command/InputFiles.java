package dev.podbond.cli.command;

import dev.podbond.cluster.object.ClusterObject;
import dev.podbond.cluster.object.ReadObjects;
import dev.podbond.cluster.source.LocatedException;
import dev.podbond.cluster.source.Position;
import dev.podbond.cluster.yaml.YamlObjects;
import dev.podbond.json.JsonNull;
import dev.podbond.value.IoReason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/// The files given with `-f`.
final class InputFiles {
  private static final String OPTION = "-f";

  private InputFiles() {}

  static OptionSpec option(String description) {
    return OptionSpec.builder(OPTION, "--filename")
        .type(List.class)
        .auxiliaryTypes(Path.class)
        .arity("1..*")
        .required(true)
        .paramLabel("FILE|DIR|-")
        .description(description + "; - is the standard input")
        .build();
  }

  /// The given files; those of a directory in the order of their names.
  static List<Path> of(ParseResult arguments) throws FailureException {
    List<Path> given = arguments.matchedOptionValue(OPTION, List.of());
    List<Path> files = new ArrayList<>();
    for (Path path : given) {
      if (Files.isDirectory(path)) {
        files.addAll(inDirectory(path));
      } else {
        files.add(path);
      }
    }
    return List.copyOf(files);
  }

  /// All objects of the files. An unreadable file counts as an object that is not understood.
  ///
  /// @throws FailureException if no object was understood
  static ReadObjects objects(ParseResult arguments) throws FailureException {
    List<ClusterObject> objects = new ArrayList<>();
    List<ReadObjects.Unread> unread = new ArrayList<>();
    for (Path file : of(arguments)) {
      try {
        ReadObjects read = YamlObjects.readEach(file.toString(), text(file));
        objects.addAll(read.objects());
        unread.addAll(read.unread());
      } catch (LocatedException e) {
        unread.add(new ReadObjects.Unread(Optional.empty(), JsonNull.NULL, e));
      }
    }
    if (objects.isEmpty()) {
      if (unread.isEmpty()) {
        throw new FailureException("the files hold no object");
      }
      throw new FailureException(
          LocatedException.first(unread.stream().map(ReadObjects.Unread::problem).toList()));
    }
    return new ReadObjects(objects, unread);
  }

  static String text(Path file) throws LocatedException {
    try {
      return InputText.of(file, System.in);
    } catch (IOException e) {
      throw new LocatedException(new Position(file.toString(), 0), String.valueOf(e.getMessage()));
    }
  }

  private static List<Path> inDirectory(Path directory) throws FailureException {
    try (Stream<Path> entries = Files.list(directory)) {
      List<Path> files = entries.filter(InputFiles::isObjectFile).sorted().toList();
      if (files.isEmpty()) {
        throw new FailureException(directory + " holds no .yaml, .yml or .json file");
      }
      return files;
    } catch (IOException e) {
      throw new FailureException("cannot list " + directory + ": " + IoReason.of(e));
    }
  }

  private static boolean isObjectFile(Path file) {
    String name = String.valueOf(file.getFileName());
    return name.endsWith(".yaml") || name.endsWith(".yml") || name.endsWith(".json");
  }
}
