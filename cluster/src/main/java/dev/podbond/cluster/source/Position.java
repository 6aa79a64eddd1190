package dev.podbond.cluster.source;

/// A place in an input file, printed as `FILE:LINE`.
///
/// @param line counted from 1; 0 for a value that was not read from a text
public record Position(String file, int line) {
  @Override
  public String toString() {
    return line == 0 ? file : file + ":" + line;
  }
}
