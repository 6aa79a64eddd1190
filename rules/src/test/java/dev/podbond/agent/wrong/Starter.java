package dev.podbond.agent.wrong;

import java.util.Timer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/// Breaks the rule on threads. Nothing calls it.
public final class Starter {
  private Starter() {}

  static void startsOne(Runnable work) {
    new Thread(work).start();
  }

  static Thread makesOne(Runnable work) {
    return new Thread(work);
  }

  static void startsAPlatformThread(Runnable work) {
    Thread.ofPlatform().start(work);
  }

  static Thread makesAVirtualThread(Runnable work) {
    return Thread.ofVirtual().unstarted(work);
  }

  static void startsAVirtualThread(Runnable work) {
    Thread.startVirtualThread(work);
  }

  static void hasOneMade(ThreadFactory factory, Runnable work) {
    factory.newThread(work).start();
  }

  static Function<Runnable, Thread> passesTheCallOn() {
    return Thread::startVirtualThread;
  }

  static Executor makesAnExecutor() {
    return Executors.newCachedThreadPool();
  }

  static Executor makesAPool() {
    return new ThreadPoolExecutor(1, 1, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>());
  }

  static void completesElsewhere(Runnable work) {
    CompletableFuture.runAsync(work);
  }

  static CompletableFuture<String> goesOnElsewhere(CompletableFuture<String> before) {
    return before.thenApplyAsync(String::strip);
  }

  static void usesTheCommonPool(ForkJoinTask<Void> work) {
    ForkJoinPool.commonPool().execute(work);
  }

  static Timer setsATimer() {
    return new Timer();
  }
}
