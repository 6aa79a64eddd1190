# The runner's samples as a table: medians over the rounds, one column for each contestant.
# Variables: title; contestants, in the columns' order; both, two rows whose sum in
# each round is a row of its own.

BEGIN {
  FS = "\t"
  columns = split(contestants, column, " ")
  split(both, pair, " ")
  heading["oneshot"] = "one-shot"
  heading["agent"] = "shim+agent"
  heading["peer"] = "peer"
  heading["floor"] = "floor"
  heading["ipam"] = "IPAM alone"
}

# Several calls of one row and round, as of sriov, sriov and bond, are one thing to wait for.
function add(row,   key) {
  key = row SUBSEP $3 SUBSEP $1
  wall[key] += $4 / 1e6
  cpu[key] += ($5 + $6) / 1e6
  if ($7 / 1024 > rss[row, $3] + 0) rss[row, $3] = $7 / 1024
}

!($2 in seen) { seen[$2] = 1; order[++rows] = $2 }
$1 > last_round { last_round = $1 }
$1 >= 1 {
  add($2)
  present[$2, $3] = 1
  if ($2 == pair[1] || $2 == pair[2]) {
    add("both")
    present["both", $3] = 1
  }
}

# Sorts values 1 to last_round of one row and contestant into sorted[].
function sort_rounds(values, row, contestant,   i, j, v) {
  for (i = 1; i <= last_round; i++) {
    v = values[row, contestant, i]
    for (j = i - 1; j >= 1 && sorted[j] > v; j--) sorted[j + 1] = sorted[j]
    sorted[j + 1] = v
  }
}

function median(values, row, contestant,   middle) {
  if (!((row, contestant) in present)) return ""
  sort_rounds(values, row, contestant)
  middle = int((last_round + 1) / 2)
  return last_round % 2 ? sorted[middle] : (sorted[middle] + sorted[middle + 1]) / 2
}

function worst(values, row, contestant) {
  if (!((row, contestant) in present)) return ""
  sort_rounds(values, row, contestant)
  return sorted[last_round]
}

# The kernel counts a process's pages in batches for each processor, so less than this is no figure.
function cell(value, is_memory) {
  if (value == "") return sprintf("%11s", "-")
  return is_memory && value < 0.5 ? sprintf("%11s", "<0.5") : sprintf("%11.1f", value)
}

function ratio(value, base) {
  return value == "" || base + 0 == 0 ? sprintf("%11s", "-") : sprintf("%11.2f", value / base)
}

function line(name, what, result, with_ratios,   i, text) {
  text = sprintf("%-9s%-16s", name, what)
  for (i = 1; i <= columns; i++) text = text cell(result[column[i]], what ~ /RSS/)
  if (with_ratios)
    text = text ratio(result["agent"], result["peer"]) ratio(result["agent"], result["floor"] + result["ipam"])
  print text
}

function fill(result, statistic, values, row,   i, c) {
  for (i = 1; i <= columns; i++) {
    c = column[i]
    if (statistic == "median") result[c] = median(values, row, c)
    else if (statistic == "worst") result[c] = worst(values, row, c)
    else result[c] = (row, c) in present ? rss[row, c] + 0 : ""
  }
}

END {
  print title
  text = sprintf("%-25s", "")
  for (i = 1; i <= columns; i++) text = text sprintf("%11s", heading[column[i]])
  print text sprintf("%11s%11s", "ours/peer", "ours/least")
  order[++rows] = "both"
  for (r = 1; r <= rows; r++) {
    fill(result, "median", wall, order[r])
    line(order[r], "wall ms", result, 1)
    fill(result, "worst", wall, order[r])
    line("", "  worst", result, 0)
    fill(result, "median", cpu, order[r])
    line("", "CPU ms", result, 1)
    fill(result, "peak", rss, order[r])
    line("", "peak RSS MB", result, 0)
  }
}
