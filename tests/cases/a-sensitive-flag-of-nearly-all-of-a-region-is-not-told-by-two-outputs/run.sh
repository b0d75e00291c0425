. "$(dirname "$0")/../lib.sh"
# 400 of the north, of whom 380 are sick, and 800 of the south, of whom 40 are.
{
	echo id,region,sick
	awk 'BEGIN { for (i = 1; i <= 1200; i++) { a = i <= 400; print i "," (a ? "north" : "south") "," (a ? i > 20 : i <= 440) } }'
} > persons.csv
cat > datapackage.json <<'J'
{ "name": "study", "resources": [ { "name": "persons", "path": "persons.csv", "title": "Persons",
  "sluice": {"owner": "clinic", "class": "open", "unit": {"column": "id", "space": "person"}, "one_row_per_unit": true,
             "period": "2020"},
  "schema": { "fields": [
    {"name": "id", "type": "integer"},
    {"name": "region", "type": "string", "title": "Region", "constraints": {"enum": ["north", "south"], "required": true},
     "sluice": {"uses": ["group", "filter"]}},
    {"name": "sick", "type": "boolean", "title": "Sick", "trueValues": ["1"], "falseValues": ["0"],
     "constraints": {"required": true}, "sluice": {"uses": ["filter"], "sensitive": true}} ] } } ] }
J
cat > template.json <<'J'
{ "sluice_policy": 1, "enclave": "demo", "serial": 1,
  "people": { "olga": {"roles": ["officer"], "key": "@OLGA@"}, "rui": {"roles": ["reviewer"], "key": "@RUI@"},
              "ana": {"roles": ["analyst"], "key": "@ANA@"} },
  "catalogues": {"study": "sha256:@CATALOGUE@"}, "disclosure": {"profile": "tre-uk"},
  "projects": { "wards": { "purpose": "How many are sick, by region", "analysts": ["ana"], "expires": "@EXPIRES@",
      "approvals": 1, "tables": { "study.persons": {"region": ["group", "filter"], "sick": ["filter"]} } } } }
J
begin() {
	rm -rf enclave enclave-keys release
	enclave
	expect 0 sluice data import datapackage.json
	policy template.json datapackage.json
	j=0
	: > job.lua
}
# output NAME GROUPED WHERE: one more of the next script.
output() {
	by='' word='' where=''
	[ "$2" = all ] || { by=":group_by(\"$2\")"; word="$2 = \"$2\", "; }
	[ -z "$3" ] || where=":where \"$3\""
	cat >> job.lua <<L
output("$1", from "study.persons" $where $by :summarise { n = "units()" } :describe { ${word}n = "persons" })
L
}
# asked LINE ...: what the reviewer of the script's request sees.
asked() {
	j=$((j + 1))
	held job.lua wards
	ask "J-$j"
	expect 0 sluice review show "R-$j" --raw --key rui
	for line in "$@"; do
		grep -qx "$line" out || { cat out >&2; fail "J-$j: no line $line"; }
	done
	expect 0 sluice review show "R-$j" --key rui
	: > job.lua
}

begin
output sick region sick
output everybody region ''
asked 'north,\[c\]' south,40 north,400 south,800
says group-disclosure
says 'beside output "everybody", region north'
output well region 'not sick'
output everybody region ''
# Of the south nearly all are well, which a key hides as well.
asked 'north,\[c\]' 'south,\[c\]' north,400 south,800
output sick all "sick and region = 'north'"
output everybody region ''
asked '\[c\]' north,400 south,800

begin
output sick region sick
asked north,380 south,40
release R-1 L-1
output everybody region ''
asked 'north,\[c\]' south,800
says 'beside L-1, output "sick", region north'

begin
output everybody region ''
asked north,400 south,800
release R-1 L-1
output sick region sick
asked 'north,\[c\]' south,40
# Nor from the sick of both, for what is hidden is looked after like any number that is: of two regions none is left.
output sick region sick
output both all sick
held job.lua wards
expect 3 sluice request new J-3 --context "Table 1: a case of the test suite" --key ana
