# What bursts cost, one line for each contestant and verb. Read after figures.awk.
# Variables: title. Groups are "burst-" and the verb; the row "all" is the whole burst.

function seconds(millis) { return millis == "" ? "-" : sprintf("%.2f", millis / 1000) }

function whole(millis) { return millis == "" ? "-" : sprintf("%.0f", millis) }

function line(who, verb,   group, total) {
  group = "burst-" verb
  if (value(group, "all", "failed", who) == "") return
  total = value(group, "all", "wall", who)
  print sprintf("%-12s %-5s %9s %8s %11s %12s %10s %8s %7s", heading[who], verb, seconds(total), \
    who == "agent" ? ratio(total, value(group, "all", "wall", "peer"), 8) : "", \
    whole(value(group, verb, "wall", who)), whole(value(group, verb, "worst", who)), \
    seconds(value(group, "all", "cpu", who)), memory_cell(value(group, "all", "rss", who), 8), \
    value(group, "all", "failed", who) + 0)
}

END {
  print title
  printf "%-12s %-5s %9s %8s %11s %12s %10s %8s %7s\n", "", "verb", "total s", "to peer", "median ms", \
    "slowest ms", "CPU s", "RSS MB", "failed"
  for (i = 1; i <= columns; i++) {
    line(column[i], "ADD")
    line(column[i], "DEL")
  }
}
