. "$(dirname "$0")/../lib.sh"
. "$case_dir/../owners.sh"
owners_study
granted study.persons A-1 G-1
held persons.lua liver
ask J-1
expect 0 sluice review approve R-1 --comment "seen" --key rui
says L-1
expect 0 sluice release get L-1 --to got --key ana
held sexes.lua liver
ask J-2
expect 0 sluice review reject R-2 --comment "not needed" --key rui

# Its owner and an auditor see it; another owner, an analyst, a reviewer do not.
expect 0 sluice data ledger study.persons --key odo
says 'grant.requested'
says 'grant.made'
says 'age (group)'
says 'male (group)'
says 'published numbers'
says 'release.fetched'
says 'not released: 0 refused by the check, 1 rejected'
silent L-2
expect 0 sluice data ledger study.persons --key ida --json
says '"kind":"job.created"'
expect 3 sluice data ledger study.persons --key lea
says 'rule: not-the-owner'
expect 3 sluice data ledger study.persons --key ana
says 'rule: role'
expect 3 sluice data ledger study.persons --key rui
expect 1 sluice data ledger study.person --key odo
# Of a table that no job read there are its applications and versions alone.
expect 0 sluice data ledger study.labs --key lea
silent J-1

# Taken back: the ledger says so, beside who had fetched it; one that is exported then is whole, too.
expect 0 sluice release get L-1 --to second --key rui
expect 0 sluice release revoke L-1 --reason "a wrong year" --key odo
says 'ana, '
says 'rui, '
expect 0 sluice data ledger study.persons --key odo
grep -qE ' release.revoked +odo +L-1' out || { cat out; fail "the ledger does not tell of the revocation"; }
[ "$(grep -cE ' release.fetched +(ana|rui) +L-1' out)" -eq 2 ] || { cat out; fail "the ledger does not tell who has it"; }
silent 'a wrong year'

# An outsider has the file and the anchor.
expect 0 sluice data ledger study.persons --export ledger.txt --key odo
says 'in ledger.txt'
unset SLUICE_DIR
mkdir elsewhere
cp ledger.txt anchor.txt elsewhere/
cd elsewhere || exit 1
expect 0 sluice audit verify --ledger ledger.txt --anchor anchor.txt
says 'the ledger of study.persons is whole'
grep -q '"kind":"release.revoked"' ledger.txt || fail "the revocation was not exported"
expect 5 sluice audit verify --ledger ledger.txt
# Any line changed, taken away, or put twice is found; so is the seal, and another enclave's anchor.
lines=$(wc -l < ledger.txt)
n=2
while [ "$n" -le "$lines" ]; do
	for edit in "${n}s/[0-9a-f]/&x/" "${n}d" "${n}p"; do
		sed "$edit" ledger.txt > changed.txt
		cmp -s ledger.txt changed.txt && continue
		got=0
		sluice audit verify --ledger changed.txt --anchor anchor.txt >out 2>err || got=$?
		[ "$got" -eq 6 ] || fail "exit code $got for $edit"
	done
	n=$((n + 1))
done
expect 65 sluice audit verify --ledger anchor.txt --anchor anchor.txt
expect 0 sluice init other --name other --officer olga=../olga.pub --anchor other.txt
expect 6 sluice audit verify --ledger ledger.txt --anchor other.txt
