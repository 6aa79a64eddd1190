package dev.podbond.parity;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/// `peer SUITE`, `podbond SUITE`: prints what the peers or ours do. `compare SUITE OURS THEIRS`:
/// exits with 1 unless every difference between two such files is explained. `record SUITE THEIRS`:
/// stores the cases of such a file in place of those recorded before.
///
/// Environment: `PEER`, `PEER_SRIOV`, `PEER_VERSION` for a recording; `CASES`, a regular expression
/// that selects cases; `VERBOSE` for a line for each call on standard error.
public final class Main {
  private static final int USAGE = 2;

  private Main() {}

  /// The command line.
  public static void main(String[] args) throws IOException {
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    System.exit(run(List.of(args), System.getenv(), out));
  }

  private static int run(List<String> args, Map<String, String> environment, PrintStream out)
      throws IOException {
    Path root = Path.of(System.getProperty("podbond.parity", "parity"));
    Pattern wanted = Pattern.compile(environment.getOrDefault("CASES", ""));
    Parity parity =
        new Parity(
            root,
            Files.createTempDirectory("parity"),
            name -> wanted.matcher(name).find(),
            environment.getOrDefault("VERBOSE", "").isEmpty() ? _ -> {} : System.err::println);
    List<String> broken = new ArrayList<>();
    if (args.size() == 2 && args.get(0).equals("peer")) {
      out.print(peer(parity, suite(args.get(1)), environment, broken).toText());
      broken.forEach(line -> System.err.println("expectation not met: " + line));
      return broken.isEmpty() ? 0 : 1;
    }
    if (args.size() == 2 && args.get(0).equals("podbond")) {
      Path dist = Path.of(System.getProperty("podbond.dist", "dist/opt"));
      out.print(parity.podbond(suite(args.get(1)), dist, broken).toText());
      broken.forEach(line -> System.err.println("expectation not met: " + line));
      return broken.isEmpty() ? 0 : 1;
    }
    if (args.size() == 4 && args.get(0).equals("compare")) {
      Recording ours = Recording.read(Path.of(args.get(2)));
      Recording theirs = Recording.read(Path.of(args.get(3)));
      Parity.Report report = parity.judge(suite(args.get(1)), ours, theirs, broken);
      out.print(report.toText());
      return report.isGood() ? 0 : 1;
    }
    if (args.size() == 3 && args.get(0).equals("record")) {
      parity.record(suite(args.get(1)), Recording.read(Path.of(args.get(2))));
      return 0;
    }
    System.err.println(
        "usage: peer SUITE | podbond SUITE | compare SUITE OURS THEIRS | record SUITE THEIRS");
    return USAGE;
  }

  private static Suite suite(String name) {
    return Suite.valueOf(name.toUpperCase(Locale.ROOT));
  }

  private static Recording peer(
      Parity parity, Suite suite, Map<String, String> environment, List<String> broken)
      throws IOException {
    Map<String, Path> executables = new HashMap<>();
    put(executables, "bond", environment.get("PEER"));
    put(executables, "sriov", environment.get("PEER_SRIOV"));
    String version = environment.getOrDefault("PEER_VERSION", "of an unknown version");
    try (Contestant peer = new GoPeer(executables)) {
      return parity.run(suite, peer, version, broken);
    }
  }

  private static void put(
      Map<String, Path> executables, String type, @org.jspecify.annotations.Nullable String path) {
    if (path != null && !path.isEmpty()) {
      executables.put(type, Path.of(path));
    }
  }
}
