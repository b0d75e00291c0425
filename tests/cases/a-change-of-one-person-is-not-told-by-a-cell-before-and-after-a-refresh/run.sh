. "$(dirname "$0")/../lib.sh"
enclave
mkdir office
cat > office/datapackage.json <<'J'
{"name": "office", "resources": [
 {"name": "staff", "path": "staff.csv", "sluice": {"owner": "office", "class": "open", "owner_approval": false,
   "unit": {"column": "id", "space": "person"}, "one_row_per_unit": true, "period": "2024"},
  "schema": {"fields": [{"name": "id", "type": "integer", "constraints": {"required": true}},
   {"name": "region", "type": "string", "constraints": {"required": true, "enum": ["north", "south"]}, "sluice": {"uses": ["group", "filter"]}},
   {"name": "half", "type": "string", "constraints": {"required": true, "enum": ["a", "b"]}, "sluice": {"uses": ["group"]}},
   {"name": "pay", "type": "integer", "constraints": {"required": true, "minimum": 0, "maximum": 10000}, "sluice": {"uses": ["measure"], "measured_in": "EUR"}}]}}]}
J
cat > policy.in <<'J'
{"sluice_policy": 1, "enclave": "demo", "serial": @SERIAL@,
 "people": {"olga": {"roles": ["officer"], "key": "@OLGA@"}, "rui": {"roles": ["reviewer"], "key": "@RUI@"},
  "ana": {"roles": ["analyst"], "key": "@ANA@"}},
 "catalogues": {"office": "sha256:@CATALOGUE@"}, "disclosure": {"profile": "tre-uk", "near": "@NEAR@"},
 "projects": {"pay": {"purpose": "Pay by region", "analysts": ["ana"], "expires": "2099-12-31", "approvals": 1,
  "tables": {"office.staff": {"region": ["group", "filter"], "half": ["group"], "pay": ["measure"]}}}}}
J
serial() {
	sed -e "s|@SERIAL@|$1|" -e "s|@NEAR@|$2|" policy.in > policy.now
	policy policy.now office/datapackage.json
}
# staff NORTH SOUTH: the first so many of each region have 17 more.
staff() {
	echo id,region,half,pay
	seq 1 240 | awk -v north="$1" -v south="$2" '{ n = $1 % 2; k = int(($1 + 1) / 2)
		print $1 "," (n ? "north" : "south") "," (k % 2 ? "a" : "b") "," 1000 + $1 * 7 % 501 + (k <= (n ? north : south) ? 17 : 0) }'
}
# told JOB KEYS DESCRIPTIONS: ask for staff and pay by KEYS, and release it as the next one.
told() {
	n=${1#J-}
	cat > job.lua <<L
output("pay", from "office.staff" :group_by($2) :summarise { n = "units()", s = "sum(pay)" } :describe { $3, n = "staff", s = "pay of the staff" })
L
	held job.lua pay
	ask "$1"
	expect 0 sluice review show "R-$n" --key rui
	cp out shown
	rm -rf release
	release "R-$n" "L-$n"
}
staff 0 0 > office/staff.csv
expect 0 sluice data import office/datapackage.json
serial 1 refuse
told J-1 '"region"' 'region = "region"'
printf 'region,n,s\nnorth,120,%s\nsouth,120,%s\n' \
	"$(awk -F, '$2 == "north" { s += $4 } END { print s }' office/staff.csv)" \
	"$(awk -F, '$2 == "south" { s += $4 } END { print s }' office/staff.csv)" | cmp - release/data/pay.csv
north=$(grep '^north' release/data/pay.csv)

# The same version gives the same answer.
told J-2 '"region"' 'region = "region"'
grep -qx "$north" release/data/pay.csv || fail "the same version gives another answer"

# One in the north, eleven in the south: the south is told, the north is not, and a reviewer reads beside which release.
staff 1 11 > office/staff.csv
expect 0 sluice data refresh
silent waits
told J-3 '"region"' 'region = "region"'
grep -q "1 unit, must be at least 10, beside L-1" shown || { cat shown; fail "the reviewer does not read why"; }
grep -qx 'north,\[c\],\[c\]' release/data/pay.csv || { cat release/data/pay.csv; fail "the north is told"; }
grep -q '^south,120,' release/data/pay.csv || fail "the south is not told"

# Nor by cells that make it up: something in the north stays hidden.
told J-4 '"region", "half"' 'region = "region", half = "half of the alphabet"'
[ "$(grep -c '^north.*\[c\]' release/data/pay.csv)" -ge 1 ] || { cat release/data/pay.csv; fail "the north is told by its halves"; }
[ "$(grep -c '^south.*\[c\]' release/data/pay.csv)" -eq 0 ] || { cat release/data/pay.csv; fail "halves of the south are hidden"; }

# Nobody in the north: the same words.
staff 1 22 > office/staff.csv
expect 0 sluice data refresh
told J-5 '"region"' 'region = "region"'
grep -qx 'north,\[c\],\[c\]' release/data/pay.csv || { cat release/data/pay.csv; fail "that nobody has changed is told"; }

# Ten in the north, in all: it is told.
staff 10 32 > office/staff.csv
expect 0 sluice data refresh
silent waits
told J-6 '"region"' 'region = "region"'
grep -q '^north,120,' release/data/pay.csv || { cat release/data/pay.csv; fail "ten who have changed are too few"; }
later=$(grep '^north' release/data/pay.csv)

# Three more in the north: where policy says so, the number that left before, and of two the later.
staff 13 42 > office/staff.csv
expect 0 sluice data refresh
serial 2 earlier
told J-7 '"region"' 'region = "region"'
grep -qx "$later,L-6/data/pay.csv#row=2" release/data/pay.csv || { cat release/data/pay.csv; fail "the earlier number is not told again"; }
expect 0 sluice audit verify
