. "$(dirname "$0")/../lib.sh"
# Of 120 persons of region B 58 have no child, 59 have one and three have two. Of region A and C: 45, 45 and 30.
{
	echo id,region,sex,kids
	awk 'BEGIN { for (i = 0; i < 360; i++) {
		r = int(i / 120); k = i % 120
		print i + 1 "," substr("ABC", r + 1, 1) "," (i % 3 ? "f" : "m") "," (k < (r == 1 ? 3 : 30) ? 2 : k % 2) } }'
} > persons.csv
cat > datapackage.json <<'J'
{ "name": "study", "resources": [
  { "name": "persons", "path": "persons.csv", "title": "Persons",
    "sluice": {"owner": "office", "class": "open", "unit": {"column": "id", "space": "person"}, "one_row_per_unit": true,
               "period": "2020"},
    "schema": { "fields": [
      {"name": "id", "type": "integer"},
      {"name": "region", "type": "string", "title": "Region", "constraints": {"enum": ["A", "B", "C"], "required": true},
       "sluice": {"uses": ["group", "filter"]}},
      {"name": "sex", "type": "string", "title": "Sex", "constraints": {"enum": ["f", "m"], "required": true},
       "sluice": {"uses": ["group", "filter"]}},
      {"name": "kids", "type": "integer", "title": "Children", "constraints": {"required": true, "minimum": 0, "maximum": 2},
       "sluice": {"uses": ["group", "measure", "filter"], "measured_in": "children",
                  "bands": [0, 1, {"from": 2, "label": "two"}]}} ] } } ] }
J
cat > template.json <<'J'
{ "sluice_policy": 1, "enclave": "demo", "serial": 1,
  "people": { "olga": {"roles": ["officer"], "key": "@OLGA@"}, "rui": {"roles": ["reviewer"], "key": "@RUI@"},
              "ana": {"roles": ["analyst"], "key": "@ANA@"} },
  "catalogues": {"study": "sha256:@CATALOGUE@"}, "disclosure": {"profile": "tre-uk"},
  "projects": { "kids": { "purpose": "Children", "analysts": ["ana"], "expires": "@EXPIRES@", "approvals": 1,
      "tables": { "study.persons": {"region": ["group", "filter"], "sex": ["group", "filter"],
                                    "kids": ["group", "measure", "filter"]} } } } }
J
enclave
expect 0 sluice data import datapackage.json
policy template.json datapackage.json

n=0
# one NAME BY NUMBER [WHERE]: an output of job.lua.
one() {
	keys='' words=''
	for key in $2; do
		keys="$keys${keys:+, }\"$key\"" words="$words$key = \"the group\", "
	done
	echo "output(\"$1\", from \"study.persons\" ${4:+:where \"$4\"} :derive { number = \"bands(kids)\" } :group_by($keys)
  :summarise { n = \"units()\"${3:+, x = \"$3\"} } :describe { $words n = \"persons\"${3:+, x = \"children; unit: children\"} })"
}
# seen LINE …: what the reviewer sees of job.lua.
seen() {
	n=$((n + 1))
	held job.lua kids
	ask "J-$n"
	expect 0 sluice review show "R-$n" --raw --key rui
	for line in "$@"; do
		grep -qE "^$line\$" out || { cat out >&2; fail "J-$n: no line $line"; }
	done
}
c='\[c\]' some='[0-9.]+'
{ one t region "count_if(kids = 1)"; one u region "sum(kids)"; } > job.lua
seen A,120,45 B,120,59 A,120,105 "B,120,$c" C,120,105
expect 0 sluice review show R-1 --key rui
says '3 units, must be at least 10, of those with kids 2, beside output "t", region B'
{ one u region "sum(kids)"; one t region "share(kids = 1)"; } > job.lua
seen "B,120,$c" B,120,0.4917
{ one t region "var(kids)"; one u region "mean(kids)"; } > job.lua
seen "B,120,$c"
# A table by number of children, of which the few are hidden; those with one, by themselves.
{ one t "region number"; one u region "sum(kids)"; } > job.lua
seen "B,two,$c" "B,120,$c" A,120,105
{ one t region "" "kids = 1"; one u region "sum(kids)"; } > job.lua
seen "B,59" "B,120,$c"
# Sums of both sexes are one of all.
{ one t region "count_if(kids = 1)"; one u "region sex" "sum(kids)"; } > job.lua
seen "A,f,80,$some" "B,m,40,$c" "B,f,80,$some"
# What all have more than all but those of B is of B: there one man and two women have two children, and the others none.
{ one t sex "mean(kids)" "kids <> 1 and region <> 'B'"; one u sex "mean(kids)" "kids <> 1"; } > job.lua
seen "m,50,0.80" "f,141,$c" "m,70,$c"
# What left before counts: beside it a sum goes; a count after a sum is for a person, who reads which release it was.
one t region "count_if(kids = 1)" > job.lua
seen "B,120,59"
release "R-$n" L-1
one u region "sum(kids)" > job.lua
seen A,120,105 "B,120,$c" C,120,105
expect 0 sluice review show "R-$n" --key rui
says '3 units, must be at least 10, of those with kids 2, beside L-1'
one u sex "mean(kids)" > job.lua
seen "m,120,$some"
rm -rf release
release "R-$n" L-2
one t sex "count_if(kids in (0, 2))" > job.lua
seen "m,120,$some"
expect 0 sluice review show "R-$n" --key rui
says 'differencing, review'
says 'beside L-2'
