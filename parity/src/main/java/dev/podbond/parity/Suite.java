package dev.podbond.parity;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// The cases that are compared with one peer, or with both together.
public enum Suite {
  /// Calls of `bond`, against bond-cni.
  BOND,
  /// Calls of `sriov`, against sriov-cni.
  SRIOV,
  /// Whole stories of pods on VFs, against both.
  STORIES;

  String directory() {
    return name().toLowerCase(java.util.Locale.ROOT);
  }

  /// The cases, by file and in its order.
  List<Case> cases(Path root) throws IOException {
    List<Path> files;
    try (Stream<Path> listed = Files.list(root.resolve("cases").resolve(directory()))) {
      files = listed.filter(file -> file.toString().endsWith(".cases")).sorted().toList();
    }
    List<Case> cases = new ArrayList<>();
    for (Path file : files) {
      cases.addAll(CaseReader.read(file));
    }
    return cases;
  }

  Path recording(Path root) {
    return root.resolve("recorded").resolve(directory() + ".json");
  }

  Path differences(Path root) {
    return root.resolve("differences").resolve(directory() + ".json");
  }
}
