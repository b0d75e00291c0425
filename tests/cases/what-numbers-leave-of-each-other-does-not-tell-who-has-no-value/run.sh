. "$(dirname "$0")/../lib.sh"
. "$source_dir/tests/cases/packages/asked.sh"
{
	echo id,region,sex,pay
	awk 'BEGIN { for (i = 1; i <= 360; i++) { r = i % 3; lacks = int((i - 1) / 3) < (r == 1 ? 3 : 20)
		man = int(i / 3) % 3 == 0
		print i "," (r == 0 ? "north" : r == 1 ? "west" : "south") "," (man ? "m" : "f") "," \
			(lacks ? "" : 1000 + i * 7 % 501 + (man ? 0 : 100)) } }'
} > persons.csv
[ "$(grep -c 'west,.,$' persons.csv)" -eq 3 ] || fail "not three without a pay"
cat > datapackage.json <<'J'
{ "name": "study", "resources": [ { "name": "persons", "path": "persons.csv", "title": "Persons",
  "sluice": {"owner": "office", "class": "open", "unit": {"column": "id", "space": "person"}, "one_row_per_unit": true,
             "period": "2020"},
  "schema": { "fields": [
    {"name": "id", "type": "integer"},
    {"name": "region", "type": "string", "title": "Region",
     "constraints": {"enum": ["north", "south", "west"], "required": true}, "sluice": {"uses": ["group", "filter"]}},
    {"name": "sex", "type": "string", "title": "Sex", "constraints": {"enum": ["f", "m"], "required": true},
     "sluice": {"uses": ["group"]}},
    {"name": "pay", "type": "integer", "title": "Pay", "constraints": {"minimum": 0, "maximum": 9999},
     "sluice": {"uses": ["measure"], "measured_in": "euro"}} ] } } ] }
J
cat > template.json <<'J'
{ "sluice_policy": 1, "enclave": "demo", "serial": 1,
  "people": { "olga": {"roles": ["officer"], "key": "@OLGA@"}, "rui": {"roles": ["reviewer"], "key": "@RUI@"},
              "ana": {"roles": ["analyst"], "key": "@ANA@"} },
  "catalogues": {"study": "sha256:@CATALOGUE@"}, "disclosure": {"profile": "tre-uk"},
  "projects": { "pay": { "purpose": "What is paid, by region", "analysts": ["ana"], "expires": "@EXPIRES@",
      "approvals": 1, "tables": { "study.persons": {"region": ["group", "filter"], "sex": ["group"],
                                                    "pay": ["measure"]} } } } }
J
# output NAME GROUPED-OR-WHERE STATISTIC...: one more of the next script.
output() {
	name=$1 by='' word='' stats='' words=''
	case $2 in
	all) ;;
	region) by=':group_by("region")'; word='region = "region", ' ;;
	both) by=':group_by("region", "sex")'; word='region = "region", sex = "sex", ' ;;
	*) by=":where(\"$2\")" ;;
	esac
	shift 2
	for s in "$@"; do
		stats="$stats, ${s%%(*} = \"$s\""
		words="$words, ${s%%(*} = \"a number; unit: euro; of: persons\""
	done
	cat >> job.lua <<L
output("$name", from "study.persons" $by :summarise { n = "units()"$stats }
  :describe { ${word}n = "persons"$words, purpose = "money; unit: person, 2020" })
L
}

# The sum of the west is what two others leave.
begin
output a all 'sum(pay)'
output b "region <> 'west'" 'sum(pay)'
output c "region = 'west'" 'mean(pay)'
asked "360,$some" "240,$some" "$c,120"
hidden 1
says '3 units, must be at least 10, beside output "b", the only row'

# Those who have none are what two rows leave: the mean of all goes.
output a all 'sum(pay)' 'mean(pay)'
output b "region <> 'west'" 'sum(pay)' 'mean(pay)'
asked "$c,360,$some" "$some,240,$some"
hidden 1
says '3 units, must be at least 10'

# Only 78 women and 39 men of the west fit the means of both and the sum of the west: one of them has no pay, of 40. Of
# the north and the south it is six and seven.
output a region 'sum(pay)'
output b both 'mean(pay)'
asked "west,120,$some" "west,f,$some,80" "west,m,$c,40"
hidden 3
says '1 unit, must be at least 10, beside output "a", region west'

# The west has its sum, and its mean is hidden; all together have the mean, and the others both.
output t region 'sum(pay)'
asked "west,120,$some" "south,120,$some"
hidden 0
release R-4 L-1
rm -rf release
output t region 'mean(pay)'
asked "west,$c,120" "south,$some,120"
hidden 1
release R-5 L-2
rm -rf release
output t all 'mean(pay)'
asked "$c,360"
says '120 units, in a number that a rule hid, beside L-1, output "t", region west'

# In two requests each of which tells how many have a pay.
begin
output t all 'sum(pay)' 'mean(pay)'
asked "$some,360,$some"
hidden 0
release R-1 L-1
rm -rf release
output t "region <> 'west'" 'sum(pay)' 'mean(pay)'
asked "$c,240,$some"
hidden 1
says '3 units, must be at least 10, beside L-1, output "t", the only row'

# In three, of which only the last tells it, nobody counts it; who reviews that is told.
begin
output t all 'sum(pay)'
asked "360,$some"
release R-1 L-1
rm -rf release
output t all 'mean(pay)'
asked "$some,360"
release R-2 L-2
output t "region <> 'west'" 'sum(pay)' 'mean(pay)'
asked "$some,240,$some"
hidden 0
says differencing
