package dev.podbond.value;

import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.util.Optional;

/// Why reading or writing failed, in the words of the system.
///
/// Java's own message of a failure is often the file's name alone, and its text begins with the
/// name of a Java class. Neither tells an administrator what to do.
public final class IoReason {
  private IoReason() {}

  /// The reason alone, as `permission denied`, for a sentence that names the file already.
  public static String of(Exception failure) {
    Throwable cause = unwrapped(failure);
    return told(cause).orElseGet(() -> inWords(cause));
  }

  private static Optional<String> told(Throwable cause) {
    return Optional.ofNullable(
        cause instanceof FileSystemException e ? e.getReason() : cause.getMessage());
  }

  private static String inWords(Throwable silent) {
    return switch (silent) {
      case NoSuchFileException _ -> "no such file or directory";
      case AccessDeniedException _ -> "permission denied";
      case FileAlreadyExistsException _ -> "it exists already";
      case NotDirectoryException _ -> "it is not a directory";
      case DirectoryNotEmptyException _ -> "the directory is not empty";
      case FileSystemException _ -> "the system does not say why";
      default -> silent.getClass().getSimpleName();
    };
  }

  /// The reason behind the name of the file, as `/sys/bus/pci: permission denied`. Where the
  /// failure names no file this is the reason alone.
  public static String withFile(Exception failure) {
    return unwrapped(failure) instanceof FileSystemException e && e.getFile() != null
        ? e.getFile() + ": " + of(e)
        : of(failure);
  }

  /// What a stream or a directory's iterator met.
  private static Throwable unwrapped(Exception failure) {
    return switch (failure) {
      case UncheckedIOException e when e.getCause() != null -> e.getCause();
      case DirectoryIteratorException e when e.getCause() != null -> e.getCause();
      default -> failure;
    };
  }
}
