. "$(dirname "$0")/../lib.sh"
enclave
mkdir office
cat > office/datapackage.json <<'J'
{"name": "office", "resources": [
 {"name": "staff", "path": "staff.csv", "sluice": {"owner": "office", "class": "open", "owner_approval": false,
   "unit": {"column": "id", "space": "person"}, "one_row_per_unit": true, "period": "2024"},
  "schema": {"fields": [{"name": "id", "type": "integer", "constraints": {"required": true}},
   {"name": "region", "type": "string", "constraints": {"required": true, "enum": ["north", "south"]}, "sluice": {"uses": ["group", "filter"]}},
   {"name": "half", "type": "string", "constraints": {"required": true, "enum": ["a", "b"]}, "sluice": {"uses": ["group", "filter"]}},
   {"name": "pay", "type": "integer", "constraints": {"required": true, "minimum": 0, "maximum": 10000}, "sluice": {"uses": ["measure"], "measured_in": "EUR"}}]}}]}
J
cat > policy.in <<'J'
{"sluice_policy": 1, "enclave": "demo", "serial": 1,
 "people": {"olga": {"roles": ["officer"], "key": "@OLGA@"}, "rui": {"roles": ["reviewer"], "key": "@RUI@"},
  "ana": {"roles": ["analyst"], "key": "@ANA@"}},
 "catalogues": {"office": "sha256:@CATALOGUE@"}, "disclosure": {"profile": "tre-uk"},
 "projects": {"pay": {"purpose": "Pay by region", "analysts": ["ana"], "expires": "2099-12-31", "approvals": 1,
  "tables": {"office.staff": {"region": ["group", "filter"], "half": ["group", "filter"], "pay": ["measure"]}}}}}
J
# staff NORTH SOUTH: the first so many of each region have 17 more.
staff() {
	echo id,region,half,pay
	seq 1 240 | awk -v north="$1" -v south="$2" '{ n = $1 % 2; k = int(($1 + 1) / 2)
		print $1 "," (n ? "north" : "south") "," (k % 2 ? "a" : "b") "," 1000 + $1 * 7 % 501 + (k <= (n ? north : south) ? 17 : 0) }'
}
staff 0 0 > office/staff.csv
expect 0 sluice data import office/datapackage.json
policy policy.in office/datapackage.json

# of NAME [CONDITION]: one row, of all or of some.
of() {
	where=${2:+:where \"$2\"}
	cat <<L
output("$1", from "office.staff" $where :summarise { n = "units()", s = "sum(pay)" } :describe { n = "staff", s = "pay of the staff" })
L
}
regions() {
	cat <<'L'
output("regions", from "office.staff" :group_by("region") :summarise { n = "units()", s = "sum(pay)" } :describe { region = "region", n = "staff", s = "pay of the staff" })
L
}
request=0 released=0
# left: job.lua leaves. Acknowledged where proof is missing: that is not what this is about.
left() {
	request=$((request + 1)) released=$((released + 1))
	held job.lua pay
	ask "J-$request"
	expect 0 sluice review show "R-$request" --key rui
	acknowledge=
	grep -q 'depth' out && acknowledge="--acknowledge depth"
	rm -rf release
	# shellcheck disable=SC2086
	release "R-$request" "L-$released" $acknowledge
}
# kept UNITS: it does not; so many units would have been told.
kept() {
	request=$((request + 1))
	held job.lua pay
	expect 3 sluice request new "J-$request" --context "Table 1: a case of the test suite" --key ana
	expect 0 sluice review show "R-$request" --key rui
	says "$1"
}
# again NORTH SOUTH: the staff as it is now.
again() {
	staff "$1" "$2" > office/staff.csv
	expect 0 sluice data refresh
	silent waits
}

# The regions of the old table; of the new one the total and the south, in one request. One of the north has more now.
regions > job.lua
left
again 1 12
{ of total; of south "region = 'south'"; } > job.lua
kept "1 unit, must be at least 10, beside L-1"

# The total by itself, for thirteen have changed; then the south is what is left to tell.
of total > job.lua
left
of south "region = 'south'" > job.lua
kept "1 unit, must be at least 10, beside L-1"

# Cells of two outputs that make up the north.
{ of a "region = 'north' and half = 'a'"; of b "region = 'north' and half = 'b'"; } > job.lua
kept "1 unit, must be at least 10, beside L-1"

# Ten more of the north: both may leave.
again 11 24
{ of total; of south "region = 'south'"; } > job.lua
left

# The other way round: the total and the south have left, and the north is asked for. Nobody of it: the same words.
again 11 36
of north "region = 'north'" > job.lua
kept "0 units, must be at least 10, beside L-3"
expect 0 sluice audit verify
