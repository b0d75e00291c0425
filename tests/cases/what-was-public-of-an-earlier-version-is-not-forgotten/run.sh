. "$(dirname "$0")/../lib.sh"
census='[{"name": "census", "by": ["region"]}]'
python3 "$source_dir/tests/cases/packages/town.py" "$census"
enclave
expect 0 sluice data import town.json
policy town-policy.json town.json
# jobs SINCE: persons by region, of all or of those there since 2021.
jobs() {
	cat > job.lua <<L
output("persons", from "town.persons" $1 :group_by("region") :summarise { persons = "units()" }
  :describe { region = "region", persons = "persons" })
L
	held job.lua ill
	ask "$(grep -o 'J-[0-9]*' out | head -1)"
}
# One release of the first version, of another question: it keeps what was public then.
cat > job.lua <<'L'
output("ill", from "town.persons" :group_by("diagnosis") :summarise { persons = "units()" }
  :describe { diagnosis = "diagnosis", persons = "persons" })
L
held job.lua ill
ask J-1
release R-1 L-1
mv release first

# The new version is in force at once, since more than nine persons differ; of it 105 in the north are public.
python3 "$source_dir/tests/cases/packages/town.py" "$census" later
expect 0 sluice data refresh
jobs ''
release R-2 L-2
printf 'region,persons\nnorth,105\nsouth,114\neast,111\n' | cmp - release/data/persons.csv
rm -rf release
jobs ':where "since = '"'2021'"'"'
expect 0 sluice review show R-3 --key rui
says 'beside the public total census of town.persons, region north, as L-1 read it'
release R-3 L-3
printf 'region,persons\nnorth,[c]\nsouth,94\neast,91\n' | cmp - release/data/persons.csv
