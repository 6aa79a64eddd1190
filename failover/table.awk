# One log of `traffic` as rows of the table, one for each event, and the verdict on each.
# Variables: mode, fom, trust, monitor, interval_millis, detection_millis, packet_interval_micros,
# slack_millis, grace_millis. Ends with 1 if active-backup lost more than it may. With the variable
# header it prints the table's head.

BEGIN {
  if (header) {
    print "| mode | failOverMac | trust | monitor, ms | event | sent | lost | may lose | lost after the bond acted | duplicates | outage ms | TCP stall ms | driver ms | RTNL ms | reset ms | bond ms | switch ms | verdict |"
    print "|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|"
    exit
  }
}

function millis(micros) { return sprintf("%.0f", micros / 1000) }

function both(figures, n) { return figures[n, "up"] + 0 " + " figures[n, "down"] + 0 }

function since(time, start) { return time == "" || start == "" ? "-" : time < start ? 0 : millis(time - start) }

function is_back(n) { return kind[n] ~ /^(pf-up|silent-restore|switch-back|beyond-back)$/ }

# The links of the event that count: of both the first that comes back.
function concerns(n, link) { return kind[n] == "both-down-then-up" || link == member[n] }

function by_driver() { return monitor == "miimon" }

function packets_in(time_millis) { return int(time_millis * 1000 / packet_interval_micros) }

# When the bond may act: with ARP monitoring, and where the agent judges the uplink, after what was done to
# the cable; else when its driver has
# reported the link, which the bond may know before it is announced; when the PF has been closed, for
# that holds the kernel's RTNL lock, which the bond's monitor needs; and when the driver has reset the
# VF, for it waits for the mailbox of a dead PF with softirqs off, and the timer of the bond's monitor,
# where it is of the same processor, does not expire before.
function may_act(n,   time) {
  if (!by_driver()) return done[n]
  time = n in begins && begins[n] < driver[n] ? begins[n] : driver[n]
  if (time != "" && n in closed && closed[n] > time) time = closed[n]
  return time != "" && waited_for_reset(n) && reset[n] > time ? reset[n] : time
}

function waited_for_reset(n) { return n in reset && (switch_start(n) == "" || reset[n] <= switch_start(n)) }

# When the kernel switches over, during which it may wait for the driver of a dead VF.
function switch_start(n) { return n in begins ? begins[n] : noticed[n] }

function switch_end(n) { return n in ends ? ends[n] : switched[n] }

# The packets that an event may cost in each direction: those sent until the bond may act, and
# those of the time that the monitor takes by its definition, and those of the time in which the kernel
# switches over.
# When a link comes back none. Where the agent gives a bond its primary back the traffic moves once more: what is
# then on its way by the other member finds no active one there.
function allowance(n, direction) {
  if (is_back(n)) return kind[n] ~ /^(switch|beyond)-back$/ && switched[n] != "" ? packets_in(grace_millis) : 0
  return until_may_act[n, direction] + packets_in(detection_millis + slack_millis) + switching[n, direction]
}

$2 == "mark" && $3 == "event" { n++; kind[n] = $4; member[n] = $5; start[n] = $1; next }
$2 == "mark" && $3 == "done" { done[n] = $1; next }

function is_lost(n) { return kind[n] ~ /^(pf-down|silent-cut|switch-dead|beyond-lost)$/ }

# The first of each is what the event brought about.
$2 == "kernel" && n > 0 && is_lost(n) {
  if ($3 == "pf_closed" && !(n in closed)) closed[n] = $1
  if ($3 == "reset_ends" && !(n in reset)) reset[n] = $1
  if ($3 == "switch_begins" && !(n in begins)) begins[n] = $1
  if ($3 == "switch_ends" && !(n in ends)) ends[n] = $1
}

$2 == "link" && $3 == "pod" && n > 0 && (kind[n] != "both-down-then-up" || done[n] != "") {
  lost_kind = is_lost(n)
  if ($5 == (lost_kind ? "no-carrier" : "carrier") && concerns(n, $4) && !(n in driver))
    driver[n] = $1
  if ($5 == (lost_kind ? "member-down" : "member-up") && concerns(n, $4) && !(n in noticed))
    noticed[n] = $1
  if ($5 == "active" && $6 != "none" && !(lost_kind && $6 == member[n]) && !(n in switched))
    switched[n] = $1
}

# The windows are known now: packets and bytes come last.
function window(time) {
  while (at < n && time >= start[at + 1]) at++
  return at
}

function recovered(time) {
  if (run && time - run > outage[at, direction]) outage[at, direction] = time - run
  run = 0
}

($2 == "udp" ? $3 : $2) != direction {
  recovered(last_sent)
  direction = $2 == "udp" ? $3 : $2
  at = 0
}
$2 == "udp" && window($1) > 0 {
  sent[at, $3]++
  if (may_act(at) == "" || $1 <= may_act(at)) until_may_act[at, $3]++
  if (switch_end(at) != "" && $1 > switch_start(at) && $1 <= switch_end(at)) switching[at, $3]++
  if ($5 > 1) duplicates[at] += $5 - 1
  if ($5 == 0) {
    lost[at, $3]++
    if (at in switched && $1 > switched[at]) after[at, $3]++
    if (!run) run = $1
  } else recovered($1)
  last_sent = $1
}

$2 == "tcp" {
  window($1)
  if (last && $1 - last > stall[at]) stall[at] = $1 - last
  last = $1
}

$2 == "end" { tcp_sent = $3; tcp_received = $4 }

# Where both links were gone, pod and gateway have to find each other anew.
function grace(n) { return packets_in(kind[n] == "both-down-then-up" ? slack_millis : grace_millis) }

function too_many(n, direction) {
  return lost[n, direction] > allowance(n, direction) || after[n, direction] > grace(n)
}

END {
  if (header) exit
  if (n == 0 || tcp_sent == "") { print "the log ends too early" > "/dev/stderr"; exit 1 }
  status = 0
  for (i = 1; i <= n; i++) {
    verdict = mode != "active-backup" ? "-" : too_many(i, "up") || too_many(i, "down") ? "TOO MANY" : "ok"
    if (verdict == "TOO MANY") status = 1
    longest = outage[i, "up"] > outage[i, "down"] ? outage[i, "up"] : outage[i, "down"]
    told = is_back(i) && i in driver ? driver[i] : may_act(i)
    acted = is_lost(i) ? switch_start(i) : i in noticed ? noticed[i] : switched[i]
    printf "| %s | %s | %s | %s %d | %s | %d | %s | %s | %s | %d | %s | %s | %s | %s | %s | %s | %s | %s |\n", mode, \
      mode == "active-backup" ? fom : "-", trust, monitor, interval_millis, kind[i], \
      sent[i, "up"] + sent[i, "down"], both(lost, i), \
      mode == "active-backup" ? allowance(i, "up") " + " allowance(i, "down") : "-", both(after, i), \
      duplicates[i], millis(longest), millis(stall[i]), \
      since(driver[i], kind[i] == "both-down-then-up" ? done[i] : start[i]), \
      since(closed[i], start[i]), waited_for_reset(i) ? since(reset[i], start[i]) : "-", since(acted, told), \
      is_lost(i) ? since(switch_end(i), switch_start(i)) : since(switched[i], noticed[i]), verdict
  }
  if (tcp_sent != tcp_received) {
    print "TCP: sent " tcp_sent " bytes, and only " tcp_received " arrived" > "/dev/stderr"
    status = 1
  }
  exit status
}
