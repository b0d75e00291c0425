. "$(dirname "$0")/../lib.sh"
locked_up
study
held "$source_dir/examples/nafld/diagnoses.lua" liver
ask J-1
release R-1 L-1

# SCRIPT, ENGINE and CHECK are the third to fifth column.
sluice doctor | awk '$3 == "ok" && $4 == "ok" && $5 == "ok" { print $1 }' > on
sed 's/.*"payload":"\([^"]*\)".*/\1/' release/statement.dsse.json | base64 -d > statement.json
sed 's/.*"layers":\[\([^]]*\)\].*/\1/' statement.json | tr -d '"' | tr ',' '\n' > named
echo >> named # sed keeps the last line open
cmp on named || { cat on named >&2; fail "the statement names other layers than were on"; }
for layer in no-new-privs seccomp rlimits capabilities no-network; do
	grep -qx "$layer" named || fail "$layer is not named"
done
# The engine keeps its clock.
if grep -qx no-clock named; then fail "a layer is named that was not on in every process"; fi
expect 0 sluice job show J-1 --key ana --json
says "\"layers\":[$(sed 's/.*/"&"/' named | paste -sd,)]"

# Root without the right to make namespaces, as in many containers: they are not named.
if [ "$(id -u)" -eq 0 ]; then
	expect 0 setpriv --inh-caps -sys_admin --bounding-set -sys_admin sluice job run \
		"$source_dir/examples/nafld/diagnoses.lua" -p liver --key ana
	expect 0 sluice job show J-2 --key ana --json
	says '"seccomp"'
	silent namespace
	silent empty-root
	# Run with all of them and judged with fewer: they were not on in check.
	ask_with_fewer() { setpriv --inh-caps -sys_admin --bounding-set -sys_admin sluice request new "$@"; }
	expect 0 ask_with_fewer J-1 --context "Table 1: a case of the test suite" --key ana
	rm -r release
	release R-2 L-2
	sed 's/.*"payload":"\([^"]*\)".*/\1/' release/statement.dsse.json | base64 -d > statement.json
	grep -q '"seccomp"' statement.json || fail "seccomp is not named"
	if grep -q -e namespace -e empty-root statement.json; then fail "a layer is named that was not on in check"; fi
fi
