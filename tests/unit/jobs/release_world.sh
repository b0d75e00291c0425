# release_world.sh - in an empty folder: an enclave in which an owner is asked about R-1, and something of it is left to
# judge. asked.db is the state before anybody decided; owned.db when the owner lea has approved, and the reviewer rui has not;
# left.db when it left.
. "$SLUICE_SOURCE/tests/unit/jobs/world.sh"
. "$SLUICE_SOURCE/tests/cases/owners.sh"
owners_study '/"owner": "laboratory"/s/, "owner_approval": false//; /"owner": "clinic"/s/on_application/confidential/; s/"owner": "laboratory"/&, "public": [{"by": ["test"]}]/'
cat > labs.lua <<'L'
output("tests", from "study.labs" :group_by("test")
  :summarise { persons = "units()", some = "count_if(test = 'hdl')", others = "count_if(test = 'hdl' or test = 'chol')" }
  :describe { test = "laboratory test", persons = "distinct persons", some = "readings of one", others = "readings of two" })
L
held labs.lua liver
ask J-1
sqlite3 enclave/state.db ".backup asked.db"
expect 0 sluice data approve R-1 --comment "as agreed" --key lea
sqlite3 enclave/state.db ".backup owned.db"
release R-1 L-1 --acknowledge differencing
mv release first
sqlite3 enclave/state.db ".backup left.db"
