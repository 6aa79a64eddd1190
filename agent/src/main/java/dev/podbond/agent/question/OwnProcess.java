package dev.podbond.agent.question;

import dev.podbond.metrics.NodeReading;
import java.io.IOException;
import java.lang.module.ModuleDescriptor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What the kernel says of this process (proc(5)).
final class OwnProcess {
  private static final Path STATUS = Path.of("/proc/self/status");
  private static final Pattern RESIDENT = Pattern.compile("(?m)^VmRSS:\\s+(\\d{1,15}) kB$");
  private static final int KIB = 1024;

  private OwnProcess() {}

  /// Its memory, processor time and start; 0 for what the kernel does not say.
  static NodeReading.ProcessReading read() {
    ProcessHandle.Info process = ProcessHandle.current().info();
    return new NodeReading.ProcessReading(
        version(),
        residentBytes(),
        process.totalCpuDuration().map(Duration::toMillis).orElse(0L),
        process.startInstant().map(Instant::toEpochMilli).orElse(0L));
  }

  /// As the module's class file has it; empty on a class path.
  private static String version() {
    return Optional.ofNullable(OwnProcess.class.getModule().getDescriptor())
        .flatMap(ModuleDescriptor::rawVersion)
        .orElse("");
  }

  private static long residentBytes() {
    try {
      Matcher resident = RESIDENT.matcher(Files.readString(STATUS));
      return resident.find() ? Long.parseLong(resident.group(1)) * KIB : 0;
    } catch (IOException _) {
      return 0;
    }
  }
}
