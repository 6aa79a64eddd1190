package dev.podbond.netlink.linux;

import java.util.Timer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/// The ways to start a thread, one in each class. Nothing calls them.
final class StartsThreads {
  private StartsThreads() {}

  static final class Constructor {
    void start(Runnable work) {
      new Thread(work).start();
    }
  }

  static final class Subclass extends Thread {}

  static final class Platform {
    Thread start(Runnable work) {
      return Thread.ofPlatform().start(work);
    }
  }

  static final class Virtual {
    void start(Runnable work) {
      Thread.startVirtualThread(work);
    }
  }

  static final class Reference {
    Function<Runnable, Thread> start() {
      return Thread::startVirtualThread;
    }
  }

  static final class Executor {
    ExecutorService start() {
      return Executors.newCachedThreadPool();
    }
  }

  static final class Pool {
    ExecutorService start() {
      return new ThreadPoolExecutor(1, 1, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>());
    }
  }

  static final class Asynchronous {
    CompletableFuture<Void> start(Runnable work) {
      return CompletableFuture.runAsync(work);
    }
  }

  static final class Common {
    void start(Runnable work) {
      ForkJoinPool.commonPool().execute(work);
    }
  }

  static final class Later {
    Timer start() {
      return new Timer();
    }
  }
}
