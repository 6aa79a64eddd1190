package dev.podbond.rules;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchRule;
import java.io.FileOutputStream;
import java.io.FileWriter;
import java.io.RandomAccessFile;
import java.net.InetAddress;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Set;
import java.util.Timer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ThreadFactory;

/// Calls of the JDK for which the house has something better. Each rule says what that is, so it
/// tells whoever meets it what to do. A class that has to make the call all the same is named in
/// the rule's list, with its reason.
final class RawCalls {
  private static final Set<String> WRITING =
      Set.of(
          "write",
          "writeString",
          "newOutputStream",
          "newBufferedWriter",
          "newByteChannel",
          "move",
          "copy",
          "createFile",
          "createTempFile",
          "createLink",
          "createSymbolicLink");

  private static final Set<String> SYSTEM_CLOCKS =
      Set.of("system", "systemUTC", "systemDefaultZone");

  /// Who spells an address as the JDK does, and why.
  static final Set<String> SPELLERS =
      Set.of(
          // Tells the JDK's HTTP server who is connected, in the JDK's words.
          "dev.podbond.https.serve.HttpServer");

  /// Beside the state files, who writes and why.
  static final Set<String> WRITERS =
      Set.of(
          // The state files themselves.
          "dev.podbond.node.state.DurableFile",
          "dev.podbond.node.state.StateFiles",
          // host-local's own files, which have no state directory around them.
          "dev.podbond.ipam.files.DiskAddressFiles",
          // A file that holds nothing but the kernel's locks.
          "dev.podbond.node.state.NodeLocks",
          // Files of sysfs, which are calls of the kernel.
          "dev.podbond.node.sysfs.PciDevices",
          // Opens a device's configuration space, to read it.
          "dev.podbond.node.sysfs.DeviceSerialNumber",
          // The file on which a namespace is mounted.
          "dev.podbond.netlink.netns.NamedNetns",
          // Opens what a shim left behind, to read it.
          "dev.podbond.agent.pending.PendingDeletions",
          // Opens a lock file.
          "dev.podbond.cli.store.ObjectStore");

  /// Who changes the mode of what has a name, and why.
  static final Set<String> PERMITTERS =
      Set.of(
          // Sockets, which are bound without a mode, in a directory of its own.
          "dev.podbond.agent.serve.ShimListener");

  /// Who starts threads in the agent, and why.
  static final Set<String> STARTERS =
      Set.of(
          // One thread per call, bounded by the limit on connections.
          "dev.podbond.agent.serve.ShimService",
          // Two threads for strangers' questions, and one that ends their connections.
          "dev.podbond.agent.serve.Strangers",
          // Descriptors are opened beside the callers.
          "dev.podbond.agent.serve.Descriptors",
          // The two lanes in which everything else has to be done.
          "dev.podbond.agent.watch.WorkQueue",
          // One reading at a time, for which the kernel may make it wait.
          "dev.podbond.agent.question.SharedReading",
          // One for a question to others, which nobody asks twice at a time.
          "dev.podbond.agent.wire.TimeLimit",
          // Threads that wait for the kernel.
          "dev.podbond.agent.watch.ListenerThread",
          "dev.podbond.agent.watch.FileWatch",
          // One that looks at uplinks, as long as a file says so.
          "dev.podbond.agent.uplink.UplinkWatch",
          // Practice before the first call, and the end of the process.
          "dev.podbond.agent.WarmUp",
          "dev.podbond.agent.Main");

  /// Who makes text of bytes between a shim's socket and the plugins, and why.
  static final Set<String> DECODERS =
      Set.of(
          // The texts of a frame: names and variables.
          "dev.podbond.agent.wire.Frame",
          // A call that the agent makes by itself, from a text.
          "dev.podbond.agent.wire.Call");

  /// Who asks the calendar in the operator, and why.
  static final Set<String> CALENDAR_READERS =
      Set.of(
          // Begins there, and then never asks again.
          "dev.podbond.operator.kubernetes.SteadyClock",
          // Times that people read in events and conditions.
          "dev.podbond.operator.kubernetes.Events",
          "dev.podbond.operator.reconcile.BondNetworkReconciler",
          // Hands the calendar to whoever writes conditions of pods.
          "dev.podbond.operator.Main",
          // A certificate ends at a time of the calendar.
          "dev.podbond.operator.certificate.WebhookCertificates");

  private RawCalls() {}

  static ArchRule addressesAreWrittenByTheVocabulary(Set<String> exceptions) {
    return noClasses()
        .that()
        .resideOutsideOfPackage("dev.podbond.value..")
        .and(notNamed(exceptions))
        .should()
        .accessTargetWhere(to(InetAddress.class, Set.of("getHostAddress")))
        .because(
            "it writes IPv6 in a long form of its own, and two spellings of one address are taken"
                + " for two addresses: use IpText.format");
  }

  static ArchRule filesAreWrittenAsStateFiles(Set<String> exceptions) {
    return noClasses()
        .that(notNamed(exceptions))
        .should()
        .accessTargetWhere(
            to(Files.class, WRITING)
                .or(to(FileChannel.class, Set.of("open")))
                .or(to(FileOutputStream.class, Set.of("<init>")))
                .or(to(FileWriter.class, Set.of("<init>")))
                .or(to(RandomAccessFile.class, Set.of("<init>"))))
        .because(
            "a file written so is half there after a crash, and no test puts faults into it: use"
                + " StateFiles, or name the class in RawCalls with the reason");
  }

  static ArchRule modesAreGivenAtCreation(Set<String> exceptions) {
    return noClasses()
        .that(notNamed(exceptions))
        .should()
        .accessTargetWhere(
            to(
                Files.class,
                Set.of(
                    "setPosixFilePermissions", "setOwner", "setAttribute", "setLastModifiedTime")))
        .because(
            "the name may be a link by then, which another user has put in its place: make the file"
                + " with its mode, or name the class in RawCalls with the reason");
  }

  static ArchRule theAgentStartsThreadsInNamedPlacesOnly(Set<String> exceptions) {
    return noClasses()
        .that()
        .resideInAPackage("dev.podbond.agent..")
        .and(notNamed(exceptions))
        .should()
        .accessTargetWhere(startOfAThread())
        .because(
            "a thread that nobody counts is one that nobody stops, and a tenant can multiply it:"
                + " plan the work in WorkQueue, or name the class in RawCalls with what bounds it");
  }

  static ArchRule theOperatorAsksTheCalendarInNamedPlacesOnly(Set<String> exceptions) {
    return noClasses()
        .that()
        .resideInAPackage("dev.podbond.operator..")
        .and(notNamed(exceptions))
        .should()
        .accessTargetWhere(
            to(Instant.class, Set.of("now"))
                .or(to(InstantSource.class, SYSTEM_CLOCKS))
                .or(to(System.class, Set.of("currentTimeMillis"))))
        .because(
            "somebody may set it back, and what has to last for a while then lasts for as long"
                + " again: use SteadyClock, or name the class in RawCalls with the reason");
  }

  static ArchRule stdinStaysBytes(Set<String> exceptions) {
    return noClasses()
        .that(
            resideInAPackage("dev.podbond.agent.wire..")
                .or(resideInAPackage("dev.podbond.agent.serve..")))
        .and(notNamed(exceptions))
        .should()
        .accessTargetWhere(
            to(String.class, Set.of("getBytes"))
                .or(to(String.class, Set.of("<init>")).and(takesBytes())))
        .because(
            "stdin reaches the JSON reader byte for byte, or malformed UTF-8 that the one-shot"
                + " refuses becomes U+FFFD here: pass the bytes on, decode the texts of a frame in"
                + " Frame");
  }

  private static DescribedPredicate<JavaAccess<?>> startOfAThread() {
    return to(Thread.class, Set.of("<init>", "start", "startVirtualThread"))
        .or(to(Thread.Builder.class, Set.of("start", "unstarted", "factory")))
        .or(to(ThreadFactory.class, Set.of("newThread")))
        .or(to(Executors.class, all()))
        .or(to(Executor.class, Set.of("<init>")))
        .or(to(ForkJoinPool.class, all()))
        .or(to(Timer.class, Set.of("<init>")))
        .or(
            to(CompletableFuture.class, all())
                .and(
                    DescribedPredicate.describe(
                        "asynchronous", access -> access.getName().endsWith("Async"))));
  }

  private static DescribedPredicate<JavaAccess<?>> takesBytes() {
    return DescribedPredicate.describe(
        "of bytes", access -> access.getTarget().getFullName().contains("([B"));
  }

  private static DescribedPredicate<String> all() {
    return DescribedPredicate.alwaysTrue();
  }

  private static DescribedPredicate<JavaAccess<?>> to(Class<?> owner, Set<String> members) {
    return to(owner, DescribedPredicate.describe(members.toString(), members::contains));
  }

  /// An access to such a member of the class or of one that extends it, be it a call or a method
  /// reference.
  private static DescribedPredicate<JavaAccess<?>> to(
      Class<?> owner, DescribedPredicate<String> member) {
    return DescribedPredicate.describe(
        "to " + owner.getSimpleName() + " " + member.getDescription(),
        access -> access.getTargetOwner().isAssignableTo(owner) && member.test(access.getName()));
  }

  /// None of these classes, nor a class within one.
  private static DescribedPredicate<JavaClass> notNamed(Set<String> names) {
    return DescribedPredicate.describe(
        "are not named in RawCalls",
        type -> {
          String name = type.getName();
          int inner = name.indexOf('$');
          return !names.contains(inner < 0 ? name : name.substring(0, inner));
        });
  }
}
