. "$(dirname "$0")/../lib.sh"
. "$source_dir/tests/cases/packages/asked.sh"
{
	echo id,region,size,sales
	awk 'BEGIN { for (i = 1; i <= 360; i++) { r = i % 3; s = int(i / 3) % 3
		print i "," (r == 0 ? "north" : r == 1 ? "west" : "south") "," (s == 0 ? "small" : s == 1 ? "middle" : "large") "," \
			(s == 1 && i > 14 ? "" : i == 27 ? 30000 : (r == 0 ? 5 + i * 7 % 11 : 900 + i * 7 % 101)) } }'
} > persons.csv
[ "$(grep -c 'middle,.' persons.csv)" -eq 6 ] || fail "not six middle firms with sales"
cat > datapackage.json <<'J'
{ "name": "study", "resources": [ { "name": "persons", "path": "persons.csv", "title": "Firms",
  "sluice": {"owner": "office", "class": "open", "unit": {"column": "id", "space": "firm"}, "one_row_per_unit": true,
             "period": "2020"},
  "schema": { "fields": [
    {"name": "id", "type": "integer"},
    {"name": "region", "type": "string", "title": "Region",
     "constraints": {"enum": ["north", "south", "west"], "required": true}, "sluice": {"uses": ["group"]}},
    {"name": "size", "type": "string", "title": "Size",
     "constraints": {"enum": ["small", "middle", "large"], "required": true}, "sluice": {"uses": ["filter"]}},
    {"name": "sales", "type": "integer", "title": "Sales", "constraints": {"minimum": 0, "maximum": 99999},
     "sluice": {"uses": ["measure"], "measured_in": "euro"}} ] } } ] }
J
cat > template.json <<'J'
{ "sluice_policy": 1, "enclave": "demo", "serial": 1,
  "people": { "olga": {"roles": ["officer"], "key": "@OLGA@"}, "rui": {"roles": ["reviewer"], "key": "@RUI@"},
              "ana": {"roles": ["analyst"], "key": "@ANA@"} },
  "catalogues": {"study": "sha256:@CATALOGUE@"}, "disclosure": {"profile": "tre-uk"},
  "projects": { "pay": { "purpose": "What is sold, by region", "analysts": ["ana"], "expires": "@EXPIRES@",
      "approvals": 1, "tables": { "study.persons": {"region": ["group"], "size": ["filter"], "sales": ["measure"]} } } } }
J
# output NAME GROUPED-OR-WHERE: one more of the next script.
output() {
	by='' word=''
	case $2 in
	all) ;;
	region) by=':group_by("region")'; word='region = "region", ' ;;
	*) by=":where(\"$2\")" ;;
	esac
	cat >> job.lua <<L
output("$1", from "study.persons" $by :summarise { n = "units()", s = "sum(sales)" }
  :describe { ${word}n = "firms", s = "sales; unit: euro; of: firms", purpose = "money; unit: firm, 2020" })
L
}

# Six of the middle have sales: the sum of all goes.
begin
output a "size = 'small'"
output b "size = 'large'"
output c all
asked "120,$some" "360,$c"
hidden 1
says '6 units, must be at least 10, beside output "a", the only row'

# All by region but the north, which one firm has nearly all of; and all of them in two parts.
output a region
output b "size = 'small'"
output c "size <> 'small'"
asked "north,120,$c" "west,120,$some" "south,120,$some"
hidden 2
says '1 unit, must be at least 10, beside output "a", region south'

# In three requests nobody counts; who reviews the third is told, and beside what.
output t "size = 'small'"
asked "120,$some"
hidden 0
release R-3 L-1
rm -rf release
output t "size = 'large'"
asked "120,$some"
hidden 0
release R-4 L-2
rm -rf release
output t all
asked "360,$some"
hidden 0
says depth
says 'beside L-1, output "t", the only row'
