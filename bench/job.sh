#!/bin/sh
# job.sh - what a whole job costs, beside the same question in the sqlite3 shell, and where its time goes.
#
# Sets up enclaves (one with the example tables on disk; three with one row a table: two on disk, one in memory) and
# SQLite files of the example tables, then hands them to measure.py. Prints the table; keeps it in bench/results.
# SLUICE_BIN: the directory of the programs. ROUNDS: how often each command is timed (default 41).
set -eu
here=$(cd "$(dirname "$0")" && pwd)
top=$(dirname "$here")
bin=$(cd "${SLUICE_BIN:-$top/build/release/bin}" && pwd)
PATH=$bin:$PATH
data=$top/examples/nafld
# On the disk of the checkout: /tmp is memory on many machines.
play=$top/build/bench
rm -rf "$play"
mkdir -p "$play/one-row" "$here/results"
memory=
clean() { rm -rf "$play" ${memory:+"$memory"}; }
trap clean EXIT
trap 'exit 130' INT TERM HUP
umask 077
cd "$play"

for who in olga rui ana; do
	ssh-keygen -q -t ed25519 -N '' -C "$who" -f "$who"
done
cp "$data/datapackage.json" one-row/
for table in persons events labs; do
	gzip -dc "$data/$table.csv.gz" >"$table.csv"
	head -n 2 "$table.csv" | gzip -n >"one-row/$table.csv.gz"
done
python3 "$here/bench_policy.py" "$data" "$play" >policy.json

# enclave NAME CATALOGUE: founded, tables imported, policy in force.
enclave() {
	mkdir "$1"
	sluice init "$1/enclave" --name demo --officer olga=olga.pub --anchor "$1/anchor.txt"
	sluice data import "$2" --dir "$1/enclave"
	sluice policy sign policy.json --key olga
	sluice policy apply policy.json --signature policy.json.sig --dir "$1/enclave"
	rm policy.json.sig
} >>setup.log 2>&1

enclave full "$data/datapackage.json" || { cat setup.log >&2; exit 1; }
enclave small one-row/datapackage.json || { cat setup.log >&2; exit 1; }
cp -a small idle # where no job ever runs: what job ls costs must not grow with the rounds
if [ -d /dev/shm ] && memory=$(mktemp -d /dev/shm/sluice-bench.XXXXXX); then
	cp -a small/. "$memory"
fi

# The keys and types a person who cares for speed would give it.
sqlite3 study.db <<'END'
CREATE TABLE persons (person_id INTEGER PRIMARY KEY, age INTEGER, male INTEGER, weight REAL, height REAL, bmi REAL,
	case_id INTEGER, futime INTEGER, status INTEGER);
CREATE TABLE events (person_id INTEGER, days INTEGER, event TEXT);
CREATE TABLE labs (person_id INTEGER, days INTEGER, test TEXT, value REAL);
.mode csv
.import --skip 1 persons.csv persons
.import --skip 1 events.csv events
.import --skip 1 labs.csv labs
END

sqlite3 study.db "UPDATE labs SET value = NULL WHERE value = ''; ANALYZE"
cp study.db indexed.db
sqlite3 indexed.db "CREATE INDEX e ON events (event, person_id); CREATE INDEX l ON labs (test, person_id, value); ANALYZE"

# The two must answer the same, or there is nothing to compare: release the results and look.
SLUICE_DIR=$play/full/enclave
export SLUICE_DIR
# to_judge R-n: --acknowledge for each rule that has something to judge.
to_judge() {
	sluice review show "$1" --json --key rui | python3 -c 'import json, sys
for rule in sorted({f["rule"] for f in json.load(sys.stdin)["findings"] if f["severity"] == "review"}):
    print("--acknowledge", rule)'
}
# released N PROJECT SCRIPT: the enclave's Nth job, from run to release-N. What is to judge is a word each.
# shellcheck disable=SC2046
released() {
	sluice job run "$3" -p "$2" --key ana &&
		sluice request new "J-$1" --context "the same question in sqlite3" --key ana &&
		sluice review approve "R-$1" --comment "compared" $(to_judge "R-$1") --key rui &&
		sluice release get "L-$1" --to "release-$1" --key ana
} >>setup.log 2>&1
released 1 liver "$data/diagnoses.lua" || { cat setup.log >&2; exit 1; }
released 2 readings "$here/readings.lua" || { cat setup.log >&2; exit 1; }
sqlite3 -csv study.db <"$here/diagnoses.sql" >diagnoses.csv
sqlite3 -csv study.db <"$here/readings.sql" >readings.csv

result=$here/results/$(date -u +%Y-%m-%d)-job.txt
python3 "$here/measure.py" "$data" "$play" "${memory:-}" "${ROUNDS:-41}" >table.txt
rows=$bin/../bench/bench_engine_rows
if [ -x "$rows" ]; then
	{
		printf '\nthe engine alone, in one process over made-up rows, best of five (bench_engine_rows)\n'
		"$rows"
	} >>table.txt
else
	echo "bench: the engine alone is not measured; ninja -C build/release bench_programs makes the program" >&2
fi
cp table.txt "$result"
chmod 644 "$result"
cat "$result"
