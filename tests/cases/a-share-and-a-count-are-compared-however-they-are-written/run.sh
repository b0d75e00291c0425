. "$(dirname "$0")/../lib.sh"
. "$source_dir/tests/cases/packages/asked.sh"
{
	echo id,sex,sick
	awk 'BEGIN { for (i = 1; i <= 240; i++)
		print i "," (i % 2 ? "f" : "m") "," (i == 7 || i == 51 ? "" : int(i / 2) % 3 == 0) }'
} > persons.csv
cat > datapackage.json <<'J'
{ "name": "study", "resources": [ { "name": "persons", "path": "persons.csv", "title": "Persons",
  "sluice": {"owner": "office", "class": "open", "unit": {"column": "id", "space": "person"}, "one_row_per_unit": true,
             "period": "2020"},
  "schema": { "fields": [
    {"name": "id", "type": "integer"},
    {"name": "sex", "type": "string", "title": "Sex",
     "constraints": {"enum": ["f", "m"], "required": true}, "sluice": {"uses": ["group", "filter"]}},
    {"name": "sick", "type": "boolean", "title": "Sick", "trueValues": ["1"], "falseValues": ["0"],
     "sluice": {"uses": ["filter"]}} ] } } ] }
J
cat > template.json <<'J'
{ "sluice_policy": 1, "enclave": "demo", "serial": 1,
  "people": { "olga": {"roles": ["officer"], "key": "@OLGA@"}, "rui": {"roles": ["reviewer"], "key": "@RUI@"},
              "ana": {"roles": ["analyst"], "key": "@ANA@"} },
  "catalogues": {"study": "sha256:@CATALOGUE@"}, "disclosure": {"profile": "tre-uk"},
  "projects": { "pay": { "purpose": "Who is sick", "analysts": ["ana"], "expires": "@EXPIRES@",
      "approvals": 1, "tables": { "study.persons": {"sex": ["group", "filter"], "sick": ["filter"]} } } } }
J
# output NAME WHERE [STATISTIC]: one more of the next script, of all, or of those who meet a condition.
output() {
	cat >> job.lua <<L
output("$1", from "study.persons" ${2:+:where [[$2]]} :summarise { n = "units()"${3:+, x = [[$3]]} }
  :describe { n = "persons", ${3:+x = [[a number; unit: persons; of: persons]],} purpose = "the sick; unit: person, 2020" })
L
}
of_all="count_if(sex = 'f' and sick)"

# In one request: counted among all, or as rows.
begin
output a '' "$of_all"
output b "sex = 'f'" 'share(sick)'
output m "sex = 'm'" 'share(sick)'
asked "240,$some" "120,$c" "120,$some"
hidden 1
says '2 units, must be at least 10, beside output "a", the only row'
begin
output a "sex = 'f' and sick"
output b "sex = 'f'" 'share(sick)'
asked "120,$c"
says '2 units, must be at least 10, beside output "a", the only row'

# In two, whichever comes first.
begin
output a '' "$of_all"
asked "240,$some"
release R-1 L-1
output b "sex = 'f'" 'share(sick)'
asked "120,$c"
hidden 1
says 'beside L-1, output "a", the only row'
begin
output b "sex = 'f'" 'share(sick)'
asked "120,$some"
release R-1 L-1
output a "sex = 'f' and sick"
asked "$some"
hidden 0
says 'beside L-1, output "b"'
