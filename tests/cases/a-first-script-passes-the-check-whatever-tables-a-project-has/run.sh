. "$(dirname "$0")/../lib.sh"

# tables drawn at random, twelve times
seed=0
while [ $seed -lt 12 ]; do
	rm -rf enclave enclave-keys policy.json* ./*.csv job.lua
	python3 "$case_dir/packages.py" $seed
	enclave
	expect 0 sluice data import datapackage.json
	policy policy.txt datapackage.json
	expect 0 sluice job new -p first --key ana
	says "job.lua and sluice-first.d.lua written"
	expect 0 sluice job check job.lua -p first --key ana || fail "seed $seed"
	grep -q 'output("example"' job.lua || fail "seed $seed: no output"
	seed=$((seed + 1))
done

# never over a file of the author's, nor over one that is not of this command
expect 1 sluice job new -p first --key ana
says job.lua
echo "-- mine" > sluice-first.d.lua
expect 1 sluice job new other.lua -p first --key ana
says "is not of sluice job new"
[ "$(cat sluice-first.d.lua)" = "-- mine" ] || fail "somebody's file was replaced"
expect 1 sluice can-i job run nosuch --as ana
expect 3 sluice job new x.lua -p nosuch --key ana
[ ! -e x.lua ] || fail "a refusal left a file"

# the example tables: what is written is read as it says, and runs
rm -rf enclave enclave-keys policy.json* ./*.csv job.lua other.lua sluice-first.d.lua
study
expect 0 sluice job new -p liver --key ana
grep -q '^--   age: integer group filter' job.lua || { cat job.lua >&2; fail "age and its uses are not told"; }
grep -qF -- "---| '\"study.persons\"'" sluice-liver.d.lua || fail "the hints do not know study.persons"
expect 0 sluice job check job.lua --dummy -p liver --key ana
expect 0 sluice job run job.lua -p liver --key ana
expect 0 sluice job new - -p liver --key ana
cmp -s out job.lua || fail "- prints another script"
expect 0 sluice job new -p liver --hints --key ana
cmp -s out sluice-liver.d.lua || fail "--hints prints other hints"
expect 3 sluice job new -p liver - --key rui
