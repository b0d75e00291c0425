. "$(dirname "$0")/../lib.sh"
cp "$source_dir"/examples/nafld/*.csv.gz "$source_dir"/examples/nafld/datapackage.json .
job="$source_dir/examples/nafld/diagnoses.lua"
# allow TABLE LIST: what a table may be joined with.
allow() {
	python3 - "$1" "$2" <<'END'
import json, sys
package = json.load(open("datapackage.json"))
for table in package["resources"]:
    if table["name"] == sys.argv[1]:
        table["sluice"]["joins"] = json.loads(sys.argv[2])
json.dump(package, open("datapackage.json", "w"))
END
}
enclave
serial=1
in_force() {
	expect 0 sluice data import datapackage.json
	sed "s/\"serial\": 1/\"serial\": $serial/" "$source_dir/examples/nafld/policy.json" > next.json
	policy next.json datapackage.json
	serial=$((serial + 1))
}

# Nothing said: tables of one data package may be joined.
in_force
expect 0 sluice job check "$job" -p liver --key ana

# persons are joined with nothing: refused with line, rule, whose word it is.
allow persons '[]'
in_force
expect 3 sluice job check "$job" -p liver --key ana
says 'diagnoses.lua:'
says '"study.persons" is joined with "study.events", which "study.persons" does not allow'
says 'rule: joins'
says '"clinic", who owns it, names "study.events" under "joins" in the catalogue'
expect 3 sluice job run "$job" -p liver --key ana
says 'rule: joins'
expect 0 sluice explain joins
# That somebody has a row in it is told by no join either.
cat > turned.lua <<'L'
output("t", from "study.events" :join(from "study.persons", "anti") :group_by("event") :summarise { persons = "units()" })
L
expect 3 sluice job run turned.lua -p liver --key ana
says 'rule: joins'
# On its own the table is used as before.
printf 'output("t", from "study.persons":group_by("male"):summarise{persons="units()"})' > alone.lua
expect 0 sluice job check alone.lua -p liver --key ana

# One owner alone does not open it: events allow persons, persons do not.
allow events '["study.persons"]'
in_force
expect 3 sluice job check "$job" -p liver --key ana
says 'rule: joins'
# Both do, by name and by pattern.
allow persons '["study.*"]'
in_force
expect 0 sluice job check "$job" -p liver --key ana
# events name another one.
allow events '["study.labs", "tax.*"]'
in_force
expect 3 sluice job check "$job" -p liver --key ana
says 'which "study.events" does not allow'

# What the policy would say is told by policy eval, too: a rule speaks against it.
expect 3 sluice policy eval --as ana -p liver --job "$job" --key olga
says 'forbidden'
says '[joins]'

# A request made while it was allowed does not leave once it is not.
allow events '["study.persons"]'
in_force
expect 0 sluice job run "$job" -p liver --key ana
says 'J-1 held'
allow events '[]'
in_force
expect 3 sluice request new J-1 --context "Table 1: a case of the test suite" --key ana
says 'rule: joins'

# A name that is none is told at import, with the near one; so is a pattern that is none.
allow events '["study.person"]'
expect 65 sluice data import datapackage.json
says 'joins of "study.events": no table "study.person" (did you mean "study.persons"?)'
allow events '["study"]'
expect 65 sluice data import datapackage.json
says 'expected "dataset.table" or "dataset.*"'
