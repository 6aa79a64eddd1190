package dev.podbond.acceptance;

import java.io.IOException;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// One kind of tenant of a soak: what it does to the node with its own pod, between the pod's start
/// and end. Its calls may fail, since the agent may be gone at that moment. The test checks what is
/// left when all tenants are gone.
enum SoakTenant {
  /// A bond that is made, checked and removed.
  ORDINARY {
    @Override
    void live(Visit visit) throws Exception {
      Outcome added = visit.run("ADD");
      if (added.exitCode() == 0) {
        Outcome _ = visit.agent().run("CHECK", visit.with("'prevResult': " + added.json()));
      }
      visit.delete();
    }
  },

  /// A pod that is gone before anybody asked for its DEL; nobody ever asks.
  VANISHING {
    @Override
    void live(Visit visit) throws Exception {
      Outcome _ = visit.run("ADD");
      visit.pod().destroy();
    }
  },

  /// A runtime that gives up in the middle of a call.
  IMPATIENT {
    @Override
    void live(Visit visit) throws Exception {
      Dist.Running call = visit.agent().start("ADD", visit.call());
      if (!call.process().waitFor(visit.random().nextInt(1500), TimeUnit.MILLISECONDS)) {
        call.process().destroyForcibly();
      }
      call.process().waitFor();
      visit.delete();
    }
  },

  /// An IPAM plugin that answers late, and then that it has no address.
  WITHOUT_IPAM {
    @Override
    void live(Visit visit) throws Exception {
      PluginCall hanging =
          visit.with("'ipam': {'type': 'hanging'}").withPath(visit.call().node().plugins());
      Dist.Running call = visit.agent().start("ADD", hanging);
      Outcome _ = call.outcome();
      visit.delete(hanging);
    }
  },

  /// A user with NET_ADMIN in the pod, who changes its links at will.
  MEDDLING {
    private static final List<String> DEEDS =
        List.of(
            "link set bond0 down",
            "link set bond0 name mine",
            "link delete bond0",
            "link set net1 nomaster",
            "link set net1 name bond0",
            "link set net2 down",
            "link set net2 arp off multicast off promisc on allmulticast on txqueuelen 1",
            "link set net1 mtu 1300",
            "link set net1 alias here",
            "address flush dev bond0",
            "link add link net2 name above type macvlan",
            "link add bond1 type bond",
            "route add 198.51.100.0/24 dev bond0");

    @Override
    void live(Visit visit) throws Exception {
      Outcome _ = visit.run("ADD");
      for (int i = 0; i < 4; i++) {
        String deed = DEEDS.get(visit.random().nextInt(DEEDS.size()));
        Shell.attempt(List.of("sh", "-c", "ip -n " + visit.pod().name() + " " + deed));
      }
      visit.delete();
    }
  },

  /// A user whose pod holds more than an agent should ever keep.
  CROWDED {
    private static final int MANY = 1000;

    @Override
    void live(Visit visit) throws Exception {
      batch(visit, i -> "link add many" + i + " type dummy");
      batch(visit, i -> "route add blackhole 198.18.%d.%d/32".formatted(i / 250, i % 250));
      Outcome _ = visit.run("ADD");
      visit.delete();
    }

    private static void batch(Visit visit, IntFunction<String> line) throws IOException {
      String lines =
          IntStream.range(0, MANY).mapToObj(line).collect(Collectors.joining("\n", "", "\n"));
      Process ip =
          new ProcessBuilder("ip", "-n", visit.pod().name(), "-force", "-batch", "-")
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      try (var in = ip.outputWriter()) {
        in.write(lines);
      }
      try {
        ip.waitFor();
      } catch (InterruptedException e) {
        throw new IOException(e);
      }
    }
  },

  /// A user whose annotation is as long as Kubernetes allows.
  VERBOSE {
    @Override
    void live(Visit visit) throws Exception {
      PluginCall call = visit.with("'args': {'cni': {'more': [" + "{},".repeat(80_000) + "{}]}}");
      Outcome _ = visit.agent().run("ADD", call);
      visit.delete(call);
    }
  },

  /// A user whose interface has a name that Multus accepts.
  ODDLY_NAMED {
    @Override
    void live(Visit visit) throws Exception {
      PluginCall call = visit.call().withIfname("né1");
      Outcome _ = visit.agent().run("ADD", call);
      visit.delete(call);
    }
  };

  /// One pod's time on the node.
  ///
  /// @param call the attachment that its tenant has
  record Visit(AgentProcess agent, Pod pod, PluginCall call, Random random) {
    PluginCall with(String members) {
      return call.with(members);
    }

    Outcome run(String verb) throws Exception {
      return agent.run(verb, call);
    }

    void delete() throws Exception {
      delete(call);
    }

    /// Like kubelet: repeats until it succeeds.
    void delete(PluginCall attachment) throws Exception {
      Eventually.is(
          "the DEL of " + attachment.containerId() + " ends well",
          () -> agent.run("DEL", attachment).exitCode() == 0);
    }
  }

  abstract void live(Visit visit) throws Exception;
}
