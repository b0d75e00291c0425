. "$(dirname "$0")/../lib.sh"
expect 0 sluice doctor
for text in "host: $(uname -s) $(uname -r)" "control groups: " "Landlock ABI: " "capabilities     required ok" "every required"; do
	says "$text"
done
# What is off somewhere has a line of its own below the table.
grep weaker out | while read -r layer rest; do
	grep -q "^$layer: .............." out || fail "no remedy for $layer ($rest)"
done
silent missing

expect 0 sluice doctor --json
for program in script engine check load; do
	says "\"sluice-$program\":{\"layers\":{"
done
[ "$(grep -o '"state":"ok"' out | wc -l)" -ge 56 ] || fail "fewer layers are on than a host must give"
[ "$(grep -o '"needed":"required"' out | wc -l)" -eq 40 ] || fail "ten layers are required in each of four programs"
says '"started":true'
says '"kernel":"'
says '"landlock_abi":'
says '"cgroup":"'

expect 0 sluice doctor --syscalls
says "sluice-engine    202 futex      argument 1 is 128 or 129: wait or wake, within the process"
says "any other call, argument, architecture or ABI kills the process"
[ "$(grep -c '^sluice-script ' out)" -eq 3 ] || fail "the script keeps three calls"
expect 0 sluice doctor --syscalls --json
says '{"argument":0,"condition":"frames in","name":"read","number":0,"values":[3],"why":"receive frames from the keeper"}'

# Alone, the command finds no program to start.
mkdir alone
cp "$SLUICE_BIN/sluice" alone/
expect 69 alone/sluice doctor
says "sluice-script is neither in"
says "remedy: install sluice whole"
expect 69 alone/sluice doctor --json
says '"error":{"code":"host","exit":69'
says '"started":false'
says '"kernel":"'
expect 0 alone/sluice doctor --syscalls
