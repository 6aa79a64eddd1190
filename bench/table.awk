# The figures of one group as a table: a column for each contestant. Read after figures.awk.
# Variables: title, group.

{
  split($1, name, ".")
  if (name[1] == group && !(name[2] in seen)) {
    seen[name[2]] = 1
    order[++rows] = name[2]
  }
}

function line(row, first, what, measure,   i, text) {
  text = sprintf("%-9s%-16s", first, what)
  for (i = 1; i <= columns; i++) {
    if (measure == "rss") text = text memory_cell(value(group, row, measure, column[i]), 11)
    else text = text cell(value(group, row, measure, column[i]), 11)
  }
  return text
}

function ratios(row, measure,   ours, least) {
  ours = value(group, row, measure, "agent")
  least = value(group, row, measure, "floor") + value(group, row, measure, "ipam")
  return ratio(ours, value(group, row, measure, "peer"), 11) ratio(ours, least, 11)
}

END {
  print title
  text = sprintf("%-25s", "")
  for (i = 1; i <= columns; i++) text = text right(heading[column[i]], 11)
  print text right("ours/peer", 11) right("ours/least", 11)
  for (r = 1; r <= rows; r++) {
    print line(order[r], order[r], "wall ms", "wall") ratios(order[r], "wall")
    print line(order[r], "", "  worst", "worst")
    print line(order[r], "", "CPU ms", "cpu") ratios(order[r], "cpu")
    print line(order[r], "", "peak RSS MB", "rss")
  }
}
