# Prints what a file of rules, and one of their tests, use and the metrics do not have: names and labels. Reads the
# metrics in the text format. An expression is not parsed: what is in it is a name, a label where labels
# stand, or a word of the language.
# Usage: awk -v rules=FILE -v tests=FILE -f testing/promtool.awk METRICS

BEGIN {
  split("and or unless on ignoring group_left bool by without count sum max min increase rate changes absent time" \
    " label_replace last_over_time vector histogram_quantile", list, " ")
  for (i in list) word[list[i]] = 1
  # Those by which Prometheus knows whom it asked.
  labels["up"] = ""
}

# Labels as " a b c ", out of a="…",b="…" with whatever is in the values.
function names(text,   all, one) {
  all = " "
  while (match(text, /[a-zA-Z_][a-zA-Z0-9_]* *(=~|!~|!=|=) *"([^"\\]|\\.)*"/)) {
    one = substr(text, RSTART, RLENGTH)
    text = substr(text, RSTART + RLENGTH)
    sub(/[^a-zA-Z0-9_].*/, "", one)
    all = all one " "
  }
  return all
}

!/^#/ && match($0, /^[a-z_]+/) {
  name = substr($0, 1, RLENGTH)
  rest = substr($0, RLENGTH + 1)
  labels[name] = substr(rest, 1, 1) == "{" ? names(rest) : " "
}

END {
  if (length(labels["podbond_member_info"]) < 20) print "no metrics are known, so that nothing can be compared"
  while ((status = (getline line < rules)) > 0) readRule(line)
  if (status < 0) print rules ": cannot be read"
  judgeRule()
  while ((status = (getline line < tests)) > 0) readSeries(line)
  if (status < 0) print tests ": cannot be read"
  if (!series || !judged) print "no series, or no rules, so that nothing was compared"
}

function readRule(line,   key) {
  if (line ~ /^ *#/) return
  if (match(line, /^ *- (alert|record): /)) {
    judgeRule()
    rule = line
    sub(/^ *- [a-z]+: /, "", rule)
    recorded = line ~ /^ *- record:/
    part = ""
  } else if (match(line, /^        [a-z]+:/)) {
    part = substr(line, 9, RLENGTH - 9)
  } else if (line ~ /^  - name:/) {
    judgeRule()
  }
  if (part == "expr") {
    sub(/^        expr: *\|?/, "", line)
    expression = expression " " line
  } else if (part != "") {
    texts = texts " " line
  }
}

function judgeRule(   text, known, used, one, list, i, count) {
  if (rule == "") return
  judged++
  text = expression
  known = " instance job "
  used = " "
  # A label that the rule itself makes.
  while (match(text, /, *"[a-z_]+", *"[a-z_]*", *"", *""/)) {
    one = substr(text, RSTART, RLENGTH)
    sub(/^, *"/, "", one)
    sub(/".*/, "", one)
    known = known one " "
    text = substr(text, 1, RSTART - 1) " " substr(text, RSTART + RLENGTH)
  }
  while (match(text, /\{[^}]*\}/)) {
    one = substr(text, RSTART, RLENGTH)
    text = substr(text, 1, RSTART - 1) " " substr(text, RSTART + RLENGTH)
    used = used names(one)
  }
  while (match(text, /(by|without|on|ignoring|group_left|group_right) *\([^)]*\)/)) {
    one = substr(text, RSTART, RLENGTH)
    text = substr(text, 1, RSTART - 1) " " substr(text, RSTART + RLENGTH)
    sub(/^[a-z_]+ *\(/, "", one)
    gsub(/[,)]/, " ", one)
    used = used one " "
  }
  gsub(/\[[^]]*\]/, " ", text)
  gsub(/[^a-zA-Z0-9_:]/, " ", text)
  count = split(text, list, " ")
  for (i = 1; i <= count; i++) {
    if (list[i] in word || list[i] ~ /^[0-9.]+$/) continue
    if (list[i] in labels) known = known labels[list[i]]
    else print rules ": " rule " uses " list[i] ", which no metric is"
  }
  text = texts
  while (match(text, /\$labels\.[a-zA-Z_]+/)) {
    used = used substr(text, RSTART + 8, RLENGTH - 8) " "
    text = substr(text, RSTART + RLENGTH)
  }
  count = split(used, list, " ")
  for (i = 1; i <= count; i++) {
    if (index(known, " " list[i] " ") == 0) print rules ": " rule " uses the label " list[i] ", which its metrics do not have"
  }
  if (recorded) labels[rule] = known
  rule = expression = texts = part = ""
}

function readSeries(line,   name, has, list, count, i) {
  if (!match(line, /series: '[^']*'/)) return
  series++
  line = substr(line, RSTART + 9, RLENGTH - 10)
  name = line
  sub(/\{.*/, "", name)
  if (!(name in labels)) {
    print tests ": " name " is no metric"
    return
  }
  has = names(line)
  count = split(has, list, " ")
  for (i = 1; i <= count; i++) {
    if (index(" instance job" labels[name] " ", " " list[i] " ") == 0) print tests ": " name " has no label " list[i]
  }
  count = split("instance job" labels[name], list, " ")
  for (i = 1; i <= count; i++) {
    if (index(has, " " list[i] " ") == 0) print tests ": " name " has the label " list[i] ", and its series has not"
  }
}
