#!/bin/sh
# run.sh - the bench, by parts; each prints its table and keeps it in bench/results. Alone: all but scale.
#
#   engine          questions over 10 M rows, attaching, whole jobs, beside DuckDB and others
#   import          the CSV of 10 M rows to sealed, beside DuckDB's read_csv
#   costs           what reading memory, deciphering, decoding, keys and tally cost
#   job             whole jobs on the example tables, beside the sqlite3 shell
#   start           what starting a confined program costs, and each of its layers
#   disclosure      how long hiding what could be worked out takes, by size of table
#   history         how long comparing a publication with all earlier ones takes, and the request as a whole
#   review          how long a reviewer waits for a table of 10,000 cells, beside cat and sqlite3
#   audit           how long verifying a log of a million leaves takes
#   catalogue       searching, listing, checking among 405 tables with 17,000 columns
#   policy          eval, lint, test, diff of a policy of 17,000 grants there, beside jq and Python
#   scale [ROWS...] time, size and memory from 10 M to 200 M rows
#
# SLUICE_BIN: the directory of the programs. ROUNDS: how often. What is generated is kept in build/bench-data,
# the npm packages of the others in build/bench-js.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
top=$(dirname "$here")
: "${SLUICE_BIN:=$top/build/release/bin}"
export SLUICE_BIN
mkdir -p "$top/build/bench-data" "$here/results"

part=${1:-all}
[ $# = 0 ] || shift
case $part in
all)
	for each in engine import costs job start disclosure history review audit catalogue policy; do
		sh "$0" "$each"
	done
	;;
engine | import | costs) python3 "$here/table.py" "$part" ;;
job) sh "$here/job.sh" ;;
review) python3 "$here/review.py" ;;
start | disclosure | audit) python3 "$here/alone.py" "$part" ;;
catalogue | policy | history) python3 "$here/$part.py" ;;
scale) python3 "$here/scale.py" "$@" ;;
*)
	echo "bench: no part $part; there are: engine import costs job start disclosure history review audit catalogue policy scale" >&2
	exit 2
	;;
esac
