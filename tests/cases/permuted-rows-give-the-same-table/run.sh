. "$(dirname "$0")/../lib.sh"
study
held "$source_dir/examples/nafld/diagnoses.lua" liver
ask J-1
release R-1 L-1
mv release first
rm -rf enclave enclave-keys
for t in persons events labs; do
	zcat $t.csv.gz > $t.csv
	{ head -1 $t.csv; tail -n +2 $t.csv | sort -t, -k3,3 -k1,1r; } | gzip -n > $t.csv.gz
done
enclave
expect 0 sluice data import datapackage.json
policy "$source_dir/examples/nafld/policy.json" datapackage.json
held "$source_dir/examples/nafld/diagnoses.lua" liver
ask J-1
release R-1 L-1
cmp first/data/diagnoses.csv release/data/diagnoses.csv || fail "the order of rows shows"
