. "$(dirname "$0")/../lib.sh"
people olga rui ana
cp "$source_dir"/examples/nafld/*.csv.gz "$source_dir"/examples/nafld/datapackage.json .
cp persons.csv.gz all.csv.gz
sed 's|"profile": "tre-uk"|&, "near": "earlier"|' "$source_dir/examples/nafld/policy.json" > near.json
compare=$case_dir/../two-enclaves-that-differ-in-one-hidden-person-release-the-same-bytes/compare.py

# asked STATISTICS DESCRIPTIONS [CONDITION]: what the author is told of it goes to the file seen.
asked() {
	cat > job.lua <<L
output("persons", from "study.persons" ${3:+:where \"$3\"} :group_by("male") :summarise { $1 } :describe { male = "sex", $2 })
L
	held job.lua liver
	ask "$(grep -o 'J-[0-9]*' out | head -1)"
	cat out err >> seen
	expect 0 sluice request show "$(grep -o 'R-[0-9]*' out | head -1)" --key ana
	sed -E -e 's/20[0-9]{2}-[0-9]{2}-[0-9]{2}T[0-9:]{8}Z/TIME/g' -e 's/[0-9a-f]{64}/DIGEST/g' out >> seen
}

# side HOW: an enclave whose persons were edited so: all of them, all but the oldest, all but the old.
side() {
	rm -rf enclave enclave-keys seen
	python3 "$case_dir/edit.py" "$1" all.csv.gz persons.csv.gz
	enclave
	expect 0 sluice data import datapackage.json
	policy near.json datapackage.json
	mkdir "$1"
	asked 'n = "units()"' 'n = "persons"'
	release R-1 L-1
	mv release "$1/all"
	# How many rows was not told then, so it is not now.
	asked 'n = "units()", rows = "count()"' 'n = "persons", rows = "their rows"' "age <= 97"
	release R-2 L-2
	mv release "$1/oldest"
	asked 'n = "units()", rows = "count()"' 'n = "persons", rows = "their rows"' "age <= 93"
	release R-3 L-3
	mv release "$1/old"
	mv seen persons.csv.gz "$1/"
}
side as-it-is
printf 'male,n,rows,[earlier]\nfemale,9348,[c],L-1/data/persons.csv#row=2\nmale,8201,[c],L-1/data/persons.csv#row=3\n' |
	cmp - as-it-is/oldest/data/persons.csv
printf 'male,n,rows,[earlier]\nfemale,9337,9337,\nmale,8201,[c],L-1/data/persons.csv#row=3\n' |
	cmp - as-it-is/old/data/persons.csv
for other in nobody more; do
	side $other
	cmp -s as-it-is/persons.csv.gz $other/persons.csv.gz && fail "$other: nothing was changed"
	for bundle in oldest old; do
		python3 "$compare" as-it-is/$bundle $other/$bundle || fail "$other: the bundles differ"
	done
	cmp as-it-is/seen $other/seen || fail "$other: the author is told something else"
done
