. "$(dirname "$0")/../lib.sh"
study
held "$source_dir/examples/nafld/diagnoses.lua" liver
ask J-1
release R-1 L-1
mv release first
rm -rf enclave enclave-keys
zcat events.csv.gz > e.csv
zcat persons.csv.gz > p.csv
sqlite3 study.sqlite "PRAGMA journal_mode=WAL" ".mode csv" ".import p.csv persons" ".import e.csv events" >sql.out
enclave
for t in persons events; do
	expect 0 sluice data attach study.sqlite --table $t --as study.$t --package datapackage.json
done
policy "$source_dir/examples/nafld/policy.json" datapackage.json
held "$source_dir/examples/nafld/diagnoses.lua" liver
ask J-1
release R-1 L-1
cmp first/data/diagnoses.csv release/data/diagnoses.csv
