. "$(dirname "$0")/../lib.sh"
study
for i in 1 2 3 4; do
	( sluice job run "$source_dir/examples/nafld/diagnoses.lua" -p liver --key ana > "run$i" 2>&1; echo $? > "code$i" ) &
done
sluice data ls >ls.out 2>&1
wait
for i in 1 2 3 4; do
	[ "$(cat "code$i")" -eq 0 ] || { cat "run$i" >&2; fail "run $i ended with $(cat "code$i")"; }
done
[ "$(cat run1 run2 run3 run4 | grep -o '^J-[0-9]* held' | sort -u | wc -l)" -eq 4 ] || fail "two jobs have one number"
expect 0 sluice audit verify
