. "$(dirname "$0")/../lib.sh"
# So many are up to 40, between 40 and 50, and above 50: asked for up to 50 after up to 40, the one differs by 4 from what
# left, and the other leaves out 4.
persons() {
	awk -v a="$1" -v b="$2" -v c="$3" 'BEGIN {
		print "id,age,male"
		for (i = 0; i < a + b + c; i++) print i "," (i < a ? 30 : i < a + b ? 45 : 60) "," (i % 2)
	}' > persons.csv
}
cat > ages.json <<'J'
{"name": "study", "title": "Persons", "licenses": [{"name": "other-open"}], "resources": [
 {"name": "persons", "path": "persons.csv", "title": "Persons",
  "sluice": {"owner": "registry", "class": "confidential", "owner_approval": false, "unit": {"column": "id", "space": "person"},
   "period": "as of 2020", "one_row_per_unit": true},
  "schema": {"fields": [{"name": "id", "type": "integer"},
   {"name": "age", "type": "integer", "title": "Age", "constraints": {"required": true, "minimum": 0, "maximum": 120},
    "sluice": {"uses": ["filter"], "measured_in": "years"}},
   {"name": "male", "type": "boolean", "title": "Male", "constraints": {"required": true}, "sluice": {"uses": ["group"]}}]}}]}
J
python3 - "$source_dir/tests/cases/packages/wards-policy.json" > ages-policy.json <<'P'
import json, sys
policy = json.load(open(sys.argv[1]))
policy["projects"]["rents"]["tables"] = {"study.persons": {"age": ["filter"], "male": ["group"]}}
json.dump(policy, sys.stdout)
P
up_to() {
	cat > job.lua <<L
output("persons", from "study.persons" :where "age <= $1" :summarise { n = "units()" } :describe { n = "persons, all" })
${2-}
L
	held job.lua rents
}
# The digest of what was judged is salted. asked NAME: what the author of R-2 reads, into the folder NAME; why, by what its reviewer reads.
asked() {
	rm -rf enclave* release
	enclave
	expect 0 sluice data import ages.json
	policy ages-policy.json ages.json
	up_to 40
	ask J-1
	release R-1 L-1
	up_to 50
	mkdir "$1"
	expect 3 sluice request new J-2 --context "Table 2: somewhat older persons" --key ana
	cat out err > "$1/new"
	expect 0 sluice request show R-2 --key ana
	sed 's/[0-9]*-[0-9]*-[0-9]*T[0-9:]*Z/TIME/g; /^publication: /d' out > "$1/show"
	says 'small-complement, output "persons": the condition leaves out too few'
	says 'choose one that leaves out more units'
	says 'tracker, output "persons": '
	silent margins
	silent rounding
	silent L-1
	expect 0 sluice review show R-2 --key rui
}
persons 100 4 100
asked near
says ". tracker ("
silent ". small-complement"
persons 100 50 4
asked few
says ". small-complement"
silent ". tracker ("
cmp near/new few/new
cmp near/show few/show

# Of two outputs each rule names those that it can refuse, and one that no condition is of is not said to leave out anybody.
up_to 50 'output("sexes", from "study.persons" :group_by("male") :summarise { n = "units()" }
  :describe { n = "persons, all", male = "sex" })'
expect 3 sluice request new J-3 --context "Table 3: both tables together" --key ana
expect 0 sluice request show R-3 --key ana
says 'small-complement, output "persons": '
says 'margins, output "persons", output "sexes": '
