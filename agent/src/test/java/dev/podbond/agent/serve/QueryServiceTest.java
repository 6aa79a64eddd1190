package dev.podbond.agent.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.podbond.agent.wire.Answer;
import dev.podbond.agent.wire.Call;
import dev.podbond.agent.wire.Frame;
import dev.podbond.agent.wire.FrameChannel;
import dev.podbond.agent.wire.FrameKind;
import dev.podbond.agent.wire.Tag;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.PrintStream;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What strangers get from the socket for questions, and what they cannot do.
final class QueryServiceTest {
  private static final Duration LONG = Duration.ofMinutes(2);
  private static final Duration SHORT = Duration.ofMillis(200);

  @TempDir Path scratch;
  private final ByteArrayOutputStream logged = new ByteArrayOutputStream();
  private final News news = new News();
  private final List<String> asked = new CopyOnWriteArrayList<>();
  private final List<AutoCloseable> open = new ArrayList<>();
  private final AtomicInteger underWay = new AtomicInteger();
  private final AtomicInteger mostUnderWay = new AtomicInteger();

  private Path socket() {
    return scratch.resolve("questions/agent.sock");
  }

  private Strangers start(Duration question, Duration answer) throws IOException {
    Strangers service =
        QueryService.start(
            socket(),
            this::answer,
            news,
            new Strangers.Limits(question, answer),
            new AgentLog(new PrintStream(logged, true, StandardCharsets.UTF_8)));
    open.add(service);
    return service;
  }

  private Frame answer(String subject) {
    mostUnderWay.accumulateAndGet(underWay.incrementAndGet(), Math::max);
    try {
      Thread.sleep(2);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    asked.add(subject);
    underWay.decrementAndGet();
    String text = subject.repeat(subject.equals("all") ? 4_000_000 : 1);
    return new Answer(0, "about " + text, "").toFrame();
  }

  @AfterEach
  void closeAll() throws Exception {
    for (AutoCloseable one : open.reversed()) {
      one.close();
    }
  }

  private SocketChannel connect() throws IOException {
    SocketChannel connection = SocketChannel.open(UnixDomainSocketAddress.of(socket()));
    open.add(connection);
    return connection;
  }

  private Frame ask(Frame question) throws IOException {
    try (FrameChannel agent = new FrameChannel(connect(), 1 << 20)) {
      agent.send(question);
      return agent.receive().frame();
    }
  }

  private String ask(String subject) throws IOException {
    return Answer.of(ask(Frame.of(FrameKind.QUERY).with(Tag.SUBJECT, subject))).stdout();
  }

  @Test
  void whoeverCanEnterTheDirectoryMayAskAndNobodyElseMayWriteThere() throws Exception {
    start(LONG, LONG);
    assertThat(Files.getPosixFilePermissions(socket()))
        .isEqualTo(PosixFilePermissions.fromString("rw-rw-rw-"));
    assertThat(Files.getPosixFilePermissions(socket().getParent()))
        .isEqualTo(PosixFilePermissions.fromString("rwxr-xr-x"));
    assertThat(ask("bonds")).isEqualTo("about bonds");
  }

  /// Its owner could put a socket of his own in the place of ours.
  @Test
  void aDirectoryOfSomebodyElseIsRefused() throws Exception {
    Path directory = Files.createDirectory(socket().getParent());
    Set<PosixFilePermission> mode = PosixFilePermissions.fromString("rwxr-x---");
    Files.setPosixFilePermissions(directory, mode);
    Files.setOwner(
        directory,
        FileSystems.getDefault().getUserPrincipalLookupService().lookupPrincipalByName("nobody"));
    assertThatThrownBy(() -> start(LONG, LONG))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("belongs to nobody");
    assertThat(socket()).doesNotExist();
    assertThat(Files.getPosixFilePermissions(directory)).isEqualTo(mode);
  }

  /// As /tmp, whose mode all of the node relies on.
  @Test
  void aDirectoryWhereOthersWriteIsRefusedAndStaysAsItIs() throws Exception {
    Path directory = Files.createDirectory(socket().getParent());
    Files.setAttribute(directory, "unix:mode", 0_1777);
    assertThatThrownBy(() -> start(LONG, LONG))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("rwxrwxrwx");
    assertThat(socket()).doesNotExist();
    assertThat((Integer) Files.getAttribute(directory, "unix:mode") & 0_7777).isEqualTo(0_1777);
  }

  /// Who may ask is its owner's to say.
  @Test
  void aDirectoryThatIsOpenToAGroupAloneStaysSo() throws Exception {
    Path directory = Files.createDirectory(socket().getParent());
    Set<PosixFilePermission> mode = PosixFilePermissions.fromString("rwxr-x---");
    Files.setPosixFilePermissions(directory, mode);
    start(LONG, LONG);
    assertThat(ask("bonds")).isEqualTo("about bonds");
    assertThat(Files.getPosixFilePermissions(directory)).isEqualTo(mode);
  }

  /// Whoever made the link could make another.
  @Test
  void aLinkOfSomebodyElseIsRefusedAndOneOfOursIsFollowed() throws Exception {
    Path real = Files.createDirectory(scratch.resolve("real"));
    Path link = Files.createSymbolicLink(socket().getParent(), real);
    start(LONG, LONG).close();
    Files.setAttribute(link, "unix:uid", 65_534, LinkOption.NOFOLLOW_LINKS);
    assertThatThrownBy(() -> start(LONG, LONG))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(link + " belongs to ");
    assertThat(real).isEmptyDirectory();
  }

  @Test
  void nothingButAQuestionIsTaken() throws IOException {
    start(LONG, LONG);
    Frame call =
        new Call("bond", Map.of("CNI_COMMAND", "DEL", "CNI_CONTAINERID", "c1"), "{}").toFrame();
    Frame answer = ask(call);
    assertThat(answer.knownKind()).contains(FrameKind.UNSUPPORTED);
    assertThat(answer.number(Tag.KIND, 1)).isEqualTo(1);
    assertThat(ask(Frame.of(FrameKind.RAN)).knownKind()).contains(FrameKind.UNSUPPORTED);
    assertThat(asked).isEmpty();
  }

  @Test
  void aLongQuestionIsNoQuestion() throws IOException {
    start(LONG, LONG);
    Frame question = Frame.of(FrameKind.QUERY).with(Tag.SUBJECT, "x".repeat(200_000));
    assertThat(ask(question).knownKind()).contains(FrameKind.UNSUPPORTED);
    assertThat(asked).isEmpty();
    assertThat(ask("bonds")).isEqualTo("about bonds");
  }

  @Test
  void whoeverSaysNothingIsHungUpOn() throws IOException {
    start(SHORT, LONG);
    List<SocketChannel> silent = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      silent.add(connect());
    }
    assertThat(ask("bonds")).isEqualTo("about bonds");
    for (SocketChannel one : silent) {
      assertThat(one.read(ByteBuffer.allocate(1))).isNegative();
    }
  }

  @Test
  void whoeverDoesNotTakeItsAnswerIsHungUpOn() throws IOException {
    start(LONG, SHORT);
    for (int i = 0; i < 3; i++) {
      SocketChannel connection = connect();
      ByteBuffer question =
          ByteBuffer.wrap(Frame.of(FrameKind.QUERY).with(Tag.SUBJECT, "all").toBytes());
      while (question.hasRemaining()) {
        connection.write(question);
      }
    }
    assertThat(ask("bonds")).isEqualTo("about bonds");
  }

  /// So that the agent's memory holds no more of them.
  @Test
  void twoQuestionsAreAnsweredAtATime() throws Exception {
    start(LONG, LONG);
    List<Thread> askers = new ArrayList<>();
    List<String> answers = new CopyOnWriteArrayList<>();
    for (int i = 0; i < 12; i++) {
      askers.add(
          Thread.ofVirtual()
              .start(() -> {
                try {
                  for (int turn = 0; turn < 10; turn++) {
                    try (FrameChannel agent =
                        new FrameChannel(
                            SocketChannel.open(UnixDomainSocketAddress.of(socket())), 1_000)) {
                      agent.send(Frame.of(FrameKind.QUERY).with(Tag.SUBJECT, "bonds"));
                      answers.add(Answer.of(agent.receive().frame()).stdout());
                    }
                  }
                } catch (IOException e) {
                  throw new AssertionError(e);
                }
              }));
    }
    for (Thread asker : askers) {
      asker.join();
    }
    assertThat(answers).hasSize(120).containsOnly("about bonds");
    assertThat(mostUnderWay).hasValueBetween(1, 2);
  }

  private FrameChannel listen() throws IOException {
    FrameChannel listener = new FrameChannel(connect(), 1_000);
    listener.send(Frame.of(FrameKind.QUERY).with(Tag.SUBJECT, "news"));
    return listener;
  }

  private static String next(FrameChannel listener) throws IOException {
    return Answer.of(listener.receive().frame()).stdout();
  }

  @Test
  void aListenerHearsOfEachChangeAndHoldsUpNobody() throws IOException {
    start(LONG, LONG);
    List<FrameChannel> listeners = new ArrayList<>();
    for (int i = 0; i < News.MOST_LISTENERS; i++) {
      listeners.add(listen());
      assertThat(next(listeners.getLast())).isEqualTo("{\"revision\": 0}\n");
    }
    news.changed();
    news.changed();
    for (FrameChannel listener : listeners) {
      assertThat(next(listener)).isEqualTo("{\"revision\": 1}\n");
      assertThat(next(listener)).isEqualTo("{\"revision\": 2}\n");
    }
    assertThat(ask("bonds")).isEqualTo("about bonds");
  }

  @Test
  void oneListenerTooManyIsToldSoAndGetsThePlaceOfOneWhoWent() throws IOException {
    start(LONG, LONG);
    List<FrameChannel> listeners = new ArrayList<>();
    for (int i = 0; i < News.MOST_LISTENERS; i++) {
      listeners.add(listen());
      next(listeners.getLast());
    }
    try (FrameChannel refused = listen()) {
      Answer answer = Answer.of(refused.receive().frame());
      assertThat(answer.exitCode()).isEqualTo(1);
      assertThat(answer.stderr()).contains("8 listeners already");
    }
    listeners.removeFirst().close();
    assertThat(next(listen())).isEqualTo("{\"revision\": 0}\n");
    assertThat(next(listeners.getFirst(), news)).isEqualTo("{\"revision\": 1}\n");
  }

  private static String next(FrameChannel listener, News news) throws IOException {
    news.changed();
    return next(listener);
  }

  /// Its news wait in the kernel until there is no more room, and then it has enough of them.
  @Test
  void aListenerWhoDoesNotReadCostsNothing() throws IOException {
    start(LONG, LONG);
    try (FrameChannel idle = listen();
        FrameChannel other = listen()) {
      next(idle);
      next(other);
      for (int i = 1; i <= 100_000; i++) {
        news.changed();
        assertThat(next(other)).isEqualTo("{\"revision\": %d}\n".formatted(i));
      }
      assertThat(ask("bonds")).isEqualTo("about bonds");
    }
  }

  @Test
  void whoListensIsHungUpOnWhenTheAgentEnds() throws IOException {
    start(LONG, LONG);
    try (FrameChannel listener = listen()) {
      next(listener);
      news.close();
      assertThatThrownBy(listener::receive).isInstanceOf(EOFException.class);
      assertThat(Answer.of(listen().receive().frame()).exitCode()).isEqualTo(1);
    }
  }

  @Test
  void nonsenseIsNoReasonToWriteALine() throws IOException {
    start(LONG, LONG);
    for (int i = 0; i < 20; i++) {
      try (SocketChannel raw = SocketChannel.open(UnixDomainSocketAddress.of(socket()))) {
        raw.write(ByteBuffer.wrap("GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII)));
      }
    }
    assertThat(ask("bonds")).isEqualTo("about bonds");
    assertThat(logged.toString(StandardCharsets.UTF_8)).isEmpty();
  }

  @Test
  void aStoppedServiceIsGone() throws IOException {
    Strangers service = start(LONG, LONG);
    service.close();
    assertThat(socket()).doesNotExist();
    assertThatThrownBy(this::connect).isInstanceOf(IOException.class);
  }
}
