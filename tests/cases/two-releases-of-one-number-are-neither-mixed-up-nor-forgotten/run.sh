. "$(dirname "$0")/../lib.sh"
keep() { sqlite3 enclave/state.db ".backup $play/$1"; cp -a enclave/vault "vault-of-$1"; }
bring_back() {
	rm -rf enclave/state.db enclave/state.db-wal enclave/state.db-shm enclave/vault
	cp "$1" enclave/state.db
	cp -a "vault-of-$1" enclave/vault
}
leaves() { sqlite3 enclave/state.db 'SELECT count(*) FROM leaf'; }
script=$source_dir/examples/nafld/diagnoses.lua

study
held "$script" liver
sed 's/"diagnoses"/"again"/' "$script" > again.lua
cmp -s again.lua "$script" && fail "the second script is the first"
held again.lua liver
keep before
ask J-1
release R-1 L-1
mv release first
expect 0 sluice audit checkpoint
cp out first.note

# 1. The checkpoint goes along with the state: nothing beside the keys tells of it. What lies in releases does.
bring_back before
rm enclave-keys/log.note
expect 6 sluice audit verify
says "releases/L-1 left, and the state knows of no such release"
says "sluice recover --release DIR"
ask J-2
expect 3 sluice review approve R-1 --comment "seen" --key rui
says "rule: log"
expect 65 sluice recover --nothing-left
says "L-1 left since the backup, and is not given"

# 2. The folder is moved away, too: the number is given twice. The first one's bundle is put back under its name.
# In another second: which of two is the earlier is told by the second.
cp -a enclave/releases lost
rm -rf enclave/releases
sleep 1
release R-1 L-1
mv release second
cmp -s first/publication.json second/publication.json && fail "the two releases are one"
rm -rf enclave/releases/L-1
cp -a first enclave/releases/L-1
before=$(leaves)
expect 6 sluice release get L-1 --to "$play/mixed" --key ana
says "is the bundle of another release"
[ ! -e mixed ] || fail "the bundle of another release was handed out"
[ "$(leaves)" -eq "$before" ] || fail "a bundle that was not handed out stands in the log as fetched"
rm -rf enclave/releases/L-1
expect 0 sluice release get L-1 --to "$play/got" --key ana
cmp got/publication.json second/publication.json
expect 6 sluice audit verify --against first.note
says "it was rolled back or rewritten"

# 3. Whoever brings the first one's bundle: both are counted, each under a number of its own, and the gate opens again.
ask J-1
expect 0 sluice recover --release first --checkpoint first.note
says "L-1 is entered again, as L-2: another release has its number here"
before=$(leaves)
expect 0 sluice recover --release first
says "L-1 is here already, as L-2"
expect 0 sluice recover --release first --release second
says "L-1 is here already"
[ "$(leaves)" -eq "$before" ] || fail "entering what is here changed the log"
expect 0 sluice audit log --kind release.recovered
says '"left as":{"release":"L-1","request":"R-1"}'
expect 0 sluice release ls --key rui
says "left as L-1"
expect 0 sluice release get L-1 --to "$play/still" --key ana
cmp still/publication.json second/publication.json
expect 0 sluice release get L-2 --to "$play/fork" --key ana
diff -r fork first
expect 0 sluice request show R-3 --key ana
says "released"
# The request that waited is judged beside both; whoever asks sees what it has in common with either.
counted() { sqlite3 enclave/state.db "SELECT count(*) FROM release_space WHERE space='person'"; }
[ "$(counted)" -eq 2 ] || fail "not both are history of their persons"
expect 0 sluice review show R-2 --key rui
silent "L-2"
expect 0 sluice review approve R-2 --comment "seen" --key rui
says "L-3"
held "$script" liver
expect 0 sluice request new J-3 --context "Table 1: a case of the test suite" --key ana
expect 0 sluice audit verify
expect 5 sluice audit verify --against first.note
says "brought back from a backup"
expect 0 sluice release verify first --anchor anchor.txt
expect 0 sluice release verify second --anchor anchor.txt

# 4. Both given to a state that has neither: the earlier one takes the number, the other the next.
bring_back before
rm -rf enclave/releases
expect 65 sluice recover --release first --release second --release first
says "L-1 is given twice"
expect 0 sluice recover --release second --release first
says "L-1 is entered again: later requests"
says "L-1 is entered again, as L-2"
cmp enclave/releases/L-1/publication.json first/publication.json
cmp enclave/releases/L-2/publication.json second/publication.json
expect 0 sluice request new J-1 --context "Table 1: a case of the test suite" --key ana
says "R-3"
expect 0 sluice audit verify

# 5. Policy has moved on since: the first one is judged under the one it left under.
bring_back before
rm -rf enclave/releases
rm enclave-keys/log.note
sed -e 's/"serial": 1/"serial": 2/' "$source_dir/examples/nafld/policy.json" > second.json
policy second.json datapackage.json
ask J-2
release R-1 L-1
expect 0 sluice recover --release first --checkpoint first.note
says "L-1 is entered again, as L-2"
mv release under-second
ask J-2
release R-3 L-3
expect 0 sluice release verify release --anchor anchor.txt
mv release third

# 6. Brought back once more: what lies in releases has the numbers it had, also the one that left under another.
bring_back before
rm enclave-keys/log.note
expect 6 sluice audit verify
says "releases/L-3 left"
expect 65 sluice recover --release enclave/releases/L-1 --release enclave/releases/L-3
says "releases/L-2 left since the backup, and is not given"
for round in 1 2; do
	expect 0 sluice recover --release first --release enclave/releases/L-1 --release third
	if [ $round -eq 1 ]; then
		says "policy 2, under which it left, was not in force here: apply it again"
		says "L-1 is entered again, as L-2"
		policy second.json datapackage.json
	fi
done
says "L-3 is entered again: later requests"
says "L-1 is entered again: later requests"
says "L-1 is here already, as L-2"
for id in 1:under-second 2:first 3:third; do
	rm -rf again
	expect 0 sluice release get "L-${id%:*}" --to "$play/again" --key ana
	diff -r again "${id#*:}"
done
expect 0 sluice audit verify

# 7. The folder is lost as well: a number that no bundle names is the one that a bundle of a taken number had.
bring_back before
rm -rf enclave/releases enclave-keys/log.note
expect 65 sluice recover --release third --release first
says "L-2 left too, before L-3, and is not given"
expect 0 sluice recover --release third --release first --release under-second --policy "$source_dir/examples/nafld/policy.json"
says "was not in force here"
cp policy.json under.json
expect 0 sluice recover --release third --release first --release under-second --policy under.json
silent "not known"
expect 0 sluice policy show
silent '"serial": 2'
[ "$(counted)" -eq 3 ] || fail "not all three are history of their persons"
