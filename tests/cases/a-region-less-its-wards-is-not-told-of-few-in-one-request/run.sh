. "$(dirname "$0")/../lib.sh"
. "$source_dir/tests/cases/packages/asked.sh"
# town MOVED: 400 persons of four regions with two wards each; but the ninth lives in region A, in a ward of B, where MOVED
# is 1.
town() {
	echo id,region,ward,sex,pay
	awk -v moved="$1" 'BEGIN { for (i = 1; i <= 400; i++) print i "," substr("ABCD", (moved && i == 9 ? 0 : i % 4) + 1, 1) \
		",w" i % 8 "," (i % 3 ? "m" : "f") "," 500 + i * 37 % 4500 }'
}
cat > datapackage.json <<'J'
{ "name": "study", "resources": [ { "name": "persons", "path": "persons.csv", "title": "Persons",
  "sluice": {"owner": "office", "class": "open", "unit": {"column": "id", "space": "person"}, "one_row_per_unit": true,
             "period": "2020"},
  "schema": { "fields": [
    {"name": "id", "type": "integer"},
    {"name": "region", "type": "string", "title": "Region",
     "constraints": {"enum": ["A", "B", "C", "D"], "required": true}, "sluice": {"uses": ["group"]}},
    {"name": "ward", "type": "string", "title": "Ward",
     "constraints": {"enum": ["w0", "w1", "w2", "w3", "w4", "w5", "w6", "w7"], "required": true}, "sluice": {"uses": ["group"]}},
    {"name": "sex", "type": "string", "title": "Sex",
     "constraints": {"enum": ["f", "m"], "required": true}, "sluice": {"uses": ["group"]}},
    {"name": "pay", "type": "integer", "title": "Pay", "constraints": {"minimum": 0, "maximum": 9999, "required": true},
     "sluice": {"uses": ["measure"], "measured_in": "euro"}} ] } } ] }
J
cat > template.json <<'J'
{ "sluice_policy": 1, "enclave": "demo", "serial": 1,
  "people": { "olga": {"roles": ["officer"], "key": "@OLGA@"}, "rui": {"roles": ["reviewer"], "key": "@RUI@"},
              "ana": {"roles": ["analyst"], "key": "@ANA@"} },
  "catalogues": {"study": "sha256:@CATALOGUE@"}, "disclosure": {"profile": "tre-uk"},
  "projects": { "pay": { "purpose": "What is earned, by region", "analysts": ["ana"], "expires": "@EXPIRES@",
      "approvals": 1, "tables": { "study.persons": {"region": ["group"], "ward": ["group"], "sex": ["group"], "pay": ["measure"]} } } } }
J
# output NAME KEY NUMBER WORDS: one more of the next script.
output() {
	cat >> job.lua <<L
output("$1", from "study.persons" :group_by("$2") :summarise { x = "$3" } :describe { $2 = "$2", x = "$4", purpose = "pay; unit: person, 2020" })
L
}
both() {
	output t region "$1" "$2"
	output u ward "$1" "$2"
}
: > job.lua

# Region A less wards w0 and w4 is the ninth: how many live in each, and what they earn.
town 1 > persons.csv
begin
both 'units()' 'persons; of: persons'
asked 'A,101' 'B,99' 'C,100' 'D,100'
hidden 4
says '1 unit, must be at least 10, beside output "t", region A'
both 'sum(pay)' 'pay; unit: euro; of: persons'
asked "A,$some" "w0,$c|w4,$c" "w1,$c|w5,$c"

# Where nobody lives elsewhere, it is hidden all the same: that it is shown would say so.
town 0 > persons.csv
begin
both 'units()' 'persons; of: persons'
asked 'A,100' 'B,100' 'C,100' 'D,100'
hidden 4
says '0 units, must be at least 10, beside output "u", ward w6'

# Groups that cross are as they were.
begin
output t region 'units()' 'persons; of: persons'
output u sex 'units()' 'persons; of: persons'
asked 'A,100' 'D,100' 'f,133' 'm,267'
hidden 0
