# What the tables have in common: figures by their names, headings and cells. Read before each of them.
# Variables: contestants, in the columns' order.

BEGIN {
  FS = "\t"
  columns = split(contestants, column, " ")
  heading["oneshot"] = "one-shot"
  heading["agent"] = "shim+agent"
  heading["peer"] = "peer"
  heading["floor"] = "floor"
  heading["ipam"] = "IPAM alone"
}

{ value_of[$1] = $2 }

# Empty if it was not measured.
function value(group, row, measure, contestant,   name) {
  name = group "." row "." measure "." contestant
  return name in value_of ? value_of[name] : ""
}

function right(text, width) { return sprintf("%" width "s", text) }

function cell(v, width) { return right(v == "" ? "-" : sprintf("%.1f", v), width) }

# The kernel counts a process's pages in batches for each processor, so less than this is no figure.
function memory_cell(v, width) { return v != "" && v < 0.5 ? right("<0.5", width) : cell(v, width) }

function ratio(v, base, width) {
  return right(v == "" || base + 0 == 0 ? "-" : sprintf("%.2f", v / base), width)
}
