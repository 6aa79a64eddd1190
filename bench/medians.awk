# The runner's samples as figures, one on a line: GROUP.ROW.MEASURE.CONTESTANT, a tab, the value.
# Measures: wall and cpu, medians over the rounds in ms; worst, the slowest wall; rss, the peak in MiB;
# failed, how many calls.
# Variables: group; both, two rows with a comma between them, whose sum in each round is a row of its
# own; or empty.

BEGIN {
  FS = "\t"
  split(both, pair, ",")
}

# Several calls of one row and round, as of sriov, sriov and bond, are one thing to wait for.
function add(row,   key) {
  key = row SUBSEP $3 SUBSEP $1
  if (!(key in wall)) round[row, $3, ++rounds[row, $3]] = $1
  wall[key] += $4 / 1e6
  cpu[key] += ($5 + $6) / 1e6
  if ($7 / 1024 > rss[row, $3] + 0) rss[row, $3] = $7 / 1024
  failed[row, $3] += $8
}

# Rounds up to 0 warm up.
$1 < 1 { next }
!($2 in seen_row) { seen_row[$2] = 1; row_at[++rows] = $2 }
!($3 in seen_contestant) { seen_contestant[$3] = 1; contestant_at[++contestants] = $3 }
{ add($2) }
$2 == pair[1] || $2 == pair[2] { add("both") }

# Sorts the values of one row and contestant into sorted[].
function sort_rounds(values, row, contestant,   i, j, v) {
  for (i = 1; i <= rounds[row, contestant]; i++) {
    v = values[row, contestant, round[row, contestant, i]]
    for (j = i - 1; j >= 1 && sorted[j] > v; j--) sorted[j + 1] = sorted[j]
    sorted[j + 1] = v
  }
}

function median(values, row, contestant,   count, middle) {
  sort_rounds(values, row, contestant)
  count = rounds[row, contestant]
  middle = int((count + 1) / 2)
  return count % 2 ? sorted[middle] : (sorted[middle] + sorted[middle + 1]) / 2
}

function worst(values, row, contestant) {
  sort_rounds(values, row, contestant)
  return sorted[rounds[row, contestant]]
}

function figure(row, measure, contestant, value) {
  printf "%s.%s.%s.%s\t%.6f\n", group, row, measure, contestant, value
}

# What calls cost that did nothing is worth nothing: there is no figure of it.
function figures(row, contestant) {
  if (!((row, contestant) in rounds)) return
  figure(row, "failed", contestant, failed[row, contestant])
  if (failed[row, contestant] > 0) return
  figure(row, "wall", contestant, median(wall, row, contestant))
  figure(row, "worst", contestant, worst(wall, row, contestant))
  figure(row, "cpu", contestant, median(cpu, row, contestant))
  figure(row, "rss", contestant, rss[row, contestant])
}

END {
  if (pair[1] != "") row_at[++rows] = "both"
  for (r = 1; r <= rows; r++)
    for (c = 1; c <= contestants; c++) figures(row_at[r], contestant_at[c])
}
