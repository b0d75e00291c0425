. "$(dirname "$0")/../lib.sh"
enclave
mkdir clinic
cat > clinic/datapackage.json <<'J'
{"name": "clinic", "resources": [
 {"name": "visits", "path": "visits.csv", "sluice": {"owner": "clinic", "class": "open", "owner_approval": false,
   "unit": {"column": "id", "space": "person"}, "period": "2024"},
  "schema": {"fields": [{"name": "id", "type": "integer", "constraints": {"required": true}},
   {"name": "region", "type": "string", "constraints": {"required": true, "enum": ["north", "south"]}, "sluice": {"uses": ["group"]}},
   {"name": "cost", "type": "integer", "constraints": {"required": true, "minimum": 0, "maximum": 100000}, "sluice": {"uses": ["measure"], "measured_in": "EUR"}}]}}]}
J
cat > policy.in <<'J'
{"sluice_policy": 1, "enclave": "demo", "serial": 1,
 "people": {"olga": {"roles": ["officer"], "key": "@OLGA@"}, "rui": {"roles": ["reviewer"], "key": "@RUI@"},
  "ana": {"roles": ["analyst"], "key": "@ANA@"}},
 "catalogues": {"clinic": "sha256:@CATALOGUE@"}, "disclosure": {"profile": "tre-uk"},
 "projects": {"cost": {"purpose": "Costs by region", "analysts": ["ana"], "expires": "2099-12-31", "approvals": 1,
  "tables": {"clinic.visits": {"region": ["group"], "cost": ["measure"]}}}}}
J
cat > cost.lua <<'L'
output("cost", from "clinic.visits" :group_by("region") :summarise { n = "units()", r = "count()", s = "sum(cost)" } :describe { region = "region", n = "persons", r = "their visits", s = "what those cost" })
L
cat > rows.lua <<'L'
output("rows", from "clinic.visits" :group_by("region") :summarise { n = "units()", r = "count()" } :describe { region = "region", n = "persons", r = "their visits" })
L
# visits: two of each person.
{ echo id,region,cost; for visit in 1 2; do
	seq 1 200 | awk -v v="$visit" '{ print $1 "," ($1 % 2 ? "north" : "south") "," 60 + v * 20 + $1 * 7 % 50 }'; done; } > clinic/visits.csv
expect 0 sluice data import clinic/datapackage.json
policy policy.in clinic/datapackage.json
held cost.lua cost
ask J-1
release R-1 L-1
grep -q '^north,100,200,' release/data/cost.csv || { cat release/data/cost.csv; fail "not the visits that there are"; }

{ echo id,region,cost; echo 1,north,777; seq 2 2 26 | sed 's/$/,south,100/'; } > more.csv
expect 0 sluice data append clinic/datapackage.json --table visits --file more.csv
silent waits
held cost.lua cost
ask J-2
rm -rf release
release R-2 L-2
grep -qx 'north,\[c\],\[c\],\[c\]' release/data/cost.csv || { cat release/data/cost.csv; fail "one visit is told"; }
grep -q '^south,100,213,' release/data/cost.csv || { cat release/data/cost.csv; fail "thirteen persons' visits are not told"; }

# Nor by how many visits there are, without what they cost.
held rows.lua cost
ask J-3
rm -rf release
release R-3 L-3
grep -qx 'north,\[c\],\[c\]' release/data/rows.csv || { cat release/data/rows.csv; fail "that there is one visit more is told"; }
grep -q '^south,100,213$' release/data/rows.csv || { cat release/data/rows.csv; fail "thirteen visits more are not told"; }

# With nine more persons' visits in the north it is told again.
{ echo id,region,cost; seq 3 2 19 | sed 's/$/,north,100/'; echo 2,south,100; } > more.csv
expect 0 sluice data append clinic/datapackage.json --table visits --file more.csv
silent waits
held cost.lua cost
ask J-4
rm -rf release
release R-4 L-4
grep -q '^north,100,210,' release/data/cost.csv || { cat release/data/cost.csv; fail "ten persons' visits are not told"; }
expect 0 sluice audit verify
