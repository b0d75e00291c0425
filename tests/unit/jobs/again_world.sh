# again_world.sh - in an empty folder: an enclave whose policy has near rows told again. L-1 has persons by sex; R-2, less
# three of them, waits. revoked.db is the state when L-1 was taken back.
. "$SLUICE_SOURCE/tests/unit/jobs/world.sh"
cp "$source_dir"/examples/nafld/*.csv.gz "$source_dir"/examples/nafld/datapackage.json .
enclave
expect 0 sluice data import datapackage.json
sed 's|"profile": "tre-uk"|&, "near": "earlier"|' "$source_dir/examples/nafld/policy.json" > near.json
policy near.json datapackage.json
for where in "" ':where "age <= 97"'; do
	cat > job.lua <<L
output("persons", from "study.persons" $where :group_by("male") :summarise { rows = "count()", n = "units()" }
  :calc { eyes = "n * 2" } :describe { male = "sex", rows = "their rows", n = "persons", eyes = "their eyes; unit: eyes" })
L
	held job.lua liver
	ask "$(grep -o 'J-[0-9]*' out | head -1)"
	[ -n "$where" ] || release R-1 L-1
done
sqlite3 enclave/state.db ".backup waits.db"
expect 0 sluice release revoke L-1 --reason "a wrong year" --key olga
sqlite3 enclave/state.db ".backup revoked.db"
