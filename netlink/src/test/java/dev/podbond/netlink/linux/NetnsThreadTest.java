package dev.podbond.netlink.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.podbond.netlink.Errno;
import dev.podbond.netlink.LinuxException;
import java.lang.reflect.Proxy;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class NetnsThreadTest {
  private static final int HOME = 3;
  private static final int POD = 9;

  private final List<String> journal = new CopyOnWriteArrayList<>();
  private final List<Thread> visitors = new CopyOnWriteArrayList<>();
  private volatile boolean wayBackBlocked;
  private volatile boolean podGone;

  /// Records each call; descriptor 3 is the home namespace.
  private final LinuxCalls calls =
      (LinuxCalls)
          Proxy.newProxyInstance(
              LinuxCalls.class.getClassLoader(),
              new Class<?>[] {LinuxCalls.class},
              (proxy, method, arguments) -> {
                String call =
                    Arrays.stream(arguments == null ? new Object[0] : arguments)
                        .map(String::valueOf)
                        .collect(Collectors.joining(",", method.getName() + "(", ")"));
                journal.add(call);
                return switch (method.getName()) {
                  case "open" -> HOME;
                  case "socket" -> 42;
                  case "setns" -> {
                    int target = (int) arguments[0];
                    if (target == HOME ? wayBackBlocked : podGone) {
                      throw new LinuxException(call, Errno.EPERM);
                    }
                    yield null;
                  }
                  default -> null;
                };
              });

  private final NetnsThread netns = new NetnsThread(calls);

  private int openSocket() throws LinuxException {
    return netns.inside(
        POD,
        c -> {
          visitors.add(Thread.currentThread());
          return c.socket(16, 3, 0);
        });
  }

  private static final String OPEN_HOME = "open(/proc/thread-self/ns/net,0)";
  private static final String ENTER = "setns(9,1073741824)";
  private static final String RETURN = "setns(3,1073741824)";

  @Test
  void aVisitIsFourCallsOnAThreadOfItsOwn() throws Exception {
    assertThat(openSocket()).isEqualTo(42);
    assertThat(openSocket()).isEqualTo(42);
    assertThat(journal)
        .containsExactly(
            OPEN_HOME, ENTER, "socket(16,3,0)", RETURN, ENTER, "socket(16,3,0)", RETURN);
    assertThat(visitors.getFirst()).isNotSameAs(Thread.currentThread());
    assertThat(visitors.getFirst().isVirtual()).isFalse();
    assertThat(visitors.getFirst()).isSameAs(visitors.getLast());
  }

  @Test
  void aFailureInsideIsThrownAfterTheReturn() {
    assertThatThrownBy(() ->
            netns.inside(
                POD,
                c -> {
                  throw new LinuxException("socket", Errno.EMFILE);
                }))
        .hasMessageContaining("EMFILE");
    assertThat(journal).containsExactly(OPEN_HOME, ENTER, RETURN);
  }

  @Test
  void programmingErrorsInsideReachTheCallerAndTheThreadIsHome() throws Exception {
    assertThatThrownBy(() ->
            netns.inside(
                POD,
                c -> {
                  throw new IllegalStateException("wrong");
                }))
        .isInstanceOf(IllegalStateException.class);
    assertThat(openSocket()).isEqualTo(42);
  }

  @Test
  void aNamespaceThatCannotBeEnteredNeedsNoReturn() throws Exception {
    podGone = true;
    assertThatThrownBy(this::openSocket).hasMessageContaining("EPERM");
    assertThat(journal).containsExactly(OPEN_HOME, ENTER);
    podGone = false;
    assertThat(openSocket()).isEqualTo(42);
  }

  @Test
  void aThreadThatCannotReturnEndsAndIsReplaced() throws Exception {
    wayBackBlocked = true;
    assertThat(openSocket()).isEqualTo(42);
    visitors.getFirst().join(5_000);
    assertThat(visitors.getFirst().isAlive()).isFalse();
    wayBackBlocked = false;
    assertThat(openSocket()).isEqualTo(42);
    assertThat(visitors.getLast()).isNotSameAs(visitors.getFirst());
  }

  @Test
  void aNewNamespaceIsLeftLikeAnyOther() throws Exception {
    int result = netns.insideNew(c -> c.socket(1, 2, 3));
    assertThat(result).isEqualTo(42);
    assertThat(journal).containsExactly(OPEN_HOME, "unshare(1073741824)", "socket(1,2,3)", RETURN);
  }

  @Test
  void visitsFromManyThreadsDoNotMix() throws Exception {
    List<Thread> threads =
        java.util.stream.IntStream.range(0, 8)
            .mapToObj(i ->
                (i % 2 == 0 ? Thread.ofPlatform() : Thread.ofVirtual())
                    .start(() -> {
                      for (int n = 0; n < 50; n++) {
                        try {
                          openSocket();
                        } catch (LinuxException e) {
                          throw new AssertionError(e);
                        }
                      }
                    }))
            .toList();
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(visitors).hasSize(400).containsOnly(visitors.getFirst());
    for (int i = 1; i < journal.size(); i += 3) {
      assertThat(journal.subList(i, i + 3)).containsExactly(ENTER, "socket(16,3,0)", RETURN);
    }
  }
}
