package dev.podbond.agent.question;

import dev.podbond.metrics.NodeReading;
import java.io.IOException;
import java.lang.module.ModuleDescriptor;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;

/// What the kernel says of this process (proc(5)). It is asked at each answer with metrics, so by
/// two small files alone: a [ProcessHandle] also looks up the user's name and the command.
final class OwnProcess {
  private static final Path STATUS = Path.of("/proc/self/status");
  private static final Path STAT = Path.of("/proc/self/stat");
  private static final int KIB = 1024;

  /// Linux counts in hundredths of a second for programs, whatever it counts in itself.
  private static final long TICK_MILLIS = 10;

  /// Behind the program's name, which may be anything, that of the state is the first.
  private static final int USER_TICKS = 11;

  private static final int SYSTEM_TICKS = 12;

  /// These do not change.
  private static final String VERSION = version();

  private static final long START_MILLIS =
      ProcessHandle.current().info().startInstant().map(Instant::toEpochMilli).orElse(0L);

  private OwnProcess() {}

  /// Its memory, processor time and start; 0 for what the kernel does not say.
  static NodeReading.ProcessReading read() {
    return new NodeReading.ProcessReading(
        VERSION, residentBytes(text(STATUS)), cpuMillis(text(STAT)), START_MILLIS);
  }

  /// As the module's class file has it; empty on a class path.
  private static String version() {
    return Optional.ofNullable(OwnProcess.class.getModule().getDescriptor())
        .flatMap(ModuleDescriptor::rawVersion)
        .orElse("");
  }

  private static String text(Path file) {
    try {
      return Files.readString(file, StandardCharsets.ISO_8859_1);
    } catch (IOException _) {
      return "";
    }
  }

  /// The line `VmRSS: 65000 kB` of `status`.
  static long residentBytes(String status) {
    String name = "\nVmRSS:";
    int line = status.indexOf(name);
    int unit = status.indexOf(" kB\n", line);
    return line < 0 || unit < 0
        ? 0
        : number(status.substring(line + name.length(), unit).strip()) * KIB;
  }

  /// What programs and kernel took, by `stat`.
  static long cpuMillis(String stat) {
    String[] fields =
        stat.substring(stat.lastIndexOf(')') + 1).strip().split(" ", SYSTEM_TICKS + 2);
    return fields.length <= SYSTEM_TICKS
        ? 0
        : (number(fields[USER_TICKS]) + number(fields[SYSTEM_TICKS])) * TICK_MILLIS;
  }

  private static long number(String text) {
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException _) {
      return 0;
    }
  }
}
