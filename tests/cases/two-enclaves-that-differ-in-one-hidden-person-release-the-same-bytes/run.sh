. "$(dirname "$0")/../lib.sh"
people olga rui ana
cp "$source_dir"/examples/nafld/*.csv.gz "$source_dir"/examples/nafld/datapackage.json .
cp events.csv.gz all.csv.gz
# side HOW: an enclave whose events were edited so, and its release with the export.
side() {
	rm -rf enclave enclave-keys release
	python3 "$case_dir/edit.py" "$1" persons.csv.gz all.csv.gz events.csv.gz
	enclave
	expect 0 sluice data import datapackage.json
	policy "$source_dir/examples/nafld/policy.json" datapackage.json
	held "$source_dir/examples/nafld/diagnoses.lua" liver
	ask J-1
	release R-1 L-1
	expect 0 sluice release export release --acro export --anchor anchor.txt
	mkdir "$1"
	mv release export events.csv.gz "$1/"
	sed -i -E -e 's/20[0-9]{2}-[0-9]{2}-[0-9]{2}T[0-9:]{8}Z/TIME/g' "$1/export/results.json"
	rm "$1/export/checksums/results.json.txt"
}
side as-it-is
grep -q '^MI,18-39,female,\[c\]$' as-it-is/release/data/diagnoses.csv || fail "the cell is not hidden in the example"
for other in gone another-day; do
	side $other
	cmp -s as-it-is/events.csv.gz $other/events.csv.gz && fail "$other: nothing was changed"
	python3 "$case_dir/compare.py" as-it-is/release $other/release || fail "$other: the bundles differ"
	diff -r as-it-is/export $other/export || fail "$other: the exports differ"
done
