# pages.sh - what the pages of docs/people are played on: people, package, scripts and a policy. A case sources it behind
# lib.sh, with datapackage.json before it.
people olga rui ana aud lea
line() { cut -d' ' -f1,2 "$1.pub"; }
cp "$source_dir/examples/nafld/diagnoses.lua" .
# The laboratory's readings are on application, and ask for its approval.
sed -i '/"owner": "laboratory"/s/"class": "confidential", "owner_approval": false/"class": "on_application", "owner_approval": true, "rhythm": "P1M"/' datapackage.json
cat > labs.lua <<'L'
output("tests", from "study.labs"
  :group_by("test")
  :summarise { persons = "units()" }
  :describe { test = "laboratory test", persons = "distinct persons with a reading" })
L
sed -e "s|@OLGA@|$(line olga)|" -e "s|@RUI@|$(line rui)|" -e "s|@ANA@|$(line ana)|" -e "s|@EXPIRES@|2099-12-31|" \
	-e "s|@CATALOGUE@|$(sha256sum datapackage.json | cut -d' ' -f1)|" -e 's|"disclosure"|"limits": {"slot_ms": 1}, &|' \
	-e "s|\"people\": *{|&\"aud\": {\"roles\": [\"auditor\"], \"key\": \"$(line aud)\"}, |" \
	-e "s|\"people\": *{|&\"lea\": {\"roles\": [\"owner\"], \"organisation\": \"laboratory\", \"key\": \"$(line lea)\"}, |" \
	-e 's|"projects": *{|&"readings": {"purpose": "Which tests are read", "analysts": ["ana"], "expires": "2099-12-31", "approvals": 1, "tables": {"study.labs": {"test": ["group"]}}}, |' \
	"$source_dir/examples/nafld/policy.json" > policy.json
