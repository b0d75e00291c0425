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

# 3. Whoever brings the first one's bundle shuts what it was about, for requests and at the gate, however often.
ask J-1
expect 0 sluice recover --release first --checkpoint first.note
says "another release has the number L-1 here"
before=$(leaves)
expect 0 sluice recover --release first
expect 0 sluice recover --release first --release second
says "L-1 is here already"
[ "$(leaves)" -eq "$before" ] || fail "entering what is here changed the log"
expect 0 sluice release ls --key rui
[ "$(grep -c '^L-1 ' out)" -eq 2 ] || fail "not both are listed"
expect 3 sluice review approve R-2 --comment "seen" --key rui
says "history-unmoved"
expect 1 sluice request new J-1 --context "Table 1: a case of the test suite" --key ana
says "history-unknown"
expect 0 sluice release get L-1 --to "$play/still" --key ana
cmp still/publication.json second/publication.json
expect 0 sluice audit verify
expect 5 sluice audit verify --against first.note
says "brought back from a backup"
expect 0 sluice release verify first --anchor anchor.txt
expect 0 sluice release verify second --anchor anchor.txt

# 4. Both given to a state that has neither: the earlier one takes the number, the other shuts its unit space.
bring_back before
rm -rf enclave/releases
expect 65 sluice recover --release first --release second --release first
says "L-1 is given twice"
expect 0 sluice recover --release second --release first
says "L-1 is entered again"
says "another release has the number L-1 here"
cmp enclave/releases/L-1/publication.json first/publication.json
expect 1 sluice request new J-1 --context "Table 1: a case of the test suite" --key ana
says "history-unknown"
expect 0 sluice audit verify
