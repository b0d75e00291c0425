#!/bin/sh
# run-one.sh TARGET SECONDS - one libFuzzer target on a copy of its seeds; one line with what it reached.
# What it found stays in build/fuzz/findings, what it learnt in build/fuzz/corpus for the next time.
set -eu
cd "$(dirname "$0")/../.."
target=$1
seconds=$2
corpus=build/fuzz/corpus/$target
findings=build/fuzz/findings/$target
log=build/fuzz/$target.log

mkdir -p "$corpus" "$findings"
cp -R "tests/fuzz/corpus/$target/." "$corpus/"
status=0
"build/fuzz/fuzz-bin/$target" -max_total_time="$seconds" -print_final_stats=1 -timeout=20 -rss_limit_mb=2048 \
	-artifact_prefix="$findings/" "$corpus" >"$log" 2>&1 </dev/null || status=$?

executed=$(sed -n 's/^stat::number_of_executed_units: *//p' "$log")
reached=$(sed -n 's/.* cov: \([0-9]*\) ft: \([0-9]*\) corp: \([0-9]*\).*/\1 edges, \2 features, \3 inputs/p' "$log" | tail -n 1)
if [ "$status" != 0 ]; then
	tail -n 60 "$log"
	printf 'FINDING  %-28s %s (see %s and %s)\n' "$target" "status $status" "$log" "$findings"
	exit 1
fi
printf 'clean    %-28s %12s executions, %s\n' "$target" "${executed:-0}" "${reached:-no coverage}"
