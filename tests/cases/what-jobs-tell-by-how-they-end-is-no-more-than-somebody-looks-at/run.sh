. "$(dirname "$0")/../lib.sh"
locked_up
people teo
# The greatest pay of all is looked for. Who has it is nobody's business, and no maximum is ever granted.
values=$(seq -s '", "' 1 120)
awk 'BEGIN {
	print "id,x,y,pay"
	for (i = 1; i <= 12000; i++) print i "," i % 120 + 1 "," i * 7 % 120 + 1 "," (i == 7000 ? 41234 : 1000 + i * 37 % 33000)
}' > persons.csv
cat > datapackage.json <<J
{"name": "study", "resources": [
 {"name": "persons", "path": "persons.csv",
  "sluice": {"owner": "registry", "class": "confidential", "owner_approval": false, "unit": {"column": "id", "space": "person"},
   "period": "2020", "one_row_per_unit": true},
  "schema": {"fields": [{"name": "id", "type": "integer", "constraints": {"required": true}},
   {"name": "x", "type": "string", "constraints": {"enum": ["$values"]}, "sluice": {"uses": ["group"]}},
   {"name": "y", "type": "string", "constraints": {"enum": ["$values"]}, "sluice": {"uses": ["group"]}},
   {"name": "pay", "type": "integer", "constraints": {"required": true}, "sluice": {"uses": ["filter", "measure"]}}]}}]}
J
enclave
expect 0 sluice data import datapackage.json
serial=0
# in_force LIMITS: and so many may be unseen.
in_force() {
	serial=$((serial + 1))
	cat > policy.in <<J
{"sluice_policy": 1, "enclave": "demo", "serial": $serial,
 "people": {"olga": {"roles": ["officer"], "key": "@OLGA@"}, "rui": {"roles": ["reviewer"], "key": "@RUI@"},
  "teo": {"roles": ["operator"], "key": "$(cut -d' ' -f1,2 teo.pub)"}, "ana": {"roles": ["analyst"], "key": "@ANA@"}},
 "catalogues": {"study": "sha256:@CATALOGUE@"}, "disclosure": {"profile": "tre-uk"}, "reviews": {"unseen_jobs_max": 3},
 "limits": {"plans_max": 64, "nodes_max": 65536, $1},
 "projects": {"pay": {"purpose": "Pay by place", "analysts": ["ana"], "expires": "2099-12-31", "approvals": 1,
  "tables": {"study.persons": {"x": ["group"], "y": ["group"], "pay": ["filter", "measure"]}}}}}
J
	policy policy.in datapackage.json
}
# script OUTPUTS STATISTICS STEPS
script() {
	cat <<L
local s = {}
for k = 1, $2 do
  local e = "(pay + " .. k .. ")"
  for j = 1, $3 do e = "(" .. e .. " * pay mod 1000003)" end
  s["s" .. k] = "quantile(" .. e .. ", 0.5)"
end
for i = 1, $1 do output("o" .. i, from "study.persons" :where("pay > \$x", { x = tonumber(params.x) }) :summarise(s)) end
L
}
script 64 32 40 > guess.lua
script 1 24 30 > some.lua
script 1 1 1 > quick.lua
# guess PAY CODE: 1 where somebody has more: the job meets its limit. 0 where nobody has: nothing is read.
guess() { expect "$2" sluice job run guess.lua -p pay --param "x=$1" --key ana; }
failed() {
	guess "$1" 1
	says "did not complete"
}
stopped() {
	expect 3 sluice "$@" --key ana
	says '3 jobs of project "pay" run, take long, did not complete or could not be judged, and nobody has looked: policy lets no more'
	says "rule: unseen-jobs"
	says "remedy: ask an operator or auditor to look at them"
}
unseen() {
	expect 0 sluice job ls --json --key teo
	python3 -c 'import json; print(*("%s:%d" % (u["job"], u["times"]) for u in json.load(open("out"))["unseen"]))' > got
	echo "$*" | cmp -s - got || { cat got; fail "unseen are not $*"; }
}
jobs() { sqlite3 -readonly enclave/state.db "SELECT count(*) FROM job"; }

# A search by halves; no request. A limit may end it, so that held tells as much as failed.
in_force '"engine_cpu_ms": 100, "threads": 1, "slot_ms": 0'
failed 40000
guess 42000 0
unseen J-1:1 J-2:1
failed 41000
# Whatever would come of the next one, it does not read a row, and the words are the same. No request is judged, either.
stopped job run guess.lua -p pay --param x=41234
stopped job run guess.lua -p pay --param x=41233
stopped request new J-2 --context "Table 1: all"
[ "$(jobs)" -eq 3 ] || fail "a job was made that was refused"
for what in "job run pay" "request new J-2"; do
	expect 1 sluice can-i $what --key ana
	says "[unseen-jobs]"
done
expect 0 sluice job check guess.lua -p pay --param x=41234 --key ana

# The author's own look is none; a reviewer may not.
expect 0 sluice job show J-1 --key ana
expect 0 sluice job ls --key ana
silent "nobody has looked"
expect 3 sluice job show J-1 --key rui
stopped job run guess.lua -p pay --param x=41234
expect 0 sluice job ls --key teo
says "nobody has looked at these, which told their authors of rows by how they ended:"
says "  sluice job show J-1"
# An operator's is; it makes room for one, and the log has it once.
expect 0 sluice job show J-1 --key teo
says "CPU time used up"
expect 0 sluice can-i job run pay --key ana
expect 0 sluice can-i request new J-2 --key ana
expect 0 sluice job show J-1 --key teo
unseen J-2:1 J-3:1
expect 0 sluice audit log --kind job.shown --key olga
[ "$(grep -c 'job.shown' out)" -eq 1 ] || { cat out; fail "not one leaf of one look"; }
says 'job.shown  teo  {"job":"J-1"}'
failed 41233
stopped job run guess.lua -p pay --param x=41234
# Who owns the machine's account may look without a key.
for j in J-2 J-3 J-4; do expect 0 sluice job show $j; done
unseen

# Where no limit comes near nothing is told: it is held when it may have been done, as nobody has more, or somebody has.
in_force '"slot_ms": 500'
for pay in 40000 42000; do
	began=$(date +%s%3N)
	expect 0 sluice job run some.lua -p pay --param x=$pay --key ana
	[ $(($(date +%s%3N) - began)) -ge 2000 ] || fail "told of $pay sooner than it may take"
done
unseen

# What may take longer than sixteen slots counts, and so do many at once: they get no further than one after another.
in_force '"slot_ms": 1'
expect 0 sluice job run quick.lua -p pay --param x=42000 --key ana
unseen J-7:1
before=$(jobs)
for i in 1 2 3 4 5 6; do
	sluice job run quick.lua -p pay --param x=42000 --key ana >"at.$i" 2>&1 &
done
wait
[ "$(($(jobs) - before))" -eq 2 ] || fail "$(($(jobs) - before)) at once"
[ "$(grep -l unseen-jobs at.* | wc -l)" -eq 4 ] || fail "not the words of a refusal"
unseen J-7:1 J-8:1 J-9:1
for j in J-7 J-8; do expect 0 sluice job show $j; done

# A job whose process was killed before its slot.
in_force '"slot_ms": 600000'
sluice job run quick.lua -p pay --param x=42000 --key ana >killed 2>&1 &
pid=$!
until sluice job ls --key ana | grep -q '^J-10 *running'; do kill -0 $pid || fail "it did not run"; done
# Nothing is to be seen of it yet; a look does not make room for what is to come.
expect 0 sluice job show J-10
unseen J-9:1
kill -9 $pid
wait $pid || :
expect 0 sluice job ls --key teo
grep -q '^J-10 *lost' out || fail "it is not lost"
unseen J-9:1 J-10:1

# A request that could not be judged, each time it is asked: it takes more memory than there is.
expect 0 sluice job show J-9
expect 0 sluice job show J-10
cat > grid.lua <<'L'
local s = {}
for i = 1, 32 do s["s" .. i] = "sum(pay * " .. i .. ")" end
output("grid", from "study.persons" :group_by("x", "y") :summarise(s))
L
in_force '"slot_ms": 0, "check_memory_bytes": 67108864'
expect 0 sluice job run grid.lua -p pay --key ana
for i in 1 2 3; do
	expect 1 sluice request new J-11 --context "Table 1: all persons" --key ana
	says "the results could not be judged"
	unseen J-11:$i
done
stopped request new J-11 --context "Table 1: all persons"
stopped job run guess.lua -p pay --param x=42000
expect 0 sluice job show J-11 --key teo
says "a request could not be judged: "
unseen
# What was judged told its bit as a request, and counts as one; one that is refused for what was declared told nothing,
# but for its time, where that is told.
in_force '"slot_ms": 0'
cat > sum.lua <<'L'
output("sum", from "study.persons" :summarise { n = "units()", total = "sum(pay)" } :describe { n = "persons", total = "their pay" })
L
expect 0 sluice job run sum.lua -p pay --key ana
expect 3 sluice request new J-12 --context "Table 1: all persons" --key ana
says "nobody says what it is measured in"
unseen
expect 0 sluice review ls --key rui
silent "review show R-1"
in_force '"slot_ms": 1'
expect 3 sluice request new J-12 --context "Table 1: all persons" --key ana
unseen
expect 0 sluice review ls --key rui
says "  sluice review show R-2 --revision 1"
silent "review show R-1"
expect 0 sluice explain unseen-jobs
says "sluice job ls"
expect 0 sluice audit verify
