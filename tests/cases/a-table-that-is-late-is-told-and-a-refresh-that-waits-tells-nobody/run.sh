. "$(dirname "$0")/../lib.sh"
cat > datapackage.json <<'END'
{"name": "clinic", "resources": [
 {"name": "stays", "path": "stays.csv", "title": "Stays",
  "sluice": {"owner": "ward 7", "class": "confidential", "owner_approval": false, "unit": {"column": "id", "space": "person"}, "rhythm": "P1D"},
  "schema": {"fields": [{"name": "id", "type": "integer"},
    {"name": "sex", "type": "string", "title": "Sex", "constraints": {"enum": ["f", "m"]}, "sluice": {"uses": ["group"]}}]}},
 {"name": "never", "path": "never.csv", "sluice": {"owner": "ward 8", "class": "confidential", "owner_approval": false,
  "unit": {"column": "id", "space": "person"}, "rhythm": "P1Y"}, "schema": {"fields": [{"name": "id", "type": "integer"}]}},
 {"name": "whenever", "path": "whenever.csv", "sluice": {"owner": "ward 8", "class": "confidential", "owner_approval": false,
  "unit": {"column": "id", "space": "person"}}, "schema": {"fields": [{"name": "id", "type": "integer"}]}}]}
END
{ echo id,sex; for i in $(seq 40); do echo "$i,f"; done; } > stays.csv
printf 'id\n1\n' > whenever.csv
people teo own
enclave
expect 0 sluice data import datapackage.json --table stays --table whenever
expect 1 sluice data ls --late
says clinic.never
silent clinic.stays
silent clinic.whenever

cat > policy.txt <<END
{ "sluice_policy": 1, "enclave": "demo", "serial": 1,
  "people": { "olga": {"roles": ["officer"], "key": "@OLGA@"}, "rui": {"roles": ["reviewer"], "key": "@RUI@"},
              "own": {"roles": ["owner"], "organisation": "ward 7", "key": "$(cut -d' ' -f1,2 own.pub)"},
              "ana": {"roles": ["analyst"], "key": "@ANA@"} },
  "catalogues": {"clinic": "sha256:@CATALOGUE@"}, "disclosure": {"profile": "tre-uk"},
  "projects": { "wards": { "purpose": "How long stays are", "analysts": ["ana"], "expires": "@EXPIRES@", "approvals": 1,
      "tables": { "clinic.stays": {"sex": ["group"]} } } } }
END
policy policy.txt datapackage.json
printf 'id\n2\n' > never.csv
expect 0 sluice data import datapackage.json
expect 0 sluice data ls --late
[ ! -s out ] || fail "says something where nothing is late"

# ten days pass
sqlite3 enclave/state.db "UPDATE version SET at = at - 864000, in_force = in_force - 864000"
for who in "" "--key ana" "--key own"; do
	# shellcheck disable=SC2086 # a flag and its value
	expect 1 sluice data ls --late $who
	says "late since $(date -u -d '8 days ago' +%F)"
	says clinic.stays
	silent clinic.never
done
expect 0 sluice data show clinic.stays --key ana
says "expected every: 1D, late, was due $(date -u -d '9 days ago' +%F)"
expect 0 sluice data ls --json --key ana
python3 -c 'import json; t = {t["name"]: t for t in json.load(open("out"))["tables"]}
assert t["clinic.stays"]["late"] is True and t["clinic.stays"]["rhythm"] == "P1D" and "rows" not in t["clinic.stays"], t
assert t["clinic.never"]["late"] is False and "late" not in t["clinic.whenever"], t'
cp out before

# a refresh of one person waits: for the operator and the owner the table is in time; an analyst sees what was to be seen
echo "41,m" >> stays.csv
expect 0 sluice data refresh clinic.stays
says waits
expect 0 sluice data ls --late
expect 0 sluice data ls --late --key own
expect 1 sluice data ls --late --key ana
expect 0 sluice data ls --json --key ana
cmp -s out before || fail "an analyst sees that a refresh waits"
# an owner sees the rows of their own table, and of no other
expect 0 sluice data ls --json --key own
python3 -c 'import json; t = {t["name"]: t for t in json.load(open("out"))["tables"]}
assert t["clinic.stays"]["rows"] == 40 and t["clinic.stays"]["waits"] is True, t
assert "rows" not in t["clinic.never"] and "waits" not in t["clinic.never"], t'
