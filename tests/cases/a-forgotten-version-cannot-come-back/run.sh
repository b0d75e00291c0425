. "$(dirname "$0")/../lib.sh"
study
held "$source_dir/examples/nafld/diagnoses.lua" liver
ask J-1
# Enough units change each time for the new version to be in force.
fewer() {
	zcat events.csv.gz | head -n "-$1" | gzip > fewer.gz
	mv fewer.gz events.csv.gz
	expect 0 sluice data import datapackage.json --table events
	silent waits
}
fewer 900
fewer 800
old=$(sluice data show study.events --json | grep -o '"version":"[0-9a-f]*"' | cut -d'"' -f4)
expect 1 sluice data forget study.events --id "$old"
says "is in force"
expect 2 sluice data forget study.events --id "$old" --all
expect 3 sluice data forget study.events --key ana
expect 1 sluice data forget study.nothing
before=$(find enclave/vault -name '*.seg' | wc -l)
expect 0 sluice data forget study.events
says "forgot 2 versions of study.events"
says "not reached: copies of state.db"
[ "$(find enclave/vault -name '*.seg' | wc -l)" -eq $((before - 2)) ] || fail "files of forgotten versions are still there"
[ ! -s enclave/state.db-wal ] || fail "the log of state.db was not emptied"
expect 1 sluice data forget study.events
says "no old version"
expect 0 sluice audit log
says data.forgotten
expect 0 sluice audit verify
# What was made from a forgotten version stays; a reviewer is told that it cannot be made again.
expect 0 sluice review show R-1 --key rui
says "forgotten since, so that the numbers cannot be made again: study.events"
silent "study.events, "
expect 0 sluice review show R-1 --key rui --json
says '"forgotten":"study.events"'
release R-1 L-1
expect 0 sluice release verify release --anchor anchor.txt
held "$source_dir/examples/nafld/diagnoses.lua" liver
expect 0 sluice data forget study.events --all
expect 1 sluice job run "$source_dir/examples/nafld/diagnoses.lua" -p liver --key ana
says "has been forgotten"
says "ask the operator to import it"
expect 0 sluice data ls
# What comes after cannot be compared with what was: it waits for the officers' day.
expect 0 sluice data import datapackage.json --table events
says "waits: there is no version in force to compare it with"
expect 1 sluice job run "$source_dir/examples/nafld/diagnoses.lua" -p liver --key ana
says "waits for its day"
says "ask an officer to name the day in the policy: refresh_on"
# Jobs that do not read the table go on.
echo 'output("n", from "study.persons" :summarise{ n = "units()" })' > persons.lua
expect 0 sluice job run persons.lua -p liver --key ana
sed -e "s|\"serial\": 1,|\"serial\": 2, \"refresh_on\": {\"study.events\": \"$(date -u +%F)\"},|" \
	"$source_dir/examples/nafld/policy.json" > second.json
policy second.json datapackage.json
held "$source_dir/examples/nafld/diagnoses.lua" liver
expect 0 sluice audit log
says data.in-force
i=0
while [ $i -lt 6 ]; do
	fewer 700
	setsid sluice data forget study.events >kill.out 2>&1 &
	pid=$!
	sleep "0.0$((i * 2))"
	kill -9 $pid 2>/dev/null || :
	wait $pid 2>/dev/null || :
	i=$((i + 1))
done
expect 0 sluice audit verify
expect 0 sluice data ls
kept=$(sluice data show study.events --json | grep -o '"versions":[0-9]*' | cut -d: -f2)
held "$source_dir/examples/nafld/diagnoses.lua" liver
got=0
sluice data forget study.events >out 2>err || got=$?
case $got in 0 | 1) ;; *) cat out err >&2; fail "a forget after killed ones ended with $got" ;; esac
[ -n "$kept" ] || fail "data show --json does not count versions"
