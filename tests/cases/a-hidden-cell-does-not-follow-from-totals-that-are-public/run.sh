. "$(dirname "$0")/../lib.sh"
# town [PUBLIC]: an enclave with that catalogue, and the table asked for; its hidden cells in the file hidden.
town() {
	rm -rf enclave enclave-keys release
	python3 "$source_dir/tests/cases/packages/town.py" "$@"
	enclave
	expect 0 sluice data import town.json
	policy town-policy.json town.json
	cat > job.lua <<'L'
output("ill", from "town.persons" :group_by("region", "diagnosis") :summarise { persons = "units()" }
  :describe { region = "region", diagnosis = "diagnosis", persons = "persons" })
L
	held job.lua ill
	ask J-1
	expect 0 sluice review show R-1 --key rui
	cp out shown
	release R-1 L-1
	grep -F '[c]' release/data/ill.csv > hidden
}

# Where nothing is public one cell is hidden, and no other: three persons.
town
[ "$(cat hidden)" = "north,rare,[c]" ] || fail "hidden: $(cat hidden)"

# How many persons a region has is printed in the census: 88 less the other three cells are the three. A second cell of
# that region is hidden, and nothing besides.
town '[{"name": "census 2021", "by": ["region"], "source": "the statistical yearbook, table 4"}]'
[ "$(wc -l < hidden)" -eq 2 ] && [ "$(grep -c north hidden)" -eq 2 ] || fail "hidden: $(cat hidden)"
grep -qF 'north,rare,[c]' hidden || fail "hidden: $(cat hidden)"
grep -qF 'beside the public total census 2021 of town.persons, region north' shown || fail "not told: $(cat shown)"
expect 0 sluice data show town.persons --key ana
says 'public: census 2021: units by region (the statistical yearbook, table 4)'
# What is public is in no release, and no number of it is anywhere in the bundle.
! grep -rqF 'census' release || fail "the bundle names it"

# Asked again in other words, the hidden cell is hidden still; the region itself is public, and is shown as it is.
cat > job.lua <<'L'
output("rare", from "town.persons" :where "diagnosis = 'rare'" :group_by("region") :summarise { persons = "units()" }
  :describe { region = "region", persons = "persons" })
output("regions", from "town.persons" :group_by("region") :summarise { persons = "units()" }
  :describe { region = "region", persons = "persons" })
L
held job.lua ill
ask J-2
rm -rf release
release R-2 L-2
printf 'region,persons\nnorth,[c]\nsouth,12\neast,11\n' | cmp - release/data/rare.csv
printf 'region,persons\nnorth,88\nsouth,112\neast,105\n' | cmp - release/data/regions.csv

# The same by all columns, one of which the project was not granted: small cells that are public refuse nothing.
town '[{"by": []}, {"by": ["region", "sex"]}, {"by": ["region", "diagnosis"], "name": "all"}]'
[ "$(cat hidden)" = "north,rare,[c]" ] || fail "hidden: $(cat hidden)"
