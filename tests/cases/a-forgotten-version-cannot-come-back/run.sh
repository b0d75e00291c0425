. "$(dirname "$0")/../lib.sh"
study
held "$source_dir/examples/nafld/diagnoses.lua" liver
ask J-1
expect 0 sluice data import datapackage.json --table events
expect 0 sluice data import datapackage.json --table events
old=$(sluice data show study.events --json | grep -o '"version":"[0-9a-f]*"' | cut -d'"' -f4)
expect 1 sluice data forget study.events --version "$old"
says "is in force"
expect 2 sluice data forget study.events --version "$old" --all
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
# What was made from a forgotten version stays, and says where it came from.
release R-1 L-1
expect 0 sluice release verify release --anchor anchor.txt
held "$source_dir/examples/nafld/diagnoses.lua" liver
expect 0 sluice data forget study.events --all
expect 1 sluice job run "$source_dir/examples/nafld/diagnoses.lua" -p liver --key ana
says "has been forgotten"
says "ask the operator to import it"
expect 0 sluice data ls
i=0
while [ $i -lt 6 ]; do
	expect 0 sluice data import datapackage.json --table events
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
