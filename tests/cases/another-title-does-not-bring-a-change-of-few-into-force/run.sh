. "$(dirname "$0")/../lib.sh"
enclave
mkdir office
cat > office/datapackage.json <<'J'
{"name": "office", "resources": [
 {"name": "staff", "title": "Staff", "path": "staff.csv", "sluice": {"owner": "office", "class": "open", "owner_approval": false,
   "unit": {"column": "id", "space": "person"}, "one_row_per_unit": true, "period": "2024"},
  "schema": {"fields": [{"name": "id", "type": "integer", "constraints": {"required": true}},
   {"name": "region", "type": "string", "constraints": {"required": true, "enum": ["north", "south"]}, "sluice": {"uses": ["group"]}},
   {"name": "pay", "type": "integer", "constraints": {"required": true, "minimum": 0, "maximum": 10000}, "sluice": {"uses": ["measure"], "measured_in": "EUR"}}]}}]}
J
cat > policy.in <<'J'
{"sluice_policy": 1, "enclave": "demo", "serial": @SERIAL@, @REFRESH@
 "people": {"olga": {"roles": ["officer"], "key": "@OLGA@"}, "rui": {"roles": ["reviewer"], "key": "@RUI@"},
  "ana": {"roles": ["analyst"], "key": "@ANA@"}},
 "catalogues": {"office": "sha256:@CATALOGUE@"}, "disclosure": {"profile": "tre-uk"},
 "projects": {"pay": {"purpose": "Pay by region", "analysts": ["ana"], "expires": "2099-12-31", "approvals": 1,
  "tables": {"office.staff": {"region": ["group"], "pay": ["measure"]}}}}}
J
cat > pay.lua <<'L'
output("pay", from "office.staff" :group_by("region") :summarise { n = "units()", s = "sum(pay)" } :describe { region = "region", n = "staff", s = "pay of the staff" })
L
serial() {
	sed -e "s|@SERIAL@|$1|" -e "s|@REFRESH@|$2|" policy.in > policy.now
	policy policy.now office/datapackage.json
}
# staff N: the first N have 17 more.
staff() {
	echo id,region,pay
	seq 1 240 | awk -v n="$1" '{ print $1 "," ($1 % 2 ? "north" : "south") "," 1000 + $1 * 7 % 501 + ($1 <= n ? 17 : 0) }'
}
staff 0 > office/staff.csv
expect 0 sluice data import office/datapackage.json
serial 1 ""
held pay.lua pay
ask J-1
release R-1 L-1
mv release first

staff 1 > office/staff.csv
sed -i 's/"title": "Staff"/"title": "Staff of the office"/' office/datapackage.json
expect 0 sluice data import office/datapackage.json
says "waits: 1 units differ from the version in force, 10 have to"
serial 2 ""
held pay.lua pay
ask J-2
release R-2 L-2
cmp first/data/pay.csv release/data/pay.csv || { cat release/data/pay.csv; fail "one person's pay is told"; }
expect 0 sluice data verify

# On the officers' day it is in force, and still nobody reads it beside what left.
serial 3 "\"refresh_on\": {\"office.staff\": \"$(date -u +%F)\"},"
held pay.lua pay
expect 3 sluice request new J-3 --context "Table 1: a case of the test suite" --key ana
expect 0 sluice data ls
silent waits

# A region that nobody lives in yet: other codes, in force at once, and compared.
staff 2 > office/staff.csv
sed -i 's/"south"\]/"south", "west"]/' office/datapackage.json
expect 0 sluice data import office/datapackage.json
silent waits
serial 4 ""
held pay.lua pay
expect 3 sluice request new J-4 --context "Table 1: a case of the test suite" --key ana
expect 0 sluice data verify
expect 0 sluice audit verify
