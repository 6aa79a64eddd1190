package dev.podbond.parity;

import java.util.Map;

/// The default values of a bond's options; observations leave them out, so that outcomes stay
/// readable. Source: drivers/net/bonding of Linux 6.12, as iproute2 prints it.
final class KernelDefaults {
  private static final Map<String, String> VALUES =
      Map.ofEntries(
          Map.entry("miimon", "0"),
          Map.entry("updelay", "0"),
          Map.entry("downdelay", "0"),
          Map.entry("peer_notify_delay", "0"),
          Map.entry("use_carrier", "1"),
          Map.entry("arp_interval", "0"),
          Map.entry("arp_missed_max", "2"),
          Map.entry("arp_validate", "null"),
          Map.entry("arp_all_targets", "any"),
          Map.entry("primary_reselect", "always"),
          Map.entry("fail_over_mac", "none"),
          Map.entry("xmit_hash_policy", "layer2"),
          Map.entry("resend_igmp", "1"),
          Map.entry("num_peer_notif", "1"),
          Map.entry("all_slaves_active", "0"),
          Map.entry("min_links", "0"),
          Map.entry("lp_interval", "1"),
          Map.entry("tlb_dynamic_lb", "1"),
          Map.entry("packets_per_slave", "1"),
          Map.entry("ad_lacp_active", "on"),
          Map.entry("ad_lacp_rate", "slow"),
          Map.entry("ad_select", "stable"),
          Map.entry("ad_actor_sys_prio", "65535"),
          Map.entry("ad_user_port_key", "0"),
          Map.entry("ad_actor_system", "00:00:00:00:00:00"),
          Map.entry("coupled_control", "1"));

  private KernelDefaults() {}

  static boolean has(String option, String value) {
    return value.equals(VALUES.get(option));
  }
}
