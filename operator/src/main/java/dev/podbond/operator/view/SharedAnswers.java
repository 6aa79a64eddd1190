package dev.podbond.operator.view;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BiFunction;

/// Answers of the API server, shared by all who need the same at one time. A question is sent once,
/// and its answer, even that there is no such object, is valid for a moment.
///
/// @param <K> the question
/// @param <V> the answer
final class SharedAnswers<K, V> {
  private static final System.Logger LOG = System.getLogger(SharedAnswers.class.getName());

  private static final int MOST = 256;

  private record Entry<V>(long asked, CompletableFuture<V> answer) {}

  private final BiFunction<K, Questions, V> question;
  private final long momentNanos;
  private final Map<K, Entry<V>> entries = new LinkedHashMap<>();

  /// @param question may take more questions from the first caller, if an answer needs them
  /// @param moment the validity of an answer; short enough that a user who stores an object and
  ///   uses it at once gets the new answer
  SharedAnswers(Duration moment, BiFunction<K, Questions, V> question) {
    this.momentNanos = moment.toNanos();
    this.question = question;
  }

  /// The answer; empty if it is not available now.
  Optional<V> ask(K key, Questions questions) {
    Optional<CompletableFuture<V>> answer = answer(key, questions);
    Optional<Duration> patience = questions.patience();
    if (answer.isEmpty() || patience.isEmpty()) {
      questions.unanswered();
      return Optional.empty();
    }
    try {
      return Optional.of(answer.get().get(patience.get().toNanos(), TimeUnit.NANOSECONDS));
    } catch (TimeoutException _) {
      questions.unanswered();
    } catch (ExecutionException e) {
      LOG.log(System.Logger.Level.WARNING, "the API server did not tell of " + key, e.getCause());
      questions.unanswered();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      questions.unanswered();
    }
    return Optional.empty();
  }

  private synchronized Optional<CompletableFuture<V>> answer(K key, Questions questions) {
    long now = System.nanoTime();
    entries
        .values()
        .removeIf(entry -> entry.answer().isDone() && now - entry.asked() > momentNanos);
    Entry<V> known = entries.get(key);
    if (known != null) {
      return Optional.of(known.answer());
    }
    if (entries.size() >= MOST || !questions.take()) {
      return Optional.empty();
    }
    CompletableFuture<V> answer = new CompletableFuture<>();
    entries.put(key, new Entry<>(now, answer));
    Thread.ofVirtual()
        .name("question")
        .start(() -> {
          try {
            answer.complete(question.apply(key, questions));
          } catch (RuntimeException e) {
            answer.completeExceptionally(e);
          }
        });
    return Optional.of(answer);
  }
}
