. "$(dirname "$0")/../lib.sh"
people own ida
package() {
	cat > datapackage.json <<P
{"name": "clinic", "resources": [
 {"name": "stays", "path": "stays.csv", "title": "Stays",
  "sluice": {"owner": "ward 7", "class": "confidential", "owner_approval": false, "quality": "$1", "unit": {"column": "id", "space": "person"}},
  "schema": {"fields": [{"name": "id", "type": "integer"},
    {"name": "sex", "type": "string", "title": "Sex", "constraints": {"enum": ["f", "m"]}, "sluice": {"uses": ["group"], "other": true}},
    {"name": "age", "type": "integer", "title": "Age, years", "constraints": {"minimum": 0, "maximum": 120}, "sluice": {"uses": ["measure"], "measured_in": "years"}}]}},
 {"name": "few", "path": "few.csv", "title": "Few",
  "sluice": {"owner": "ward 7", "class": "confidential", "owner_approval": false, "quality": "open", "unit": {"column": "id", "space": "person"}},
  "schema": {"fields": [{"name": "id", "type": "integer"},
    {"name": "sex", "type": "string", "title": "Sex", "constraints": {"enum": ["f", "m"]}, "sluice": {"uses": ["group"]}}]}},
 {"name": "heavy", "path": "heavy.csv", "title": "Heavy",
  "sluice": {"owner": "ward 7", "class": "confidential", "owner_approval": false, "quality": "open", "unit": {"column": "id", "space": "person"}},
  "schema": {"fields": [{"name": "id", "type": "integer"},
    {"name": "age", "type": "integer", "title": "Age, years", "constraints": {"minimum": 0, "maximum": 120}, "sluice": {"uses": ["measure"], "measured_in": "years"}}]}}]}
P
}
put_policy() {
	cat > policy.txt <<P
{ "sluice_policy": 1, "enclave": "demo", "serial": $1,
  "people": { "olga": {"roles": ["officer"], "key": "@OLGA@"}, "rui": {"roles": ["reviewer"], "key": "@RUI@"},
              "own": {"roles": ["owner"], "organisation": "ward 7", "key": "$(cut -d' ' -f1,2 own.pub)"},
              "ida": {"roles": ["auditor"], "key": "$(cut -d' ' -f1,2 ida.pub)"}, "ana": {"roles": ["analyst"], "key": "@ANA@"} },
  "catalogues": {"clinic": "sha256:@CATALOGUE@"}, "disclosure": {"profile": "tre-uk"},
  "projects": { "wards": { "purpose": "How long stays are", "analysts": ["ana"], "expires": "@EXPIRES@", "approvals": 1,
      "tables": { "clinic.stays": {"sex": ["group"]} } } } }
P
	policy policy.txt datapackage.json
}
# 500 stays of 400 persons: of five ages in a hundred none, two sexes are another word.
{
	echo id,sex,age
	for i in $(seq 500); do
		sex=f
		[ "$i" -gt 2 ] || sex=u
		age=$((i % 90))
		[ $((i % 20)) -ne 0 ] || age=
		echo "$((i % 400)),$sex,$age"
	done
} > stays.csv
{ echo id,sex; for i in $(seq 199); do echo "$i,f"; done; } > few.csv
# Of 300 persons one has half of the rows, and they alone lack an age.
{ echo id,age; for i in $(seq 300); do echo "$i,40"; done; for i in $(seq 300); do echo "7,"; done; } > heavy.csv
package closed
enclave
expect 0 sluice data import datapackage.json
put_policy 1

expect 0 sluice data quality clinic.stays
says "rows: 500"
says "units: 400"
says "no version before"
grep -qE '^age +25 \(5\.0 %\) +0 \(0\.0 %\)$' out || fail "the ages that are missing"
grep -qE '^sex +0 \(0\.0 %\) +2 \(0\.4 %\)$' out || fail "the sexes outside the domain"
for who in ana rui ida; do
	expect 3 sluice data quality clinic.stays --key $who
	says "told to operators, officers and its owners alone"
	silent 500
done

# The source loses ages, and a file is put behind itself in part: the hundred persons' second stays come twice.
sed -E -i '/^[0-9]*1,/s/,[0-9]*$/,/' stays.csv
sed -n 2,101p stays.csv > twice
cat twice >> stays.csv
expect 0 sluice data refresh clinic.stays
for who in "" "--key own" "--key olga"; do
	# shellcheck disable=SC2086 # a flag and its value
	expect 0 sluice data quality clinic.stays $who
	says "rows: 600, was 500"
	grep -qE '^rows that repeat one of their unit: 114 \(19\.0 %\), was 1\.0 % !$' out || { cat out; fail "what came twice"; }
	grep -qE '^age +[0-9]+ \(15\.0 %\), was 5\.0 % ! ' out || { cat out; fail "the ages that were lost"; }
	grep -qE '^sex +0 \(0\.0 %\), was 0\.0 % +[0-9] \(0\.[0-9] %\), was 0\.4 %$' out || { cat out; fail "the sexes"; }
done
expect 0 sluice data quality clinic.stays --json --key own
python3 -c 'import json; q = json.load(open("out")); c = {c["name"]: c for c in q["columns"]}
assert q["repeated_rows"] == {"now": 114, "before": 5, "stands_out": True} and q["rows"]["now"] == 600, q
assert c["age"]["missing"]["stands_out"] and c["age"]["missing"]["before"] == 25 and not c["sex"]["other"]["stands_out"], c'

# An append is counted whole; it waits, and who is told of versions that wait is told of this one.
printf 'id,sex,age\n900,f,\n' > more.csv
expect 0 sluice data append datapackage.json --table clinic.stays --file more.csv
expect 0 sluice data quality clinic.stays
says "waits"
says "rows: 601, was 600"

# Opened in the catalogue: bands of the version in force, and no number.
package open
expect 0 sluice data import datapackage.json
put_policy 2
expect 0 sluice data quality clinic.stays --key ana
says "5 to 20 %"
says "under 5 %"
silent rows
silent was
[ "$(grep -cE '[0-9]{3}' out)" -eq 1 ] || fail "numbers are told: $(cat out)"
expect 0 sluice data quality clinic.stays --json --key ana
python3 -c 'import json; q = json.load(open("out")); assert q["in_bands"] and "rows" not in q and "before" not in q, q
assert {c["name"]: c["missing"] for c in q["columns"]} == {"sex": "under 5 %", "age": "5 to 20 %"}, q'
# One person more or less missing does not show while the lowest band holds fewer units than the threshold.
expect 3 sluice data quality clinic.few --key ana
says "too few units"
expect 0 sluice data quality clinic.few --key own
# Nor do one person's many rows choose a band: what that person lacks would be read from it.
expect 3 sluice data quality clinic.heavy --key ana
says "too few units for bands to be told, or one with too many of its rows"
silent "50 %"
expect 0 sluice data quality clinic.heavy --key own

# Forgotten with its version, and never another version's.
sqlite3 enclave/state.db "UPDATE quality SET box = (SELECT box FROM quality ORDER BY version LIMIT 1)"
expect 6 sluice data quality clinic.stays
expect 0 sluice data forget clinic.stays
[ "$(sqlite3 enclave/state.db "SELECT count(*), sum(forgotten <> 0), sum(forgotten <> 0 AND box IS NOT NULL)
	FROM version LEFT JOIN quality ON n = version WHERE tbl = 'clinic.stays'")" = "4|1|0" ] ||
	fail "what was counted of a forgotten version is kept"
expect 1 sluice data quality clinic.nothing
says "there is no table"
