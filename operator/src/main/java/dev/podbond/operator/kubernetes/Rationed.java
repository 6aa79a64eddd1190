package dev.podbond.operator.kubernetes;

/// An object that others may make many of, and for which there is room within limits.
public interface Rationed {
  /// Who shares the room with the others, in words: of one, only so much is kept.
  String sharer();

  /// What it takes of the room.
  int cost();
}
