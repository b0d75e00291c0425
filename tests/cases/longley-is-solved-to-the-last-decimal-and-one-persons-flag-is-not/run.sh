. "$(dirname "$0")/../lib.sh"
enclave
mkdir shop
cat > shop/datapackage.json <<'J'
{"name": "shop", "title": "Longley", "resources": [
 {"name": "years", "path": "years.csv", "sluice": {"owner": "shop", "class": "confidential", "owner_approval": false, "unit": {"column": "id", "space": "person"}, "period": "1947 to 1962"},
  "schema": {"fields": [{"name": "id", "type": "integer", "constraints": {"required": true}},
   {"name": "employed", "type": "integer", "sluice": {"uses": ["measure"], "measured_in": "thousands"}},
   {"name": "deflator", "type": "number", "sluice": {"uses": ["measure"], "measured_in": "percent", "scale": 1}},
   {"name": "product", "type": "integer", "sluice": {"uses": ["measure"], "measured_in": "millions"}},
   {"name": "unemployed", "type": "integer", "sluice": {"uses": ["measure"], "measured_in": "thousands"}},
   {"name": "forces", "type": "integer", "sluice": {"uses": ["measure"], "measured_in": "thousands"}},
   {"name": "people", "type": "integer", "sluice": {"uses": ["measure"], "measured_in": "thousands"}},
   {"name": "year", "type": "integer", "sluice": {"uses": ["measure", "filter"], "measured_in": "years"}}]}}]}
J
cat > policy.in <<'J'
{"sluice_policy": 1, "enclave": "demo", "serial": 1,
 "people": {"olga": {"roles": ["officer"], "key": "@OLGA@"}, "rui": {"roles": ["reviewer"], "key": "@RUI@"},
  "ana": {"roles": ["analyst"], "key": "@ANA@"}},
 "catalogues": {"shop": "sha256:@CATALOGUE@"}, "disclosure": {"profile": "tre-uk"},
 "projects": {"lines": {"purpose": "What employment goes with", "analysts": ["ana"], "expires": "2099-12-31", "approvals": 1,
  "tables": {"shop.years": {"employed": ["measure"], "deflator": ["measure"], "product": ["measure"], "unemployed": ["measure"],
   "forces": ["measure"], "people": ["measure"], "year": ["measure", "filter"]}}}}}
J
cat > rows <<'P'
60323,83.0,234289,2356,1590,107608,1947
61122,88.5,259426,2325,1456,108632,1948
60171,88.2,258054,3682,1616,109773,1949
61187,89.5,284599,3351,1650,110929,1950
63221,96.2,328975,2099,3099,112075,1951
63639,98.1,346999,1932,3594,113270,1952
64989,99.0,365385,1870,3547,115094,1953
63761,100.0,363112,3578,3350,116219,1954
66019,101.2,397469,2904,3048,117388,1955
67857,104.6,419180,2822,2857,118734,1956
68169,108.4,442769,2936,2798,120445,1957
66513,110.8,444546,4681,2637,121950,1958
68655,112.6,482704,3813,2552,123366,1959
69564,114.2,502601,3931,2514,125368,1960
69331,115.7,518173,4806,2572,127852,1961
70551,116.9,554894,4007,2827,130081,1962
P
awk 'BEGIN { print "id,employed,deflator,product,unemployed,forces,people,year" }
	{ print ++id "," $0; print ++id "," $0 }' rows > shop/years.csv
cat > job.lua <<'L'
output("t", from "shop.years"
  :summarise { n = "units()", m = "lm(employed, deflator, product, unemployed, forces, people, year)" }
  :describe { n = "persons", m_0 = "employment at zero" })
L
cat > flag.lua <<'L'
output("flag", from "shop.years"
  :summarise { n = "units()", f = "lm(employed, product, year = 1947)" }
  :describe { n = "persons" })
L
cat > denied.lua <<'L'
output("t", from "shop.years":summarise { n = "units()", m = "lm(employed, product > 300000)" })
L
expect 0 sluice data import shop/datapackage.json
policy policy.in shop/datapackage.json
held job.lua lines
ask J-1
expect 0 sluice review show R-1 --key rui
says "leverage, review"
release R-1 L-1 --acknowledge leverage
one() # column, value
{
	awk -F, -v name="$1" 'NR == 1 { for (i = 1; i <= NF; i++) if ($i == name) at = i } NR == 2 { print $at }' release/data/t.csv |
		grep -qxF -- "$2" || fail "not in the release: $1 $2"
}
one m_0 -3482258.634596
one m_1 15.061872
one m_2 -0.035819
one m_3 -2.020230
one m_4 -1.033227
one m_5 -0.051104
one m_6 1829.151465
one m_0_se 534252.230164
one m_1_se 50.948955
one m_2_se 0.020095
one m_3_se 0.293040
one m_4_se 0.128564
one m_5_se 0.135644
one m_6_se 273.287099
one m_r2 0.995479
held flag.lua lines
ask J-2
expect 0 sluice review show R-2 --key rui
says "regressor, suppress"
says "measure: 2 units, must be at least 10"
says "f_0_se"
expect 65 sluice job run denied.lua -p lines --key ana
says "use-filter"
