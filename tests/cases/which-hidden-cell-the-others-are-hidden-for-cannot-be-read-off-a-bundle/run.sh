. "$(dirname "$0")/../lib.sh"
people olga rui ana
compare=$source_dir/tests/cases/two-enclaves-that-differ-in-one-hidden-person-release-the-same-bytes/compare.py
cat > datapackage.json <<'P'
{ "name": "survey", "resources": [ { "name": "persons", "path": "persons.csv",
  "sluice": {"owner": "office", "class": "confidential", "owner_approval": false, "period": "2024", "unit": {"column": "id", "space": "person"}, "one_row_per_unit": true},
  "schema": {"fields": [
    {"name": "id", "type": "integer", "constraints": {"required": true}, "sluice": {"level": 4}},
    {"name": "region", "type": "string", "constraints": {"required": true, "enum": ["A", "B", "C", "D"]}, "sluice": {"uses": ["group"], "level": 2}},
    {"name": "sex", "type": "string", "constraints": {"required": true, "enum": ["m", "f"]}, "sluice": {"uses": ["group"], "level": 2}},
    {"name": "paid", "type": "integer", "constraints": {"required": true}, "sluice": {"uses": ["measure"], "measured_in": "euro", "level": 3}} ]} } ] }
P
cat > policy.in <<'P'
{ "sluice_policy": 1, "enclave": "demo", "serial": 1,
  "people": {"olga": {"roles": ["officer"], "key": "@OLGA@"}, "rui": {"roles": ["reviewer"], "key": "@RUI@"}, "ana": {"roles": ["analyst"], "key": "@ANA@"}},
  "catalogues": {"survey": "sha256:@CATALOGUE@"}, "disclosure": {"profile": "tre-uk"},
  "projects": { "count": { "purpose": "persons by region and sex", "analysts": ["ana"], "expires": "@EXPIRES@", "approvals": 1,
      "tables": {"survey.persons": {"region": ["group"], "sex": ["group"], "paid": ["measure"]}} } } }
P
cat > job.lua <<'L'
local persons = from "survey.persons"
output("cells", persons:group_by("region", "sex") :summarise { persons = "units()" }
  :describe { region = "region", sex = "sex", persons = "persons" })
output("regions", persons:group_by("region") :summarise { persons = "units()" }
  :describe { region = "region", persons = "persons" })
output("sexes", persons:group_by("sex") :summarise { persons = "units()" } :describe { sex = "sex", persons = "persons" })
L
# world NAME SMALL COUNT…: as many persons of A m, A f, B m … as counted; SMALL of the hidden cells are few.
world() {
	name=$1 small=$2
	shift 2
	rm -rf enclave enclave-keys release
	echo "$*" | tr ' ' '\n' | awk 'BEGIN { split("A B C D", r, " "); print "id,region,sex,paid" }
		{ for (i = 0; i < $1; i++) print ++id "," r[int((NR - 1) / 2) + 1] "," ((NR % 2) ? "m" : "f") "," 20 + i % 7 }' > persons.csv
	enclave
	expect 0 sluice data import datapackage.json
	policy policy.in datapackage.json
	held job.lua count
	ask J-1
	expect 0 sluice review show R-1 --json --key rui
	python3 - out "$small" <<'P'
import json, sys
found = json.load(open(sys.argv[1]))["findings"]
few = {f["cell"] for f in found if f["rule"] == "threshold" and f["output"] == "cells" and f["measure"] != "0 units, must be at least 10"}
assert len(few) == int(sys.argv[2]), found
P
	release R-1 L-1
	expect 0 sluice release verify release --anchor anchor.txt
	sluice audit log --key rui | sed -E 's/20[0-9-]{8}T[0-9:]{8}Z|[0-9a-f]{64}/X/g' | grep -v 'enclave.founded\|data.imported' > log
	mkdir "$name"
	mv release log "$name/"
}
world two-cells 1 8 112 200 240 112 48 280 320
world four-cells 2 112 8 200 240 8 152 280 320
[ "$(grep -c '\[c\]' two-cells/release/data/cells.csv)" -ge 4 ] || fail "fewer are hidden than were thought"
python3 "$compare" two-cells/release four-cells/release || fail "the bundles tell which cell was small"
