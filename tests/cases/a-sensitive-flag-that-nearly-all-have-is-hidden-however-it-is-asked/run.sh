. "$(dirname "$0")/../lib.sh"
# 400 of region A, of whom 380 are sick, and 400 of region B, of whom 20 are: as a flag, and as a number.
{
	echo id,region,sick,ill
	awk 'BEGIN { for (i = 1; i <= 800; i++) { a = i <= 400; s = a ? i > 20 : i <= 420; print i "," (a ? "A" : "B") "," s "," s } }'
} > persons.csv
cat > datapackage.json <<'J'
{ "name": "study", "resources": [ { "name": "persons", "path": "persons.csv", "title": "Persons",
  "sluice": {"owner": "clinic", "class": "open", "unit": {"column": "id", "space": "person"}, "one_row_per_unit": true,
             "period": "2020"},
  "schema": { "fields": [
    {"name": "id", "type": "integer"},
    {"name": "region", "type": "string", "title": "Region", "constraints": {"enum": ["A", "B"], "required": true},
     "sluice": {"uses": ["group", "filter"]}},
    {"name": "sick", "type": "boolean", "title": "Sick", "trueValues": ["1"], "falseValues": ["0"],
     "constraints": {"required": true}, "sluice": {"uses": ["group", "filter"], "sensitive": true}},
    {"name": "ill", "type": "integer", "title": "Ill", "constraints": {"required": true, "minimum": 0, "maximum": 1},
     "sluice": {"uses": ["measure"], "measured_in": "persons", "sensitive": true}} ] } } ] }
J
cat > template.json <<'J'
{ "sluice_policy": 1, "enclave": "demo", "serial": 1,
  "people": { "olga": {"roles": ["officer"], "key": "@OLGA@"}, "rui": {"roles": ["reviewer"], "key": "@RUI@"},
              "ana": {"roles": ["analyst"], "key": "@ANA@"} },
  "catalogues": {"study": "sha256:@CATALOGUE@"}, "disclosure": {"profile": "tre-uk"},
  "projects": { "wards": { "purpose": "How many are sick, by region", "analysts": ["ana"], "expires": "@EXPIRES@",
      "approvals": 1, "tables": { "study.persons": {"region": ["group", "filter"], "sick": ["group", "filter"],
                                                    "ill": ["measure"]} } } } }
J
enclave
expect 0 sluice data import datapackage.json
policy template.json datapackage.json

n=0
# asked [WHERE] STATISTIC A B: what the reviewer sees of the statistic in both regions.
asked() {
	n=$((n + 1))
	cat > job.lua <<L
output("t", from "study.persons" :group_by("region") :summarise { n = "units()", s = "$1" }
  :describe { region = "region", n = "persons", s = "sick; unit: persons; of: persons" })
L
	held job.lua wards
	ask "J-$n"
	expect 0 sluice review show "R-$n" --raw --key rui
	for line in "$2" "$3"; do
		grep -qx "$line" out || { cat out >&2; fail "$1: no line $line"; }
	done
}
asked "count_if(sick)" 'A,400,\[c\]' B,400,20
expect 0 sluice review show R-1 --key rui
says group-disclosure
asked "share(sick)" 'A,400,\[c\]' B,400,0.0500
asked "sum(ill)" 'A,400,\[c\]' B,400,20
asked "mean(ill)" 'A,400,\[c\]' B,400,0.05
asked "sd(ill)" 'A,400,\[c\]' 'B,400,0.22'
# Those who are not sick: of A few, which says the same; of B nearly all, which a key hides as well.
asked "count_if(not sick)" 'A,400,\[c\]' 'B,400,\[c\]'
asked "sum(1 - ill)" 'A,400,\[c\]' 'B,400,\[c\]'

# A condition that keeps nearly all of the table, or leaves nearly all out who have it.
kept() {
	n=$((n + 1))
	printf 'output("t", from "study.persons" :where "%s" :summarise { n = "units()" } :describe { n = "persons" })\n' "$1" > job.lua
	held job.lua wards
	expect "$2" sluice request new "J-$n" --context "Table 1: a case of the test suite" --key ana
}
kept "sick" 0
awk -F, -v OFS=, 'NR > 1 { $3 = $4 = (NR > 50) } 1' persons.csv > more.csv
mv more.csv persons.csv
rm -rf enclave enclave-keys
enclave
expect 0 sluice data import datapackage.json
policy template.json datapackage.json
n=0
kept "sick" 3
expect 0 sluice review show R-1 --key rui
says "of a sensitive column"
kept "not sick" 3
