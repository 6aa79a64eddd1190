package dev.podbond.metrics;

import java.nio.charset.StandardCharsets;
import java.util.List;

/// Every metric of a node's agent, in the order in which they are written: name, type, labels and
/// meaning. This is the single source of all four.
///
/// What a dashboard joins by has the same label everywhere: `bond` is the name of an interface in
/// the pod, `network` the network's name, `pf` a PF's interface name. The agent's own pod and node
/// are not among the labels, since Prometheus knows whom it asks.
public enum Metric {
  /// Identity of a bond.
  BOND_INFO(
      "podbond_bond_info",
      MetricType.GAUGE,
      Detail.BOND,
      "What the bond is, and what it survives when all its members are up. Always 1.",
      "namespace",
      "pod",
      "bond",
      "network",
      "mode",
      "monitor",
      "survives"),
  /// Carrier of a bond.
  BOND_UP(
      "podbond_bond_up",
      MetricType.GAUGE,
      Detail.BOND,
      "Whether the bond has a carrier, so that it passes traffic.",
      "namespace",
      "pod",
      "bond"),
  /// Members by the record.
  BOND_MEMBERS_CONFIGURED(
      "podbond_bond_members_configured",
      MetricType.GAUGE,
      Detail.BOND,
      "Members that the bond was made with, whether or not they are still in it.",
      "namespace",
      "pod",
      "bond"),
  /// Members that the bond can use.
  BOND_MEMBERS_UP(
      "podbond_bond_members_up",
      MetricType.GAUGE,
      Detail.BOND,
      "Members that are in the bond, that its link monitoring considers up and that are not held"
          + " back from a bad path.",
      "namespace",
      "pod",
      "bond"),
  /// Failovers.
  BOND_ACTIVE_MEMBER_CHANGES(
      "podbond_bond_active_member_changes_total",
      MetricType.COUNTER,
      Detail.BOND,
      "Changes of the active member that the agent has seen since it started.",
      "namespace",
      "pod",
      "bond"),
  /// Since when a bond is as it is.
  BOND_STATE_TIMESTAMP(
      "podbond_bond_state_timestamp_seconds",
      MetricType.GAUGE,
      Detail.BOND,
      "When the state of the bond last changed, or when the agent first saw it.",
      "namespace",
      "pod",
      "bond"),
  /// Whether LACP has a partner.
  BOND_LACP_PARTNER(
      "podbond_bond_lacp_partner",
      MetricType.GAUGE,
      Detail.BOND,
      "Whether an LACP partner answers. Only of bonds in mode 802.3ad.",
      "namespace",
      "pod",
      "bond"),
  /// Identity of a member, and where it ends.
  MEMBER_INFO(
      "podbond_member_info",
      MetricType.GAUGE,
      Detail.MEMBER,
      "What the member is; labels of what is not known are empty. Always 1.",
      "namespace",
      "pod",
      "bond",
      "member",
      "pci_address",
      "pf",
      "pf_pci_address",
      "driver"),
  /// The link monitoring's opinion of a member.
  MEMBER_UP(
      "podbond_member_up",
      MetricType.GAUGE,
      Detail.MEMBER,
      "Whether the member is in the bond, its link monitoring considers it up and it is not held"
          + " back from a bad path.",
      "namespace",
      "pod",
      "bond",
      "member"),
  /// Who carries traffic.
  MEMBER_ACTIVE(
      "podbond_member_active",
      MetricType.GAUGE,
      Detail.MEMBER,
      "Whether the member carries traffic of the bond now.",
      "namespace",
      "pod",
      "bond",
      "member"),
  /// The kernel's count of failures.
  MEMBER_LINK_FAILURES(
      "podbond_member_link_failures_total",
      MetricType.COUNTER,
      Detail.MEMBER,
      "How often the kernel counted the member's link as failed. Only of members in the bond.",
      "namespace",
      "pod",
      "bond",
      "member"),
  /// Whether LACP uses a member.
  MEMBER_LACP_ATTACHED(
      "podbond_member_lacp_attached",
      MetricType.GAUGE,
      Detail.MEMBER,
      "Whether the member is in the aggregator that carries the traffic. Only of bonds in mode"
          + " 802.3ad.",
      "namespace",
      "pod",
      "bond",
      "member"),
  /// Whether a member is kept from a bad path.
  MEMBER_HELD_BACK(
      "podbond_member_held_back",
      MetricType.GAUGE,
      Detail.MEMBER,
      "Whether the member is held back from carrying traffic, since the uplink of its PF is bad."
          + " Only where uplinks are watched, and of a bond with such a member.",
      "namespace",
      "pod",
      "bond",
      "member"),
  /// Carrier of a PF.
  PF_UP(
      "podbond_pf_up",
      MetricType.GAUGE,
      Detail.BOND,
      "Whether a PF whose VFs are members of bonds has a carrier.",
      "pf",
      "pf_pci_address"),
  /// Whether the network behind a PF's cable is there.
  PF_UPSTREAM_UP(
      "podbond_pf_upstream_up",
      MetricType.GAUGE,
      Detail.BOND,
      "Whether what is behind a PF's cable takes part: the verdict of the uplink monitor, or else"
          + " what LACP of the PF's bond on the host says. Only of PFs of which that is known.",
      "pf",
      "pf_pci_address"),
  /// Who is at the other end of a PF's cable.
  PF_NEIGHBOUR_INFO(
      "podbond_pf_neighbour_info",
      MetricType.GAUGE,
      Detail.BOND,
      "Which device and port a PF is plugged into, as LLDP says, which nobody signs. Only while one"
          + " device alone speaks. Always 1.",
      "pf",
      "pf_pci_address",
      "chassis",
      "port",
      "system_name"),
  /// Whether the uplink monitor trusts its own eyes.
  UPLINK_STORM(
      "podbond_uplink_storm",
      MetricType.GAUGE,
      Detail.BOND,
      "Whether so many uplinks look bad at once that the fault is likelier where they are watched."
          + " Only where uplinks are watched."),
  /// Members that carry nothing because of a PF.
  PF_DEMOTED_MEMBERS(
      "podbond_pf_demoted_members",
      MetricType.GAUGE,
      Detail.BOND,
      "Members of bonds on this PF that are held back, since its uplink is bad.",
      "pf",
      "pf_pci_address"),
  /// How often members were held back.
  UPLINK_DEMOTIONS(
      "podbond_uplink_demotions_total",
      MetricType.COUNTER,
      Detail.BOND,
      "Times that a member of a bond was held back because of a bad uplink."),
  /// Calls.
  CNI_CALLS(
      "podbond_cni_calls_total",
      MetricType.COUNTER,
      Detail.BOND,
      "CNI calls that the agent has carried out, failures among them.",
      "command"),
  /// Calls that failed.
  CNI_CALL_FAILURES(
      "podbond_cni_call_failures_total",
      MetricType.COUNTER,
      Detail.BOND,
      "CNI calls that ended with an error, by its code.",
      "command",
      "code"),
  /// How long calls took.
  CNI_CALL_DURATION(
      "podbond_cni_call_duration_seconds",
      MetricType.HISTOGRAM,
      Detail.BOND,
      "How long CNI calls took, from their turn to their answer.",
      "command"),
  /// What the agent did by itself.
  REPAIRS(
      "podbond_repairs_total",
      MetricType.COUNTER,
      Detail.BOND,
      "Attachments that the agent put right or removed by itself.",
      "kind"),
  /// Deletions that wait.
  PENDING_DELETIONS(
      "podbond_pending_deletions",
      MetricType.GAUGE,
      Detail.BOND,
      "Deletions that wait to be carried out."),
  /// The deletion that has waited longest.
  PENDING_DELETION_OLDEST(
      "podbond_pending_deletion_oldest_timestamp_seconds",
      MetricType.GAUGE,
      Detail.BOND,
      "When the deletion that has waited longest was asked for; 0 if none waits."),
  /// News that the kernel dropped.
  NEWS_OVERRUNS(
      "podbond_news_overruns_total",
      MetricType.COUNTER,
      Detail.BOND,
      "Times that news of links was lost, after which the agent looks at everything anew."),
  /// Which agent it is.
  BUILD_INFO(
      "podbond_build_info",
      MetricType.GAUGE,
      Detail.BOND,
      "The agent's release. Always 1.",
      "version"),
  /// Whether all bonds are shown.
  AGENT_READY(
      "podbond_agent_ready",
      MetricType.GAUGE,
      Detail.BOND,
      "Whether the agent has looked at all pods that were there when it started; until then some of"
          + " their bonds are missing."),
  /// Memory of the process.
  PROCESS_MEMORY(
      "podbond_agent_resident_memory_bytes",
      MetricType.GAUGE,
      Detail.BOND,
      "Resident memory of the agent."),
  /// Processor time of the process.
  PROCESS_CPU(
      "podbond_agent_cpu_seconds_total",
      MetricType.COUNTER,
      Detail.BOND,
      "Processor time that the agent has used, in user and kernel mode."),
  /// Start of the process.
  PROCESS_START(
      "podbond_agent_start_time_seconds",
      MetricType.GAUGE,
      Detail.BOND,
      "When the agent was started."),
  /// Traffic of a member.
  MEMBER_RECEIVE_BYTES(
      "podbond_member_receive_bytes_total",
      MetricType.COUNTER,
      Detail.TRAFFIC,
      "Bytes that the member has received.",
      "namespace",
      "pod",
      "bond",
      "member"),
  /// Traffic of a member.
  MEMBER_RECEIVE_PACKETS(
      "podbond_member_receive_packets_total",
      MetricType.COUNTER,
      Detail.TRAFFIC,
      "Packets that the member has received.",
      "namespace",
      "pod",
      "bond",
      "member"),
  /// Traffic of a member.
  MEMBER_RECEIVE_ERRORS(
      "podbond_member_receive_errors_total",
      MetricType.COUNTER,
      Detail.TRAFFIC,
      "Packets that were damaged, or failed, when they were received by the member.",
      "namespace",
      "pod",
      "bond",
      "member"),
  /// Traffic of a member.
  MEMBER_RECEIVE_DROPPED(
      "podbond_member_receive_dropped_total",
      MetricType.COUNTER,
      Detail.TRAFFIC,
      "Packets that were dropped when they were received by the member.",
      "namespace",
      "pod",
      "bond",
      "member"),
  /// Traffic of a member.
  MEMBER_TRANSMIT_BYTES(
      "podbond_member_transmit_bytes_total",
      MetricType.COUNTER,
      Detail.TRAFFIC,
      "Bytes that the member has transmitted.",
      "namespace",
      "pod",
      "bond",
      "member"),
  /// Traffic of a member.
  MEMBER_TRANSMIT_PACKETS(
      "podbond_member_transmit_packets_total",
      MetricType.COUNTER,
      Detail.TRAFFIC,
      "Packets that the member has transmitted.",
      "namespace",
      "pod",
      "bond",
      "member"),
  /// Traffic of a member.
  MEMBER_TRANSMIT_ERRORS(
      "podbond_member_transmit_errors_total",
      MetricType.COUNTER,
      Detail.TRAFFIC,
      "Packets that were damaged, or failed, when they were transmitted by the member.",
      "namespace",
      "pod",
      "bond",
      "member"),
  /// Traffic of a member.
  MEMBER_TRANSMIT_DROPPED(
      "podbond_member_transmit_dropped_total",
      MetricType.COUNTER,
      Detail.TRAFFIC,
      "Packets that were dropped when they were transmitted by the member.",
      "namespace",
      "pod",
      "bond",
      "member"),
  /// Whether all of it is there.
  LEFT_OUT(
      "podbond_metrics_left_out",
      MetricType.GAUGE,
      Detail.BOND,
      "Samples for which this answer had no room. 0 if it is complete.");

  private final String metricName;
  private final MetricType type;
  private final Detail detail;
  private final String help;

  @SuppressWarnings("ImmutableEnumChecker") // made by List.of
  private final List<String> labels;

  @SuppressWarnings("ImmutableEnumChecker") // nobody else has it
  private final byte[] nameOctets;

  @SuppressWarnings("ImmutableEnumChecker") // nobody else has it
  private final byte[] descriptionOctets;

  Metric(String metricName, MetricType type, Detail detail, String help, String... labels) {
    this.metricName = metricName;
    this.type = type;
    this.detail = detail;
    this.help = help;
    this.labels = List.of(labels);
    this.nameOctets = metricName.getBytes(StandardCharsets.US_ASCII);
    this.descriptionOctets =
        ("# HELP " + metricName + " " + help + "\n# TYPE " + metricName + " " + type + "\n")
            .getBytes(StandardCharsets.US_ASCII);
  }

  /// Its name in the text format.
  public String metricName() {
    return metricName;
  }

  /// Its type.
  public MetricType type() {
    return type;
  }

  /// The least level of detail that shows it.
  public Detail detail() {
    return detail;
  }

  /// What it means, in one line.
  public String help() {
    return help;
  }

  /// The names of its labels in their order.
  public List<String> labels() {
    return labels;
  }

  /// Its name as it is written; not to be changed.
  byte[] nameOctets() {
    return nameOctets;
  }

  /// The lines that say what it is; not to be changed.
  byte[] descriptionOctets() {
    return descriptionOctets;
  }
}
