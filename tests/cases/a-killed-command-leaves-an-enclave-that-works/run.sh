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
