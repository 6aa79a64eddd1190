package dev.podbond.netlink.linux;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.constantpool.ClassEntry;
import java.lang.classfile.constantpool.MemberRefEntry;
import java.lang.classfile.constantpool.PoolEntry;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// The classes that use native memory, change namespace, start threads or make sockets, read from
/// the class files.
class NativeReachTest {
  private static Set<String> classesWith(Predicate<PoolEntry> entry) throws Exception {
    URI root = LinuxCalls.class.getProtectionDomain().getCodeSource().getLocation().toURI();
    Set<String> names = new TreeSet<>();
    try (Stream<Path> files = Files.walk(Path.of(root))) {
      for (Path file : files.filter(f -> f.toString().endsWith(".class")).toList()) {
        if (has(file, entry)) {
          String name = String.valueOf(file.getFileName()).replace(".class", "");
          names.add(name.replaceAll("\\$.*", ""));
        }
      }
    }
    return names;
  }

  private static boolean has(Path file, Predicate<PoolEntry> predicate) throws IOException {
    for (PoolEntry entry : ClassFile.of().parse(Files.readAllBytes(file)).constantPool()) {
      if (predicate.test(entry)) {
        return true;
      }
    }
    return false;
  }

  private static Predicate<PoolEntry> calls(String... methods) {
    return entry ->
        entry instanceof MemberRefEntry member
            && member.owner().asInternalName().equals("dev/podbond/netlink/linux/LinuxCalls")
            && Set.of(methods).contains(member.name().stringValue());
  }

  @Test
  void onlyOneClassUsesNativeMemoryAndFunctions() throws Exception {
    assertThat(
            classesWith(entry ->
                entry instanceof ClassEntry type
                    && type.asInternalName().startsWith("java/lang/foreign/")))
        .containsExactly("FfmLinuxCalls");
  }

  @Test
  void onlyTheNetnsThreadChangesNamespace() throws Exception {
    assertThat(classesWith(calls("setns", "unshare"))).containsExactly("NetnsThread");
  }

  private static boolean startsAThread(PoolEntry entry) {
    if (!(entry instanceof MemberRefEntry member)) {
      return false;
    }
    String owner = member.owner().asInternalName();
    String name = member.name().stringValue();
    return switch (owner) {
      case "java/lang/Thread" -> Set.of("<init>", "start", "startVirtualThread").contains(name);
      case "java/util/Timer" -> true;
      case "java/util/concurrent/CompletableFuture", "java/util/concurrent/CompletionStage" ->
          name.endsWith("Async");
      default ->
          owner.startsWith("java/lang/Thread$Builder")
              || owner.startsWith("java/util/concurrent/Exec")
              || owner.startsWith("java/util/concurrent/ForkJoin")
              || owner.startsWith("java/util/concurrent/ThreadPool")
              || owner.startsWith("java/util/concurrent/ScheduledThreadPool")
              || owner.equals("java/util/concurrent/ThreadFactory");
    };
  }

  /// A thread that another class starts could run inside a pod's namespace. A class that needs a
  /// namespace hands the work to `NetnsThread`. For any other work the calling module starts the
  /// threads.
  @Test
  void onlyTheNetnsThreadStartsAThread() throws Exception {
    assertThat(classesWith(NativeReachTest::startsAThread)).containsExactly("NetnsThread");
  }

  @Test
  void everyWayToStartAThreadIsFound() throws Exception {
    for (Class<?> way : StartsThreads.class.getDeclaredClasses()) {
      assertThat(has(classFile(way), NativeReachTest::startsAThread))
          .as(way.getSimpleName())
          .isTrue();
    }
  }

  private static Path classFile(Class<?> type) throws Exception {
    String name = type.getName().substring(type.getPackageName().length() + 1) + ".class";
    return Path.of(type.getResource(name).toURI());
  }

  /// Netns briefly needs a socket to ask for the namespace's cookie (`SO_NETNS_COOKIE`).
  @Test
  void onlyThreeClassesMakeSockets() throws Exception {
    assertThat(classesWith(calls("socket")))
        .containsExactlyInAnyOrder("Datagrams", "Netns", "PacketSocket");
  }
}
