# How a cost grows: the figures of some groups, each with its ratio to the first. Read after figures.awk.
# Variables: title; group, the beginning of the groups' names, and variants, their ends; label, what the
# variants are; verbs, the rows.

function line(first, what, verb, measure, variant,   i, v, text) {
  text = sprintf("%-9s%-10s%12s", first, what, variant)
  for (i = 1; i <= columns; i++) {
    v = value(group variant, verb, measure, column[i])
    text = text cell(v, 11) ratio(v, value(group variant_at[1], verb, measure, column[i]), 7)
  }
  return text ratio(value(group variant, verb, measure, "agent"), value(group variant, verb, measure, "peer"), 11)
}

function lines(verb, first, what, measure,   i) {
  for (i = 1; i <= count; i++)
    print line(i == 1 ? first : "", i == 1 ? what : "", verb, measure, variant_at[i])
}

END {
  count = split(variants, variant_at, " ")
  verb_count = split(verbs, verb_at, " ")
  print title
  text = sprintf("%-19s%12s", "", label)
  for (i = 1; i <= columns; i++) text = text right(heading[column[i]], 11) right("", 7)
  print text right("ours/peer", 11)
  for (r = 1; r <= verb_count; r++) {
    lines(verb_at[r], verb_at[r], "wall ms", "wall")
    lines(verb_at[r], "", "CPU ms", "cpu")
  }
}
