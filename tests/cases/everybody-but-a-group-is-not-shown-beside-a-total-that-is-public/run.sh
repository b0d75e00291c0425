. "$(dirname "$0")/../lib.sh"
# town [PUBLIC]: an enclave with that catalogue.
town() {
	rm -rf enclave enclave-keys release
	python3 "$source_dir/tests/cases/packages/town.py" "$@"
	enclave
	expect 0 sluice data import town.json
	policy town-policy.json town.json
}
# persons R-n L-n: what left of the job in job.lua.
persons() {
	ask "$(grep -o 'J-[0-9]*' out | head -1)"
	expect 0 sluice review show "$1" --key rui
	cp out shown
	rm -rf release
	release "$1" "$2"
}
but_the_rare() {
	cat > job.lua <<'L'
output("others", from "town.persons" :where "diagnosis <> 'rare'" :group_by("region")
  :summarise { persons = "units()" } :describe { region = "region", persons = "persons" })
L
	held job.lua ill
}
listed() {
	cat > job.lua <<'L'
output("listed", from "town.persons" :group_by("listed") :summarise { persons = "units()" }
  :describe { listed = "on the list", persons = "persons" })
L
	held job.lua ill
}
# Nothing is public: 26 are left out of all, and of a region it is not asked.
town
but_the_rare
persons R-1 L-1
printf 'region,persons\nnorth,85\nsouth,100\neast,94\n' | cmp - release/data/others.csv
listed
persons R-2 L-2
printf 'listed,persons\nyes,149\nno,156\n' | cmp - release/data/listed.csv

# The census has 88 in the north, three more. It has 153 women, of whom 149 are on the list, though the project that asks
# knows of no sex.
town '[{"name": "census", "by": ["region"]}, {"by": ["sex"]}]'
but_the_rare
persons R-1 L-1
printf 'region,persons\nnorth,[c]\nsouth,100\neast,94\n' | cmp - release/data/others.csv
grep -qF 'beside the public total census of town.persons, region north' shown || fail "not told: $(cat shown)"
listed
expect 3 sluice request new J-2 --context "Table 1: a case of the test suite" --key ana
says 'cannot be protected in this shape'
silent 'sex'
