. "$(dirname "$0")/../lib.sh"
# 30 of 40 men and 4 of 40 women are sick in A, half of all in B.
{
	echo id,region,sex,sick,pay
	awk 'BEGIN { for (i = 1; i <= 180; i++) {
		a = i <= 80; sex = i % 2 ? "m" : "f"; n = int((i - (a ? 1 : 81)) / 2)
		print i "," (a ? "A" : "B") "," sex "," (a ? (sex == "m" ? n < 30 : n < 4) : n < 25) "," 1000 + i } }'
} > persons.csv
printf 'code,name,beds\nA,Region A,37\nB,Region B,412\n' > regions.csv
cat > datapackage.json <<'J'
{ "name": "study", "resources": [
  { "name": "regions", "path": "regions.csv",
    "sluice": {"owner": "office", "class": "open", "reference": {"key": "code", "label": "name"}},
    "schema": { "fields": [
      {"name": "code", "type": "string", "constraints": {"required": true}},
      {"name": "name", "type": "string", "constraints": {"required": true}},
      {"name": "beds", "type": "integer", "constraints": {"minimum": 0, "maximum": 9999, "required": true},
       "sluice": {"uses": ["measure"], "measured_in": "beds"}} ] } },
  { "name": "persons", "path": "persons.csv", "title": "Persons",
  "sluice": {"owner": "office", "class": "open", "unit": {"column": "id", "space": "person"}, "one_row_per_unit": true,
             "period": "2020"},
  "schema": { "fields": [
    {"name": "id", "type": "integer"},
    {"name": "region", "type": "string", "title": "Region", "constraints": {"required": true},
     "sluice": {"uses": ["group", "filter"], "domain": "study.regions"}},
    {"name": "sex", "type": "string", "title": "Sex", "constraints": {"enum": ["f", "m"], "required": true},
     "sluice": {"uses": ["group", "filter"]}},
    {"name": "sick", "type": "boolean", "title": "Sick", "trueValues": ["1"], "falseValues": ["0"],
     "constraints": {"required": true}, "sluice": {"uses": ["filter"], "labels": {"true": "yes", "false": "no"}}},
    {"name": "pay", "type": "integer", "title": "Pay", "constraints": {"minimum": 0, "maximum": 9999, "required": true},
     "sluice": {"uses": ["measure"], "measured_in": "euro"}} ] } } ] }
J
cat > template.json <<'J'
{ "sluice_policy": 1, "enclave": "demo", "serial": 1,
  "people": { "olga": {"roles": ["officer"], "key": "@OLGA@"}, "rui": {"roles": ["reviewer"], "key": "@RUI@"},
              "ana": {"roles": ["analyst"], "key": "@ANA@"} },
  "catalogues": {"study": "sha256:@CATALOGUE@"}, "disclosure": {"profile": "tre-uk"},
  "projects": { "ill": { "purpose": "Who is sick, by region", "analysts": ["ana"], "expires": "@EXPIRES@",
      "approvals": 1, "tables": { "study.persons": {"region": ["group", "filter"], "sex": ["group", "filter"],
                                                    "sick": ["filter"], "pay": ["measure"]},
                                  "study.regions": {"beds": ["measure"]} } } } }
J
enclave
expect 0 sluice data import datapackage.json
policy template.json datapackage.json

# wanted RELATION STATISTICS DESCRIPTIONS: a job that is held.
wanted() {
	cat > job.lua <<L
output("t", from "study.persons" $1 :summarise { n = "units()", $2 }
  :describe { n = "persons", $3, purpose = "who is sick; unit: person, 2020" })
L
	held job.lua ill
}

wanted ':group_by("region")' 'sick = "count_if(sick)"' 'region = "region", sick = "who are sick"'
ask J-1
release R-1 L-1
grep -qx 'Region A,80,34' release/data/t.csv || fail "$(cat release/data/t.csv)"

wanted ':group_by("region", "sex")' 'sick = "count_if(sick)", p = "share(sick)", pay = "sum(pay)"' \
	'region = "region", sex = "sex", sick = "who are sick", p = "their share", pay = "what they are paid; unit: euro"'
ask J-2
expect 0 sluice review show R-2 --key rui
says 'beside L-1, output "t", region Region A'
rm -rf release
release R-2 L-2
for row in 'Region A,f,40,\[c\],41640,\[c\]' 'Region A,m,40,\[c\],41600,\[c\]' 'Region B,f,50,0.5000,56550,25'; do
	grep -qx "$row" release/data/t.csv || fail "$(cat release/data/t.csv)"
done

# With the sick by sex the men of B, and so those of A, would tell of the four.
wanted ':group_by("sex")' 'sick = "count_if(sick)"' 'sex = "sex", sick = "who are sick"'
ask J-3
rm -rf release
release R-3 L-3
printf 'sex,n,sick\nf,90,[c]\nm,90,[c]\n' | cmp -s - release/data/t.csv || fail "$(cat release/data/t.csv)"

wanted ':lookup("study.regions", "region") :group_by("region")' 'beds = "mean(beds)"' \
	'region = "region", beds = "beds of the region, mean; unit: beds"'
ask J-4
rm -rf release
release R-4 L-4
grep -qE '^Region A,37(\.0+)?,80$' release/data/t.csv || fail "$(cat release/data/t.csv)"
wanted ":where \"region = 'Region A'\" :lookup(\"study.regions\", \"region\") :group_by(\"sex\")" 'beds = "mean(beds)"' \
	'sex = "sex", beds = "beds of the region, mean; unit: beds"'
ask J-5
expect 0 sluice review show R-5 --raw --key rui
says 'f,[c],40'
