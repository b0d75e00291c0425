. "$(dirname "$0")/../lib.sh"
study
over() { SSH_ORIGINAL_COMMAND=$2 sluice session --as "$1" --dir "$SLUICE_DIR"; }
expect 0 over ana "job ls"
expect 3 over ana "audit log"
expect 4 over nobody "job ls"
people eve
expect 4 sluice job ls --key eve
expect 4 sluice request ls
held "$source_dir/examples/nafld/diagnoses.lua" liver
ask J-1
release R-1 L-1

expect 0 sluice audit log --kind authentication
grep -q 'session.opened  ana  {"command":"job ls"}' out || fail "no session"
grep -q 'access.refused  ana  {"command":"audit log","rule":"role"}' out || { cat out; fail "no refusal of ana"; }
grep -q 'access.refused  nobody  {"command":"job ls"' out || { cat out; fail "no refusal of nobody"; }
grep -q 'access.refused  unknown  {"command":"job ls"' out || { cat out; fail "no refusal of eve"; }
[ "$(wc -l < out)" -eq 5 ] || { cat out; fail "not five leaves"; }
expect 0 sluice audit log --kind egress
grep -q 'release.made  rui' out || fail "no release"
grep -q 'release.fetched  ana  {"release":"L-1"}' out || { cat out; fail "no copy"; }
[ "$(wc -l < out)" -eq 2 ] || fail "more than egress"
expect 0 sluice audit log --kind grants --kind job.held
[ "$(wc -l < out)" -eq 3 ] || { cat out; fail "not founding, policy and job"; }
expect 0 sluice audit log --kind decisions
[ "$(wc -l < out)" -eq 2 ] || { cat out; fail "not request and approval"; }
expect 2 sluice audit log --kind secrets
expect 0 sluice audit verify
