package dev.podbond.parity;

import dev.podbond.json.Json;
import dev.podbond.json.JsonException;
import dev.podbond.json.JsonObject;
import dev.podbond.json.JsonString;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;

/// One case with one contestant.
final class CaseRun {
  private static final Path DELEGATES = Path.of("/usr/lib/cni");
  private static final String PREVIOUS = "$last";
  private static final Set<String> COMPARED = Set.of("bond", "sriov");
  private static final Set<String> OF_A_CONTAINER =
      Set.of("ADD", "DEL", "CHECK", "NONSENSE", "NOTHING");

  private final Contestant contestant;
  private final Machine machine;
  private final Path scratch;
  private final String id;
  private final Case which;
  private final Consumer<String> log;
  private final Labels labels = new Labels();
  private final Sight sight;
  private final Set<String> pods = new LinkedHashSet<>();
  private final Map<String, JsonObject> networks = new HashMap<>();
  private final Map<String, Step.Call> attached = new LinkedHashMap<>();
  private final Map<String, JsonObject> results = new HashMap<>();
  private final List<CallOutcome> outcomes = new ArrayList<>();
  private final List<String> broken = new ArrayList<>();
  private int dummies;

  private CaseRun(
      Case which,
      Contestant contestant,
      Machine machine,
      Path scratch,
      int number,
      Consumer<String> log) {
    this.which = which;
    this.log = log;
    this.contestant = contestant;
    this.machine = machine;
    this.scratch = scratch;
    this.id = "parity" + number;
    this.sight = new Sight(labels, machine.ownLinks());
  }

  /// The outcomes of the calls, and the case's unmet expectations.
  record Ended(List<CallOutcome> outcomes, List<String> broken) {}

  /// Runs it, from a fresh pod to a node without pods.
  ///
  /// @param scratch an empty directory
  /// @param number distinguishes the case's pods from those of others
  /// @param log gets a line for each call, with the text of an error
  /// @throws IOException if a step other than a call fails
  static Ended of(
      Case which,
      Contestant contestant,
      Machine machine,
      Path scratch,
      int number,
      Consumer<String> log)
      throws IOException {
    CaseRun run = new CaseRun(which, contestant, machine, scratch, number, log);
    try {
      run.prepare();
      for (Step step : which.steps()) {
        run.step(step);
      }
      return new Ended(List.copyOf(run.outcomes), List.copyOf(run.broken));
    } finally {
      run.tidy();
    }
  }

  private void prepare() throws IOException {
    labels.define("store", Files.createDirectories(scratch.resolve("store")).toString());
    labels.define("plugins", Files.createDirectories(scratch.resolve("plugins")).toString());
    addPod(Step.FIRST_POD);
  }

  private void addPod(String pod) throws IOException {
    String name = netns(pod);
    machine.addNetns(name);
    labels.define("netns_" + pod, Machine.netns(name).toString());
    labels.define("id_" + pod, name);
    pods.add(pod);
  }

  private String netns(String pod) {
    return id + "-" + pod;
  }

  private void step(Step step) throws IOException {
    switch (step) {
      case Step.NewPod(String pod) -> addPod(pod);
      case Step.EndPod(String pod) -> {
        endPod(pod);
        contestant.settle(netns(pod));
      }
      case Step.Dummies(String place, List<String> names) -> addDummies(place, names);
      case Step.Run(String place, String command) -> run(place, labels.expand(command));
      case Step.MakeVfs(int perPf, boolean anew) -> makeVfs(perPf, anew);
      case Step.Reboot() -> reboot();
      case Step.Network(String name, JsonObject config) -> networks.put(name, config);
      case Step.Call call -> call(call);
      case Step.Expect(Step.Whom whom, String facet, String value) -> {
        if (concerns(whom)) {
          expect(facet, labels.hide(value));
        }
      }
    }
  }

  private void endPod(String pod) throws IOException {
    machine.deleteNetns(netns(pod));
    pods.remove(pod);
  }

  private void addDummies(String place, List<String> names) throws IOException {
    List<String> lines = new ArrayList<>();
    for (String name : names) {
      dummies++;
      lines.add("link add %s address 02:00:00:00:00:%02x type dummy".formatted(name, dummies));
    }
    ip(place).batch(lines);
  }

  private Iproute2 ip(String place) {
    return place.equals(Step.HOST) ? Iproute2.ofHost() : Iproute2.of(netns(place));
  }

  private void run(String place, String command) throws IOException {
    List<String> words = new ArrayList<>();
    if (!place.equals(Step.HOST)) {
      words.addAll(List.of("ip", "netns", "exec", netns(place)));
    }
    words.addAll(List.of("sh", "-c", command));
    Commands.run(words, "");
  }

  private void makeVfs(int perPf, boolean anew) throws IOException {
    machine.makeVfs(perPf, anew);
    for (String pf : Machine.PFS) {
      for (int index = 0; index < perPf; index++) {
        labels.define(pf + "vf" + index, Machine.pciAddress(pf, index));
      }
    }
  }

  private void reboot() throws IOException {
    int vfs = machine.vfsPerPf();
    List<String> gone = List.copyOf(pods);
    contestant.stop();
    for (String pod : gone) {
      endPod(pod);
    }
    if (vfs > 0) {
      machine.removeVfs();
    }
    machine.deleteStrays();
    if (vfs > 0) {
      machine.makeVfs(vfs, true);
    }
    contestant.start();
    for (String pod : gone) {
      contestant.settle(netns(pod));
    }
  }

  private boolean concerns(Step.Whom whom) {
    boolean isPodbond = contestant instanceof Podbond;
    return switch (whom) {
      case BOTH -> true;
      case PEER -> !isPodbond;
      case PODBOND -> isPodbond;
    };
  }

  private void expect(String facet, String value) {
    CallOutcome last = outcomes.getLast();
    String seen = last.facets().getOrDefault(facet, Difference.NOTHING);
    if (!seen.equals(value)) {
      broken.add("%s: %s is %s, not %s".formatted(last.call(), facet, seen, value));
    }
  }

  private void call(Step.Call call) throws IOException {
    if (outcomes.isEmpty()) {
      learnMacs();
    }
    long start = System.nanoTime();
    Commands.Finished finished = execute(call);
    long called = System.nanoTime();
    remember(call, finished);
    SortedMap<String, String> facets = new TreeMap<>();
    answer(facets, finished);
    for (String pod : pods) {
      sight.pod(facets, pod, Iproute2.of(netns(pod)));
    }
    if (which.touchesTheNode()) {
      sight.host(facets, machine.vfsPerPf() > 0);
    }
    Sight.reservations(facets, scratch.resolve("store"));
    outcomes.add(new CallOutcome((outcomes.size() + 1) + "." + call.title(), facets));
    log.accept(
        "%s %s: %s; %d ms, looked at for %d ms"
            .formatted(
                which.name(),
                outcomes.getLast().call(),
                finished.exitCode() == 0 ? "ok" : finished.stdout().replaceAll("\\s+", " "),
                millis(start, called),
                millis(called, System.nanoTime())));
  }

  private static long millis(long from, long to) {
    return TimeUnit.NANOSECONDS.toMillis(to - from);
  }

  private void learnMacs() throws IOException {
    if (which.touchesTheNode()) {
      sight.learn(Iproute2.ofHost());
    }
    for (String pod : pods) {
      sight.learn(Iproute2.of(netns(pod)));
    }
  }

  private Commands.Finished execute(Step.Call call) throws IOException {
    JsonObject network = networks.get(call.network());
    if (network == null) {
      throw new IOException("no network is called " + call.network());
    }
    String type = Iproute2.text(network, "type");
    Path executable =
        COMPARED.contains(type) ? contestant.executable(type) : DELEGATES.resolve(type);
    String stdin = call.stdin().orElseGet(() -> config(network, call).toString());
    return Commands.execute(
        List.of(executable.toString()), environment(call), labels.expand(stdin));
  }

  private JsonObject config(JsonObject network, Step.Call call) {
    JsonObject config = network;
    for (String key : call.without()) {
      config = config.without(key);
    }
    config = JsonObject.builder().putAll(config).putAll(call.with()).build();
    if (config.get("prevResult").equals(Optional.of(new JsonString(PREVIOUS)))) {
      JsonObject last = results.get(call.pod());
      config = last == null ? config.without("prevResult") : config.with("prevResult", last);
    }
    return config;
  }

  private Map<String, String> environment(Step.Call call) {
    Map<String, String> environment = new HashMap<>(contestant.environment());
    environment.put("PATH", "/usr/sbin:/usr/bin:/sbin:/bin");
    environment.put("CNI_PATH", labels.expand("$plugins:" + DELEGATES));
    if (!call.verb().equals("NOTHING")) {
      environment.put("CNI_COMMAND", call.verb());
    }
    if (OF_A_CONTAINER.contains(call.verb())) {
      environment.put("CNI_CONTAINERID", netns(call.pod()));
      environment.put("CNI_NETNS", Machine.netns(netns(call.pod())).toString());
      environment.put("CNI_IFNAME", call.ifname());
    }
    call.environment()
        .forEach((key, value) -> {
          if (value.isEmpty()) {
            environment.remove(key);
          } else {
            environment.put(key, labels.expand(value));
          }
        });
    return environment;
  }

  private void remember(Step.Call call, Commands.Finished finished) {
    String attachment = call.network() + " " + call.pod() + " " + call.ifname();
    if (call.verb().equals("DEL") && finished.exitCode() == 0 && call.environment().isEmpty()) {
      attached.remove(attachment);
    }
    if (call.verb().equals("ADD")) {
      attached.put(attachment, call);
      if (finished.exitCode() == 0) {
        parse(finished.stdout()).ifPresent(result -> results.put(call.pod(), result));
      }
    }
  }

  /// Each contestant has its own texts; exit code, error code and result must agree.
  private void answer(Map<String, String> facets, Commands.Finished finished) {
    facets.put("exit", Integer.toString(finished.exitCode()));
    String output = finished.stdout().strip();
    Optional<JsonObject> json = parse(output);
    if (finished.exitCode() != 0) {
      facets.put("code", json.map(error -> Iproute2.text(error, "code")).orElse("no error object"));
    } else if (json.isPresent()) {
      Map<String, String> flat = new TreeMap<>();
      Flattening.add(flat, "result", json.get());
      flat.forEach((key, value) -> facets.put(key, labels.hide(value)));
    } else if (!output.isEmpty()) {
      facets.put("result", "no JSON");
    }
  }

  private static Optional<JsonObject> parse(String text) {
    try {
      return Optional.of(Json.parseObject(text));
    } catch (JsonException _) {
      return Optional.empty();
    }
  }

  /// Whatever a case leaves, the next one starts on a node without attachments.
  private void tidy() throws IOException {
    for (Step.Call call : List.copyOf(attached.values()).reversed()) {
      execute(
          new Step.Call(
              "DEL",
              call.network(),
              call.pod(),
              call.ifname(),
              Map.of(),
              List.of(),
              call.with().without("prevResult"),
              Optional.empty()));
    }
    for (String pod : List.copyOf(pods)) {
      endPod(pod);
    }
    if (which.touchesTheNode()) {
      machine.deleteStrays();
    }
    try (Stream<Path> files = Files.walk(scratch)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
