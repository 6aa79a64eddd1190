package dev.podbond.cli.diagnose;

import dev.podbond.cli.bond.KnownBond;
import dev.podbond.cli.bond.KnownBonds;
import dev.podbond.cli.bond.KnownChange;
import dev.podbond.cli.bond.KnownMember;
import dev.podbond.cli.bond.KnownPf;
import dev.podbond.cluster.observed.Health;
import dev.podbond.node.state.ClaimOwner;
import dev.podbond.node.sysfs.VfDevice;
import dev.podbond.value.AttachmentKey;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/// What is right and what is wrong with a pod's networks on its node, from the agent over records,
/// claims and VFs to the bonds and their members' links; and what to do. In the layout and the
/// words of `kubectl bond diagnose`.
///
/// @param lines in the order in which one looks
public record Diagnosis(List<Line> lines) {
  /// More damaged records or limits would push what matters out of sight.
  private static final int MOST_WARNINGS = 10;

  public Diagnosis {
    lines = List.copyOf(lines);
  }

  /// What is said of one place.
  public enum Verdict {
    /// It is as it should be.
    OK,
    /// It may be in the way of something.
    WARNING,
    /// It is what somebody has to mend, or a consequence of it.
    FAILED,
    /// It could not be looked at.
    UNKNOWN
  }

  /// One place.
  public record Line(Verdict verdict, String what) {
    @Override
    public String toString() {
      return "%-9s%s".formatted(verdict.name().toLowerCase(Locale.ROOT), what);
    }
  }

  /// How many places there are of which that is said.
  public int count(Verdict verdict) {
    return (int) lines.stream().filter(line -> line.verdict() == verdict).count();
  }

  /// The numbers in one line.
  public String summary() {
    return count(Verdict.FAILED) + " failed, " + count(Verdict.UNKNOWN) + " unknown";
  }

  /// Judges what was seen.
  ///
  /// @param pod the pod, as it was asked for
  public static Diagnosis of(String pod, NodeSight sight) {
    Judge judge = new Judge(sight);
    judge.agent();
    judge.attachments(pod);
    judge.othersWaiting();
    return new Diagnosis(judge.lines);
  }

  private static final class Judge {
    private final NodeSight sight;
    private final List<Line> lines = new ArrayList<>();
    private final Set<KnownPf> told = new HashSet<>();
    private final Set<AttachmentKey> asked = new HashSet<>();

    Judge(NodeSight sight) {
      this.sight = sight;
    }

    private void say(Verdict verdict, String what) {
      lines.add(new Line(verdict, what));
    }

    private void warn(List<String> sentences) {
      sentences.stream().limit(MOST_WARNINGS).forEach(text -> say(Verdict.WARNING, text));
      if (sentences.size() > MOST_WARNINGS) {
        say(Verdict.WARNING, "and " + (sentences.size() - MOST_WARNINGS) + " more like these");
      }
    }

    void agent() {
      switch (sight.agent()) {
        case SeenAgent.Answering(KnownBonds known) -> {
          say(Verdict.OK, "the agent of this node answers");
          warn(known.limits());
        }
        case SeenAgent.Unasked(String why) -> say(Verdict.UNKNOWN, why);
        case SeenAgent.Silent(String why) ->
            say(Verdict.FAILED, why + "; pods with bonds may neither start nor end meanwhile");
      }
    }

    void attachments(String pod) {
      switch (sight.attachments()) {
        case Seen.Hidden<List<SeenAttachment>>(String why) -> {
          say(Verdict.UNKNOWN, why);
          answer()
              .ifPresent(known ->
                  known.bonds().stream().filter(bond -> bond.isOfPod(pod)).forEach(this::bond));
        }
        case Seen.Known<List<SeenAttachment>>(List<SeenAttachment> found) -> {
          warn(sight.damaged());
          warn(sight.unreadable());
          if (found.isEmpty() && !sight.unreadable().isEmpty()) {
            say(
                Verdict.UNKNOWN,
                "there is no record of a pod \"" + pod + "\" among those that could be read");
          } else if (found.isEmpty()) {
            say(
                Verdict.FAILED,
                "there is no record of a pod \""
                    + pod
                    + "\": no network of Podbond was attached to it on this node, or all were taken"
                    + " away; the pod's events say why, and docs/errors.md explains them");
          }
          found.forEach(this::attachment);
        }
      }
    }

    private void attachment(SeenAttachment attachment) {
      asked.add(attachment.key());
      switch (attachment.phase()) {
        case COMPLETE -> say(Verdict.OK, attachment + " is made");
        case PREPARED ->
            say(
                Verdict.FAILED,
                attachment
                    + " is half made: its ADD is under way, or was interrupted and the agent takes"
                    + " it back; if it stays so, the agent's log says why");
        case REMOVING ->
            say(
                Verdict.FAILED,
                attachment
                    + " is half removed: the agent goes on with that, and its log says what is"
                    + " left");
      }
      waiting(attachment);
      switch (attachment.namespace()) {
        case THERE -> say(Verdict.OK, "its network namespace " + attachment.netns() + " is there");
        case GONE ->
            say(
                Verdict.FAILED,
                "its network namespace "
                    + attachment.netns()
                    + " is gone: the pod has ended, and the agent gives back what it had; if it"
                    + " stays so, the agent's log says why");
        case UNSEEN ->
            say(
                Verdict.UNKNOWN,
                "its network namespace "
                    + attachment.netns()
                    + " cannot be seen from here: ask in the agent's container, or as root on the"
                    + " node itself");
      }
      if (attachment.isWhole()) {
        attachment.vfs().forEach(vf -> vf(attachment, vf));
        attachment.bond().ifPresent(name -> bond(attachment, name));
        attachment.link().ifPresent(name -> link(attachment, name));
      }
    }

    private void waiting(SeenAttachment attachment) {
      if (sight.waiting() instanceof Seen.Known<List<WaitingDeletion>>(var waiting)) {
        waiting.stream()
            .filter(deletion -> deletion.key().equals(attachment.key()))
            .forEach(deletion ->
                say(
                    Verdict.FAILED,
                    "its deletion by the plugin "
                        + deletion.plugin()
                        + " waits for the agent"
                        + untilThen()));
      }
    }

    private String untilThen() {
      return switch (sight.agent()) {
        case SeenAgent.Answering _ ->
            ", which tries again and says in its log what keeps it from that";
        case SeenAgent.Silent _ -> ": it is carried out once that runs";
        case SeenAgent.Unasked _ -> "";
      };
    }

    /// What waits of other pods is a hint at best.
    void othersWaiting() {
      switch (sight.waiting()) {
        case Seen.Hidden<List<WaitingDeletion>>(String why) -> say(Verdict.UNKNOWN, why);
        case Seen.Known<List<WaitingDeletion>>(List<WaitingDeletion> waiting) -> {
          long others =
              waiting.stream().filter(deletion -> !asked.contains(deletion.key())).count();
          if (others > 0) {
            say(
                Verdict.WARNING,
                "deletions of other attachments that wait for the agent: "
                    + others
                    + "; their VFs are not free yet");
          }
        }
      }
    }

    private void vf(SeenAttachment attachment, SeenVf vf) {
      switch (vf.claim()) {
        case Seen.Hidden<Optional<ClaimOwner>>(String why) -> say(Verdict.UNKNOWN, why);
        case Seen.Known<Optional<ClaimOwner>>(Optional<ClaimOwner> owner) ->
            claim(attachment, vf, owner);
      }
      switch (vf.device()) {
        case Seen.Hidden<Optional<VfDevice>>(String why) -> say(Verdict.UNKNOWN, why);
        case Seen.Known<Optional<VfDevice>>(Optional<VfDevice> device) -> {
          if (device.isEmpty()) {
            say(
                Verdict.FAILED,
                vf
                    + " is no VF of this node any more: somebody made the PF's VFs anew"
                    + " (sriov_numvfs), or the PF has no interface; delete the pod, so that it gets"
                    + " others");
          } else {
            device(attachment, vf, device.get());
          }
        }
      }
    }

    private void claim(SeenAttachment attachment, SeenVf vf, Optional<ClaimOwner> owner) {
      AttachmentKey key = attachment.key();
      boolean isIts =
          owner
              .filter(found ->
                  found.containerId().equals(key.containerId())
                      && found.ifname().equals(key.ifname()))
              .isPresent();
      if (isIts) {
        say(Verdict.OK, vf + " is claimed for it");
      } else {
        say(
            Verdict.FAILED,
            owner.map(other -> vf + " is claimed for " + other).orElse("nothing claims " + vf)
                + ": another pod may have it or get it; delete the pod, so that its networks are"
                + " attached anew");
      }
    }

    private void device(SeenAttachment attachment, SeenVf vf, VfDevice device) {
      if (device.hostName().isPresent()
          && attachment.namespace() == SeenAttachment.Namespace.THERE) {
        say(
            Verdict.FAILED,
            vf
                + " is on the host, as "
                + device.hostName().get()
                + ", and not in the pod: the agent puts it back; if it stays there, the agent's log"
                + " says why");
      } else if (vf.isDriven() && device.driver().isEmpty()) {
        say(
            Verdict.FAILED,
            vf
                + " has no driver: have the kernel bind one (echo "
                + vf.pci()
                + " > /sys/bus/pci/drivers_probe)");
      }
    }

    private Optional<KnownBonds> answer() {
      return sight.agent().answer();
    }

    /// What the agent tells of it has times and causes; without an agent the kernel's word counts.
    private void bond(SeenAttachment attachment, String name) {
      AttachmentKey key = attachment.key();
      Optional<KnownBond> known =
          answer().stream()
              .flatMap(answer -> answer.bonds().stream())
              .filter(bond ->
                  bond.container().equals(key.containerId()) && bond.ifname().equals(key.ifname()))
              .findFirst();
      known.ifPresent(this::bond);
      if (known.isEmpty() && answer().isPresent()) {
        boolean isStarting = answer().get().isStarting();
        say(
            isStarting ? Verdict.UNKNOWN : Verdict.FAILED,
            "the agent does not tell of bond "
                + name
                + (isStarting
                    ? " yet; ask again in a moment"
                    : ": it looks again within a minute, and its log says what kept it from that"));
      }
      if (attachment.namespace() != SeenAttachment.Namespace.THERE) {
        return;
      }
      switch (attachment.kernel()) {
        case Seen.Hidden<SeenPod>(String why) -> unasked("bond " + name, why);
        case Seen.Known<SeenPod>(SeenPod(Optional<KnownBond> found, _)) -> {
          if (found.isEmpty()) {
            say(
                Verdict.FAILED,
                "the kernel has no bond "
                    + name
                    + " in the pod: somebody there deleted or renamed it; delete the pod, so that"
                    + " it gets another");
          } else if (known.isEmpty()) {
            bond(found.get());
          } else if (isAs(known.get(), found.get())) {
            say(Verdict.OK, "the kernel says the same of bond " + name);
          } else {
            say(
                Verdict.WARNING,
                "the kernel says that bond "
                    + name
                    + " is "
                    + state(found.get())
                    + ": it has just changed, or else the agent has missed something; ask again in"
                    + " a minute");
          }
        }
      }
    }

    private void unasked(String what, String why) {
      say(
          Verdict.UNKNOWN,
          "the kernel could not be asked for " + what + ": " + why + "; ask as root");
    }

    private void link(SeenAttachment attachment, String name) {
      if (attachment.namespace() != SeenAttachment.Namespace.THERE) {
        return;
      }
      switch (attachment.kernel()) {
        case Seen.Hidden<SeenPod>(String why) -> unasked("interface " + name, why);
        case Seen.Known<SeenPod>(SeenPod(_, Optional<PodLink> found)) -> {
          if (found.isEmpty()) {
            say(
                Verdict.FAILED,
                "the kernel has no interface "
                    + name
                    + " in the pod: somebody there deleted or renamed it; delete the pod, so that"
                    + " it gets another");
          } else if (!found.get().isUp()) {
            say(
                Verdict.FAILED,
                "interface "
                    + name
                    + " is set down in the pod: somebody there did that; have it set up (ip link"
                    + " set "
                    + name
                    + " up), or delete the pod");
          } else if (!found.get().hasCarrier()) {
            say(
                Verdict.FAILED,
                "interface "
                    + name
                    + " has no carrier: look at what is below it, the bond of a VLAN or the PF of"
                    + " a VF");
          } else {
            say(Verdict.OK, "interface " + name + " is up in the pod");
          }
        }
      }
    }

    private static boolean isAs(KnownBond agent, KnownBond kernel) {
      return agent.health() == kernel.health()
          && agent.active().equals(kernel.active())
          && links(agent).equals(links(kernel));
    }

    private static Set<String> links(KnownBond bond) {
      Set<String> links = new HashSet<>();
      bond.members().forEach(member -> links.add(member.name() + " " + member.state()));
      return links;
    }

    private static String state(KnownBond bond) {
      return "%s with %d of %d members up".formatted(bond.health(), bond.up(), bond.configured());
    }

    private void bond(KnownBond bond) {
      boolean isHealthy = bond.health() == Health.HEALTHY;
      String cause = bond.latest().map(KnownChange::cause).orElse("");
      say(
          switch (bond.health()) {
            case HEALTHY -> Verdict.OK;
            case DEGRADED, DOWN -> Verdict.FAILED;
            case UNKNOWN -> Verdict.UNKNOWN;
          },
          "bond "
              + bond.bond()
              + " is "
              + state(bond)
              + (bond.since().isEmpty() ? "" : ", since " + bond.since())
              + (isHealthy || cause.isEmpty() ? "" : ": " + cause));
      for (KnownMember member : bond.members()) {
        member.pf().ifPresent(this::pf);
        member(bond, member);
      }
      bond.problems().forEach(problem -> say(Verdict.FAILED, problem));
    }

    private void pf(KnownPf pf) {
      Boolean carrier = sight.carriers().get(pf);
      if (carrier == null || !told.add(pf)) {
        return;
      }
      if (carrier) {
        say(Verdict.OK, "PF " + pf + " has a carrier");
      } else {
        say(
            Verdict.FAILED,
            "PF " + pf + " has no carrier: look at its cable and the port of its switch");
      }
    }

    private void member(KnownBond bond, KnownMember member) {
      String name =
          "member " + member.name() + (member.pci().isEmpty() ? "" : " (" + member.pci() + ")");
      if (member.isUp()) {
        say(Verdict.OK, name + " is up");
      } else if (bond.problems().stream()
          .noneMatch(problem -> problem.startsWith("member " + member.name() + " "))) {
        // Otherwise the problem says it with its reason.
        say(
            Verdict.FAILED,
            member.state().equals("missing")
                ? name
                    + " is missing: it left the bond, and the agent, which puts it back, says in"
                    + " its log what keeps it from that"
                : name + " is down");
      }
    }
  }
}
