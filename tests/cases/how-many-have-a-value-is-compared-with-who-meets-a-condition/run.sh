. "$(dirname "$0")/../lib.sh"
. "$source_dir/tests/cases/packages/asked.sh"
{
	echo id,region,pay,rent
	awk 'BEGIN { for (i = 1; i <= 360; i++) { west = i % 3 == 1
		print i "," (west ? "west" : i % 3 == 2 ? "south" : "north") "," \
			(i > 300 ? "" : (west && i < 10) || (!west && i < 60) ? 900 + i : 1001 + i * 7 % 501) "," 300 + i * 11 % 97 } }'
} > persons.csv
cat > datapackage.json <<'J'
{ "name": "study", "resources": [ { "name": "persons", "path": "persons.csv", "title": "Persons",
  "sluice": {"owner": "office", "class": "open", "unit": {"column": "id", "space": "person"}, "one_row_per_unit": true,
             "period": "2020"},
  "schema": { "fields": [
    {"name": "id", "type": "integer"},
    {"name": "region", "type": "string", "title": "Region",
     "constraints": {"enum": ["north", "south", "west"], "required": true}, "sluice": {"uses": ["group", "filter"]}},
    {"name": "pay", "type": "integer", "title": "Pay", "constraints": {"minimum": 0, "maximum": 9999},
     "sluice": {"uses": ["measure", "filter"], "measured_in": "euro"}},
    {"name": "rent", "type": "integer", "title": "Rent", "constraints": {"minimum": 0, "maximum": 9999},
     "sluice": {"uses": ["measure", "filter"], "measured_in": "euro"}} ] } } ] }
J
cat > template.json <<'J'
{ "sluice_policy": 1, "enclave": "demo", "serial": 1,
  "people": { "olga": {"roles": ["officer"], "key": "@OLGA@"}, "rui": {"roles": ["reviewer"], "key": "@RUI@"},
              "ana": {"roles": ["analyst"], "key": "@ANA@"} },
  "catalogues": {"study": "sha256:@CATALOGUE@"}, "disclosure": {"profile": "tre-uk"},
  "projects": { "pay": { "purpose": "What is paid, by region", "analysts": ["ana"], "expires": "@EXPIRES@",
      "approvals": 1, "tables": { "study.persons": {"region": ["group", "filter"], "pay": ["measure", "filter"],
                                                    "rent": ["measure", "filter"]} } } } }
J
# output NAME STATISTIC [STATISTIC]: one more of the next script, by region.
output() {
	cat >> job.lua <<L
output("$1", from "study.persons" :group_by("region") :summarise { n = "units()", x = "$2"${3:+, y = \"$3\"} }
  :describe { region = "region", n = "persons", x = "a number; unit: euro; of: persons",
    ${3:+y = \"a number; unit: euro; of: persons\",} purpose = "money; unit: person, 2020" })
L
}
over='count_if(pay > 1000)'

# In one request.
begin
output t 'sum(pay)' 'mean(pay)'
output u "$over"
asked "west,120,$some,$some" "south,120,$some,$some" "west,120,$c" "south,120,$some"
hidden 1
says '3 units, must be at least 10'

# In two, whichever comes first. Of a sum nothing is known but what it is.
begin
output t 'sum(pay)' 'mean(pay)'
asked "west,120,$some,$some"
hidden 0
release R-1 L-1
grep -q '(' release/data/t.csv && fail "what is implied is printed: $(cat release/data/t.csv)"
output u "$over"
asked "west,120,$c" "south,120,$some" "north,120,$some"
hidden 1
says '3 units, must be at least 10, beside L-1, output "t", region west'
begin
output u "$over"
asked "west,120,$some"
release R-1 L-1
output t 'sum(pay)'
asked "west,120,$some"
hidden 0
output t 'sum(pay)' 'mean(pay)'
asked "west,120,$some,$c" "south,120,$some,$some"
hidden 1
says '3 units, must be at least 10, beside L-1, output "u", region west'

# A share and the count of its condition.
begin
output t 'count_if(pay > 1200)' 'share(pay > 1200)'
asked "west,120,$some,$some"
release R-1 L-1
output u "$over"
asked "west,120,$c" "south,120,$some"
hidden 1
says '3 units, must be at least 10, beside L-1'

# Everybody has a rent, which the catalogue does not say.
begin
output t 'sum(rent)' 'mean(rent)'
asked "west,120,$some,$some"
release R-1 L-1
output u 'count_if(rent > 340)'
asked "west,120,$some"
hidden 0
