package dev.podbond.acceptance;

import static org.junit.platform.engine.discovery.DiscoverySelectors.selectPackage;

import java.io.PrintWriter;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.engine.JupiterTestEngine;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.discovery.ClassNameFilter;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.TagFilter;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.TestPlan;
import org.junit.platform.launcher.core.LauncherConfig;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;
import org.junit.platform.launcher.listeners.TestExecutionSummary;

/// Runs the tests that carry the tag `kernel`, in the lab's guest, which has no Maven. JUnit's own
/// console would take a quarter of a minute there to read its command line.
public final class KernelTests {
  private static final String EXCEPT = "--except";

  private KernelTests() {}

  /// Tells of each test when it begins and ends, and at last how many there were. The process ends
  /// with 0 if all passed, with 1 if one failed, with 2 if there was none.
  ///
  /// @param words parts of the names of classes; none are all, and after `--except` all but these
  public static void main(String... words) {
    PrintWriter out = new PrintWriter(System.out, true);
    SummaryGeneratingListener counts = new SummaryGeneratingListener();
    LauncherConfig jupiterAlone =
        LauncherConfig.builder()
            .enableTestEngineAutoRegistration(false)
            .enableLauncherSessionListenerAutoRegistration(false)
            .enableLauncherDiscoveryListenerAutoRegistration(false)
            .enableTestExecutionListenerAutoRegistration(false)
            .addTestEngines(new JupiterTestEngine())
            .addTestExecutionListeners(counts, new Feed(out))
            .build();
    LauncherFactory.create(jupiterAlone).execute(request(words));
    TestExecutionSummary summary = counts.getSummary();
    summary.printTo(out);
    if (summary.getTestsFoundCount() == 0) {
      System.exit(2);
    }
    System.exit(summary.getTotalFailureCount() == 0 ? 0 : 1);
  }

  private static LauncherDiscoveryRequest request(String... words) {
    boolean except = words.length > 0 && words[0].equals(EXCEPT);
    String[] named =
        Arrays.stream(words)
            .skip(except ? 1 : 0)
            .map(part -> ".*" + part + ".*KernelTest")
            .toArray(String[]::new);
    LauncherDiscoveryRequestBuilder request =
        LauncherDiscoveryRequestBuilder.request()
            .selectors(selectPackage("dev.podbond"))
            .filters(
                TagFilter.includeTags("kernel"),
                ClassNameFilter.includeClassNamePatterns(
                    except || named.length == 0 ? new String[] {".*KernelTest"} : named));
    if (except) {
      request.filters(ClassNameFilter.excludeClassNamePatterns(named));
    }
    return request.build();
  }

  /// A line for each event, so that whoever follows sees which test hangs.
  private static final class Feed implements TestExecutionListener {
    private final PrintWriter out;
    private Optional<TestPlan> plan = Optional.empty();

    private Feed(PrintWriter out) {
      this.out = out;
    }

    @Override
    public void testPlanExecutionStarted(TestPlan begun) {
      plan = Optional.of(begun);
    }

    @Override
    public void executionStarted(TestIdentifier test) {
      if (test.isTest()) {
        tell(test, "STARTED");
      }
    }

    @Override
    public void executionSkipped(TestIdentifier test, String reason) {
      tell(test, "SKIPPED: " + reason);
    }

    @Override
    public void executionFinished(TestIdentifier test, TestExecutionResult result) {
      if (test.isTest() || result.getStatus() != TestExecutionResult.Status.SUCCESSFUL) {
        tell(test, result.getStatus().toString());
        result
            .getThrowable()
            .ifPresent(thrown -> {
              thrown.printStackTrace(out);
              out.flush();
            });
      }
    }

    /// As `AgentPodKernelTest > makesABond() :: STARTED`.
    private void tell(TestIdentifier test, String event) {
      TestPlan running = plan.orElseThrow();
      String path =
          Stream.iterate(
                  test,
                  one -> one.getParentId().isPresent(),
                  one -> running.getParent(one).orElseThrow())
              .map(TestIdentifier::getDisplayName)
              .toList()
              .reversed()
              .stream()
              .collect(Collectors.joining(" > "));
      out.println(path + " :: " + event);
    }
  }
}
