. "$(dirname "$0")/../lib.sh"
python3 "$source_dir/bench/catalogue_make.py" packages 5 10 160
enclave
for package in packages/*/datapackage.json; do
	expect 0 sluice data import "$package"
done

# before there is a policy, as the operator: two letters of Chinese, Arabic, a word without its accents, another case
expect 0 sluice data search 住房
says 部门-2.表_
says "next: sluice data show"
expect 0 sluice data search المركبات
says جدول
expect 0 sluice data search SEJOURS
says Séjours
silent Schüler
expect 0 sluice data search grosse_3
says größe_3
expect 0 sluice data search wohnflache behorde-5 # one word in the column, one in its table's name
says "Wohnfläche"
# names come before titles, titles before what is in a description
expect 0 sluice data search table_1
sed -n 2p out | grep -q '^dept-1.table_1 ' || fail "a table's own name is not the first: $(sed -n 2p out)"
expect 0 sluice data search period
says "description: …at the end of the period."
expect 0 sluice data search "2 A" # a value's label
says "values: "

# nothing: the answer is no, and a near name
expect 1 sluice data search tabel_1
says 'did you mean "table_1"?'
expect 1 sluice data search wohnflache 住房
expect 65 sluice data search ّ # a mark alone
says "there is nothing to look for"

# as JSON, the same
expect 0 sluice data search 住房 --json
python3 -c 'import json; a = json.load(open("out")); assert a["total"] == len(a["found"]) > 0, a
assert all(f["owner"] == "部门-2" and f["found_in"] == "title" for f in a["found"]), a'
# no more than 20 lines, and how many more
expect 0 sluice data search e
[ "$(wc -l < out)" = 21 ] || fail "$(wc -l < out) lines"
says "more were found"
expect 0 sluice data search e --all
[ "$(wc -l < out)" -gt 60 ] || fail "--all shows $(wc -l < out) lines"

# an analyst: sees every name, and which of it a project of theirs is granted
cat > policy.txt <<'END'
{ "sluice_policy": 1, "enclave": "demo", "serial": 1,
  "people": { "olga": {"roles": ["officer"], "key": "@OLGA@"}, "rui": {"roles": ["reviewer"], "key": "@RUI@"},
              "ana": {"roles": ["analyst"], "key": "@ANA@"} },
  "catalogues": {"dept-1": "sha256:@CATALOGUE@"}, "disclosure": {"profile": "tre-uk"},
  "projects": { "wards": { "purpose": "How long stays are", "analysts": ["ana"], "expires": "@EXPIRES@", "approvals": 1,
      "tables": { "dept-1.table_1": {"col_2": ["group"]} } } } }
END
policy policy.txt packages/01/datapackage.json
expect 0 sluice data search col_2 --key ana
grep '^dept-1.table_1 ' out | grep -q ' wards ' || fail "a granted column is not said to be"
[ "$(grep -c ' wards ' out)" = 1 ] || fail "more than one column is said to be granted"
says "then sluice job new -p wards"
expect 0 sluice data search 住房 --key ana
says "ask an officer"
expect 0 sluice data search col_2 --key rui
silent wards

# an enclave of an older version has catalogues and no entries: they are made by the first who looks
sqlite3 enclave/state.db "DELETE FROM entry; DELETE FROM entry_source"
expect 0 sluice data search 住房
says 部门-2.表_
expect 0 sluice data ls
says dept-1.table_1
