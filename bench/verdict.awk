# Holds the figures of one run (the second file) against the bars (the first, which explains its form).
# Variable: complete, not empty if every bar must have been measured.
# Ends with 0 if each bar that was measured is met, with 1 if one is not, and with 2 if there is no
# verdict: nothing was measured, a bar is not understood, or a complete run has not measured it.

BEGIN { FS = "|" }

function trimmed(text) {
  gsub(/^[ \t]+|[ \t]+$/, "", text)
  return text
}

function no_verdict(why) {
  print "bench: no verdict: " why > "/dev/stderr"
  ended = 2
  exit 2
}

FNR == 1 { file++ }

file == 1 && /^[ \t]*(#.*)?$/ { next }

file == 1 {
  bars++
  bar[bars] = trimmed($1)
  unit[bars] = trimmed($2)
  expression[bars] = trimmed($3)
  what[bars] = trimmed($4)
  if (NF != 4 || bar[bars] !~ /^[0-9]+(\.[0-9]+)?$/ || expression[bars] == "" || what[bars] == "")
    no_verdict("line " FNR " of " FILENAME " is not understood: " $0)
  next
}

{
  if (split($0, word, "\t") != 2 || word[2] !~ /^-?[0-9]+(\.[0-9]+)?$/)
    no_verdict("line " FNR " of " FILENAME " is no figure: " $0)
  value_of[word[1]] = word[2]
  figures++
}

# The value of "A", "A + B" or "A - B"; empty if something in it was not measured.
function sum(text,   word, count, i, result) {
  count = split(text, word, " ")
  for (i = 1; i <= count; i += 2) {
    if (!(word[i] in value_of)) return ""
    result += (i > 1 && word[i - 1] == "-" ? -1 : 1) * value_of[word[i]]
  }
  return result
}

# Of "A / B", too, where A and B are sums.
function measured(text,   side, base, result) {
  if (split(text, side, " / ") == 1) return sum(text)
  result = sum(side[1])
  base = sum(side[2])
  if (result == "" || base == "") return ""
  if (base == 0) no_verdict("what " text " divides by is 0")
  return result / base
}

# One digit more than the bar has, so that whoever misses it by little sees that.
function digits(text) { return index(text, ".") ? length(text) - index(text, ".") + 1 : text == "0" ? 0 : 1 }

function judge(i,   v, verdict, figure) {
  v = measured(expression[i])
  if (ended) return
  verdict = v == "" ? "not measured" : v <= bar[i] + 0 ? "met" : "NOT MET"
  counted[verdict]++
  if (v == "") missing = missing "\n  " what[i]
  figure = v == "" ? "-" : sprintf("%." digits(bar[i]) "f", v)
  printf "%-60s %8s %10s %-6s%s\n", what[i], bar[i], figure, unit[i], verdict
}

END {
  if (ended) exit ended
  if (bars == 0) no_verdict("there is no bar")
  if (figures == 0) no_verdict("nothing was measured")
  print "The verdict"
  printf "%-60s %8s %10s\n", "", "at most", "measured"
  for (i = 1; i <= bars && !ended; i++) judge(i)
  if (ended) exit ended
  printf "%d bars: %d met, %d not met, %d not measured\n", bars, counted["met"], counted["NOT MET"], \
    counted["not measured"]
  if (counted["NOT MET"] > 0) exit 1
  if (complete != "" && missing != "") no_verdict("a complete run has not measured:" missing)
}
