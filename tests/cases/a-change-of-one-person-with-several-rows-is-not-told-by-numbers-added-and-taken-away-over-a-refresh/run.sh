. "$(dirname "$0")/../lib.sh"
enclave
mkdir office
cat > office/datapackage.json <<'J'
{"name": "office", "resources": [
 {"name": "staff", "path": "staff.csv", "sluice": {"owner": "office", "class": "open", "owner_approval": false,
   "unit": {"column": "id", "space": "person"}, "period": "2024"},
  "schema": {"fields": [{"name": "id", "type": "integer", "constraints": {"required": true}},
   {"name": "region", "type": "string", "constraints": {"required": true, "enum": ["north", "south"]}, "sluice": {"uses": ["group", "filter"]}},
   {"name": "half", "type": "string", "constraints": {"required": true, "enum": ["a", "b"]}, "sluice": {"uses": ["group", "filter"]}},
   {"name": "days", "type": "integer", "constraints": {"required": true, "minimum": 0, "maximum": 10000}, "sluice": {"uses": ["measure"], "measured_in": "days"}}]}}]}
J
cat > policy.in <<'J'
{"sluice_policy": 1, "enclave": "demo", "serial": 1,
 "people": {"olga": {"roles": ["officer"], "key": "@OLGA@"}, "rui": {"roles": ["reviewer"], "key": "@RUI@"},
  "ana": {"roles": ["analyst"], "key": "@ANA@"}},
 "catalogues": {"office": "sha256:@CATALOGUE@"}, "disclosure": {"profile": "tre-uk"},
 "projects": {"stays": {"purpose": "Days by region", "analysts": ["ana"], "expires": "2099-12-31", "approvals": 1,
  "tables": {"office.staff": {"region": ["group", "filter"], "half": ["group", "filter"], "days": ["measure"]}}}}}
J
# stays NORTH SOUTH [MORE]: of the first so many of each region a stay has 17 days more; so many of the north have a new one.
stays() {
	echo id,region,half,days
	seq 1 240 | awk -v north="$1" -v south="$2" -v more="${3:-0}" '{ n = $1 % 2; k = int(($1 + 1) / 2)
		for (s = 0; s < 3; s++)
			print $1 "," (n == (s < 2 || k % 3) ? "north" : "south") "," (s % 2 ? "a" : "b") "," 100 + ($1 * 7 + s * 31) % 501 \
				+ (s == 0 && k <= (n ? north : south) ? 17 : 0)
		if (n && k <= more)
			print $1 ",north,a,44" }'
}
stays 0 0 > office/staff.csv
expect 0 sluice data import office/datapackage.json
policy policy.in office/datapackage.json

# of NAME [CONDITION]: one row, of all or of some.
of() {
	where=${2:+:where \"$2\"}
	cat <<L
output("$1", from "office.staff" $where :summarise { n = "units()", s = "sum(days)" } :describe { n = "persons", s = "days of stays" })
L
}
regions() {
	cat <<'L'
output("regions", from "office.staff" :group_by("region") :summarise { n = "units()", s = "sum(days)" } :describe { region = "region", n = "persons", s = "days of stays" })
L
}
request=0 released=0
# left: job.lua leaves. Acknowledged where proof is missing: that is not what this is about.
left() {
	request=$((request + 1)) released=$((released + 1))
	held job.lua stays
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
	held job.lua stays
	expect 3 sluice request new "J-$request" --context "Table 1: a case of the test suite" --key ana
	expect 0 sluice review show "R-$request" --key rui
	says "$1"
}
# again NORTH SOUTH [MORE]: the stays as they are now.
again() {
	stays "$@" > office/staff.csv
	expect 0 sluice data refresh
	silent waits
}

# The regions of the old table; of the new one the total and the south, in one request. One of the north has more now.
regions > job.lua
left
again 1 24
{ of total; of south "region = 'south'"; } > job.lua
kept "1 unit, must be at least 10, beside L-1"

# One has a stay more, of 44 days: the same.
again 0 36 1
kept "1 unit, must be at least 10, beside L-1"

# The total by itself, for many have changed; then the south is what is left to tell.
again 1 48
of total > job.lua
left
of south "region = 'south'" > job.lua
kept "1 unit, must be at least 10, beside L-1"

# Ten more of the north: both may leave, and next month the whole table again.
again 12 60
{ of total; of south "region = 'south'"; } > job.lua
left
again 24 72
regions > job.lua
left
expect 0 sluice audit verify
