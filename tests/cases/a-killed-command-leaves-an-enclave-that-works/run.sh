. "$(dirname "$0")/../lib.sh"
study
i=0
while [ $i -lt 12 ]; do
	setsid sluice job run "$source_dir/examples/nafld/diagnoses.lua" -p liver --key ana >kill.out 2>&1 &
	pid=$!
	sleep "0.0$((i * 7 % 10))$((i % 10))"
	kill -9 $pid 2>/dev/null || :
	wait $pid 2>/dev/null || :
	i=$((i + 1))
done
i=0
while [ $i -lt 8 ]; do
	setsid sluice data import datapackage.json >kill.out 2>&1 &
	pid=$!
	sleep "0.$((i * 13 % 10))$i"
	kill -9 $pid 2>/dev/null || :
	wait $pid 2>/dev/null || :
	i=$((i + 1))
done
sleep 0.3
expect 0 sluice data ls
expect 0 sluice audit verify
expect 0 sluice job ls --key ana
silent running
held "$source_dir/examples/nafld/diagnoses.lua" liver
job=$(grep -o 'J-[0-9]*' out | head -1)
ask "$job"
request=$(grep -o 'R-[0-9]*' out | head -1)
release "$request" L-1
expect 0 sluice release verify release --anchor anchor.txt
pgrep -f "$play" >/dev/null && fail "a process was left behind" || :
# Approvals of three requests at once die at six moments: each request is released or waits, and what is released can be fetched.
i=0
while [ $i -lt 6 ]; do
	names=
	for n in 1 2 3; do
		ask "$job"
		names="$names $(grep -o 'R-[0-9]*' out | head -1)"
		expect 0 sluice review show "${names##* }" --key rui
	done
	# shellcheck disable=SC2086 # three words
	setsid sluice review approve $names --comment "seen" --key rui >kill.out 2>&1 &
	pid=$!
	sleep "0.$((i * 5 % 4))$((i * 7 % 10))"
	kill -9 $pid 2>/dev/null || :
	wait $pid 2>/dev/null || :
	for name in $names; do
		expect 0 sluice request show "$name" --key ana
		grep -qE "^$name (submitted|released)" out || { cat out; fail "$name is neither released nor waits"; }
	done
	i=$((i + 1))
done
expect 0 sluice audit verify
expect 0 sluice release ls --key ana
for left in $(grep -oE '^L-[0-9]+' out | sort -u); do
	expect 0 sluice release get "$left" --to "$play/$left" --key ana
	expect 0 sluice release verify "$left" --anchor anchor.txt
done
# An append and a refresh die at eight moments each: rows are added whole or not at all.
count() { sluice data show study.events --json | grep -o '"rows":[0-9]*' | cut -d: -f2; }
policy_with_day() {
	sed -e "s|\"serial\": 1,|\"serial\": 2, \"refresh_on\": {\"study.events\": \"$(date -u +%F)\"},|" \
		"$source_dir/examples/nafld/policy.json" > second.json
	policy second.json datapackage.json
}
policy_with_day
zcat events.csv.gz | head -n 51 > more.csv
before=$(count)
i=0
while [ $i -lt 16 ]; do
	if [ $((i % 2)) -eq 0 ]; then set -- append datapackage.json --table events --file more.csv; else set -- forget study.events; fi
	setsid sluice data "$@" >kill.out 2>&1 &
	pid=$!
	sleep "0.$((i * 7 % 3))$((i * 3 % 10))"
	kill -9 $pid 2>/dev/null || :
	wait $pid 2>/dev/null || :
	after=$(count)
	[ $(((after - before) % 50)) -eq 0 ] || fail "$after rows: an append was kept in part"
	i=$((i + 1))
done
[ "$after" -gt "$before" ] || echo "no append lived long enough to be kept" >&2
sleep 0.3
expect 0 sluice data verify
expect 0 sluice audit verify
expect 0 sluice data append datapackage.json --table events --file more.csv
[ "$(count)" -eq $((after + 50)) ] || fail "an append after killed ones did not add its rows"
[ "$(find enclave/vault -name '*.seg' | wc -l)" -eq "$(sluice data verify --json | grep -o '"table"' | wc -l)" ] || fail "a segment belongs to no version"
pgrep -f "$play" >/dev/null && fail "a process was left behind" || :
