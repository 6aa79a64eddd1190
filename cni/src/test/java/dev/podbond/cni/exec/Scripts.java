package dev.podbond.cni.exec;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/// Writes shell scripts that act as plugins.
public final class Scripts {

  private Scripts() {}

  /// An executable of the given body.
  public static Path write(Path file, String body) throws IOException {
    Files.writeString(file, "#!/bin/sh\n" + body);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    return file;
  }

  /// A plugin that notes in `dir` each call (`calls`) and its stdin (`<type>.<verb>.stdin`), fails
  /// with `<type>.<verb>.error` if there is such a file, and answers ADD with `<type>.result`.
  public static void recorder(Path dir, String type) throws IOException {
    write(
        dir.resolve(type),
        """
        cd "%1$s" || exit 9
        cat > "%2$s.$CNI_COMMAND.stdin"
        env > "%2$s.$CNI_COMMAND.env"
        echo "$CNI_COMMAND %2$s" >> calls
        if [ -f "%2$s.$CNI_COMMAND.error" ]; then
          cat "%2$s.$CNI_COMMAND.error"
          exit 1
        fi
        if [ "$CNI_COMMAND" = ADD ]; then cat "%2$s.result"; fi
        """
            .formatted(dir, type));
  }
}
