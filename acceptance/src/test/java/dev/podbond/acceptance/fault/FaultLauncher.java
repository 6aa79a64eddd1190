package dev.podbond.acceptance.fault;

import dev.podbond.agent.Agent;
import dev.podbond.agent.Listening;
import dev.podbond.agent.serve.AgentLog;
import dev.podbond.plugins.AttachmentPlugin;
import dev.podbond.plugins.node.NodeEnvironment;
import java.nio.file.Path;

/// Runs the plugins and the agent as separate processes that fail where `PODBOND_FAULT` says, as
/// `kernel:after:7:kill`. Arguments: `bond`, `sriov`, or `agent SOCKET`; the state directory is
/// `PODBOND_STATE`.
public final class FaultLauncher {
  private FaultLauncher() {}

  static void main(String[] args) throws Exception {
    Injector injector =
        Injector.of(PlannedFault.parse(System.getenv().getOrDefault("PODBOND_FAULT", "")));
    NodeEnvironment node =
        injector.around(
            NodeEnvironment.ofThisMachine(System.err)
                .withState(Path.of(System.getenv("PODBOND_STATE"))));
    if (args[0].equals("agent")) {
      try (Agent agent =
          Agent.start(node, Listening.of(Path.of(args[1])), new AgentLog(System.err))) {
        agent.run();
      }
      return;
    }
    AttachmentPlugin plugin = AttachmentPlugin.named(args[0], node).orElseThrow();
    System.exit(plugin.serve(System.getenv(), System.in).print(System.out, System.err));
  }
}
