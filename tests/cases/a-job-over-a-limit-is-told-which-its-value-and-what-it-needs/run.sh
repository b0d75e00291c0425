. "$(dirname "$0")/../lib.sh"
cp "$source_dir"/examples/nafld/*.csv.gz "$source_dir"/examples/nafld/datapackage.json .
enclave
people teo
expect 0 sluice data import datapackage.json
serial=0

# in_force TEXT: a policy with these limits. The readings are granted too; teo is an operator.
in_force() {
	serial=$((serial + 1))
	sed -e "s|\"serial\": 1|\"serial\": $serial|" -e "s|\"disclosure\"|\"limits\": {$1}, &|" \
		-e 's|"study.events": {|"study.labs": {"test": ["group"], "value": ["measure"]}, &|' \
		-e "s|\"ana\": {|\"teo\": {\"roles\": [\"operator\"], \"key\": \"$(cut -d' ' -f1,2 teo.pub)\"}, &|" \
		"$source_dir/examples/nafld/policy.json" > limits.json
	policy limits.json datapackage.json
}

# refused CODE LUA PATTERN: a job is refused so, in both kinds of command, and none is made.
refused() {
	printf '%s\n' "$2" > over.lua
	for verb in check run; do
		expect "$1" sluice job $verb over.lua -p liver --key ana
		cat out err | grep -qE -- "$3" || { cat out err >&2; fail "does not say: $3"; }
	done
	expect 0 sluice job ls --key ana
	silent J-
}

by_band='from "study.persons" :derive { band = "bands(age)" } :group_by("band", "male")'
in_force '"plans_max": 2, "cells_max": 5, "nodes_max": 12, "script_memory_bytes": 4194304, "print_bytes_max": 200'
refused 3 "output('x', $by_band :summarise { n = 'units()' })" 'output "x" has 6 cells, the limit cells_max is 5'
refused 65 'for i = 1, 3 do output("x" .. i, from "study.persons" :summarise { n = "units()" }) end' 'output 3, the limit plans_max is 2'
refused 65 'output("x", from "study.persons" :where("age > 1" .. (" and age > 1"):rep(9)) :summarise { n = "units()" })' \
	'has [0-9]+ operations, the limit nodes_max is 12'
refused 3 'output("x", from "study.persons" :where "age > 1 and age > 2" :group_by("male") :summarise { n = "units()", m = "count()" })' \
	'has [0-9]+ parts, the limit nodes_max is 12'
refused 65 'local t = {} for i = 1, 1e9 do t[i] = ("x"):rep(1000) .. i end' 'the limit script_memory_bytes is 4194304'
refused 65 'for i = 1, 100 do print(i, "a line") end error "end"' 'the limit print_bytes_max is 200'

in_force '"output_bytes_max": 1024'
refused 3 "output('x', $by_band :summarise { n = 'units()', rows = 'count()' })" 'the results take [0-9]+ bytes, the limit output_bytes_max is 1024'

in_force '"engine_memory_bytes": 67108864, "threads": 64'
refused 3 'output("x", from "study.persons" :summarise { n = "units()" })' 'needs [0-9]+ bytes of memory, the limit engine_memory_bytes is 67108864'

in_force '"script_wall_ms": 300, "script_cpu_ms": 5000'
refused 7 '("a"):rep(40000):find(("a*"):rep(30) .. "b")' 'within script_wall_ms 300 and script_cpu_ms 5000'
in_force '"script_wall_ms": 60000, "script_cpu_ms": 100'
refused 7 '("a"):rep(40000):find(("a*"):rep(30) .. "b")' 'within script_wall_ms 60000 and script_cpu_ms 100'

# So that no honest job meets it, frames_max is judged when the policy is read.
sed 's|"limits": {|&"plans_max": 16, "frames_max": 17, |' policy.json > frames.json
expect 65 sluice policy lint frames.json
says 'frames_max is 17, and plans_max 16 needs at least 18'

# late TEXT: rows are read; which limit ends it is told to the operator alone.
cat > long.lua <<'L'
for i = 1, 16 do
  local s = {}
  for j = 1, 32 do s["q" .. j] = "quantile(value * " .. j .. " , 0.5)" end
  output("long" .. i, from "study.labs" :group_by("test") :summarise(s))
end
L
printf '%s\n' '-- ' 'sluice: J-N did not complete' '  remedy: run it again; if it fails again ask the operator, who sees why' > constant
late() {
	expect 1 sluice job run long.lua -p liver --key ana
	{ cat out; echo '-- '; sed 's/J-[0-9]*/J-N/' err; } | cmp - constant || { cat out err >&2; fail "not the constant text"; }
	job=$(sed -n 's/.*\(J-[0-9]*\) did not.*/\1/p' err)
	expect 0 sluice job show "$job" --key ana
	silent "$1"
	silent reason
	expect 0 sluice job show "$job" --key teo
	says "$1"
}
in_force '"engine_wall_ms": 400, "threads": 1'
late 'the deadline passed'
in_force '"engine_cpu_ms": 100, "threads": 1'
late 'CPU time used up'
expect 0 sluice audit verify
