. "$(dirname "$0")/../lib.sh"
cp "$source_dir"/examples/nafld/*.csv.gz "$source_dir"/examples/nafld/datapackage.json .
zcat events.csv.gz | sed '1000s/,[^,]*,/,today,/' | gzip -n > e.gz
mv e.gz events.csv.gz
enclave
expect 65 sluice data import datapackage.json
says "events.csv.gz:1000"
says "days"
silent "today"
expect 0 sluice data ls
silent study.persons
[ -z "$(find enclave/vault -name '*.seg')" ] || fail "a segment was left behind"
expect 0 sluice audit verify
