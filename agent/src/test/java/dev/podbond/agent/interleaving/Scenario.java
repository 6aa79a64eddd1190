package dev.podbond.agent.interleaving;

import java.util.List;

/// Threads that meet in the classes under test, made anew for each run of [Interleavings].
public interface Scenario {
  /// What each of the threads does.
  List<Runnable> threads();

  /// What is so when all have ended. It must hold however the threads really run.
  void check() throws Exception;
}
