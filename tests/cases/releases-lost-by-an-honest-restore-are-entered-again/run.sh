. "$(dirname "$0")/../lib.sh"
keep() { sqlite3 enclave/state.db ".backup $play/$1"; cp -a enclave/vault "vault-of-$1"; }
bring_back() {
	rm -rf enclave/state.db enclave/state.db-wal enclave/state.db-shm enclave/vault
	cp "$1" enclave/state.db
	cp -a "vault-of-$1" enclave/vault
}
script=$source_dir/examples/nafld/diagnoses.lua

# An enclave of other keys, for a bundle that is not ours.
study
held "$script" liver
ask J-1
release R-1 L-1
mv release foreign
rm -rf enclave enclave-keys

study
held "$script" liver
keep with-job
ask J-1
keep with-request
release R-1 L-1
mv release first
# A second release of the same table, coarser.
sed 's/"diagnoses"/"again"/' "$script" > again.lua
cmp -s again.lua "$script" && fail "the second script is the first"
held again.lua liver
ask J-2
release R-2 L-2
mv release second
expect 0 sluice audit checkpoint
cp out later.note
rm -rf enclave/releases

# 1. The request is in the backup. Nothing leaves before the loss is told.
bring_back with-request
expect 6 sluice audit verify
says "sluice recover --release DIR"
expect 3 sluice review approve R-1 --comment "seen" --key rui
expect 2 sluice recover
expect 3 sluice recover --release first --key ana
expect 6 sluice recover --release foreign
says "foreign"
cp -a first changed
echo "x" >> changed/data/diagnoses.csv
expect 6 sluice recover --release changed
expect 65 sluice recover --release second
says "L-1 left too"
mkdir enclave/releases
cp -a first enclave/releases/L-1
cp -a second enclave/releases/L-2
expect 65 sluice recover --release first
says "L-2 left since the backup"
[ "$(sqlite3 enclave/state.db 'SELECT count(*) FROM release')" -eq 0 ] || fail "a refusal entered something"
rm -rf enclave/releases
# L-2: its job ran after the backup.
expect 0 sluice recover --release second --release first
says "L-1 is entered again"
says "L-2 is entered, but"
says "no job of project liver here has its plans"
expect 0 sluice release get L-1 --to "$play/got" --key ana
diff -r got first
expect 0 sluice audit log --kind egress
says "release.recovered"
says "log.restored"
expect 0 sluice audit verify
# The same person's numbers wait for what is missing: asking, and the gate.
held "$script" liver
expect 1 sluice request new J-2 --context "Table 1: a case of the test suite" --key ana
says "history-unknown"
says "L-2"
# Cured: the script runs again, and the bytes that left prove it.
held again.lua liver
expect 0 sluice recover --release second
says "L-2 is entered again"
expect 0 sluice recover --release second --release first
says "L-1 is here already"
says "L-2 is here already"
before=$(sluice audit checkpoint | sed -n 2p)
expect 0 sluice recover --release second
[ "$(sluice audit checkpoint | sed -n 2p)" = "$before" ] || fail "entering what is here changed the log"
expect 0 sluice request new J-2 --context "Table 1: a case of the test suite" --key ana
says "R-3"
# Each later release tells of the restore, by a leaf that is in its log; the ones from before do not.
release R-3 L-3
expect 0 sluice release verify release --anchor anchor.txt
says "note the log was brought back from a backup on"
grep -q "brought back from a backup" release/VERIFY.txt || fail "VERIFY.txt does not tell it"
[ -f release/log/restored-leaf.json ] || fail "the leaf of the restore is not in the bundle"
expect 0 sluice release verify first --anchor anchor.txt
silent "brought back"

# 2. Only the job is in the backup: the request is made again, and must be the very one.
bring_back with-job
rm -rf enclave/releases
cp enclave-keys/log.note farther.note
expect 0 sluice recover --release first --release second --checkpoint later.note
says "L-1 is entered again"
says "see that none of them was a release"
expect 0 sluice release ls --key rui
says "L-1"
expect 0 sluice request show R-1 --key ana
says "released"
expect 0 sluice release verify enclave/releases/L-1 --anchor anchor.txt

# Whoever holds a later checkpoint is told, and it is not taken for a log that only grew.
expect 5 sluice audit verify --against later.note
says "brought back from a backup"
sluice audit export export.txt
expect 5 sluice audit verify --export export.txt --anchor anchor.txt --against later.note
says "brought back from a backup"
sed 's/"outside size":\([0-9]*\)/"outside size":9\1/' export.txt > forged.txt
expect 6 sluice audit verify --export forged.txt --anchor anchor.txt --against later.note

# 3. The table's version is gone: the release stands, and shuts its persons, for whoever asks and at the gate.
bring_back with-job
rm -rf enclave/releases
for table in study.persons study.events study.labs; do
	expect 0 sluice data forget "$table" --all
done
expect 0 sluice recover --release first --release second
says "L-1 is entered, but who stands behind it is not known"
says "is not kept here: bring back a later backup"
expect 1 sluice request new J-1 --context "Table 1: a case of the test suite" --key ana
says "history-unknown"
expect 0 sluice release ls --key rui
says "L-1"
says "unknown"
expect 1 sluice release get L-1 --to "$play/unknown" --key rui
says "not known here"
cmp enclave/releases/L-1/SHA256SUMS first/SHA256SUMS
expect 0 sluice explain history-unknown

# 4. A request took the number before anybody recovered: the one that left gets another, and says which it was.
bring_back with-job
rm -rf enclave/releases
ask J-1
says "R-1"
expect 0 sluice recover --release first --release second
says "L-1 is entered again: later requests"
says "L-2 is entered, but"
expect 0 sluice audit log --kind release.recovered
says '"left as":{"release":"L-1","request":"R-1"}'
expect 0 sluice release get L-1 --to "$play/renumbered" --key ana
diff -r renumbered first
expect 3 sluice review approve R-1 --comment "seen" --key rui
says "history-unmoved"
held again.lua liver
expect 0 sluice recover --release second
says "L-2 is entered again: later requests"
expect 0 sluice review approve R-1 --comment "seen" --key rui
says "L-3"

# 5. Nothing left since: said, and told to whoever holds a checkpoint of what is lost.
bring_back with-job
rm -rf enclave/releases
rm enclave-keys/log.note
expect 2 sluice recover --nothing-left --release first
expect 0 sluice recover --nothing-left --checkpoint later.note
expect 5 sluice audit verify --against later.note

# 6. Killed at any moment, it is done again: each release once, each leaf once.
bring_back with-request
cp enclave/state.db again.db
for wait in 0.02 0.05 0.08 0.11 0.14 0.17 0.2 0.25 0.3 0.4 0.5; do
	rm -rf enclave/state.db* enclave/releases
	cp again.db enclave/state.db
	cp farther.note enclave-keys/log.note
	sluice recover --release first --release second >out 2>err &
	pid=$!
	sleep $wait
	kill -9 $pid 2>/dev/null || :
	wait $pid 2>/dev/null || :
	expect 0 sluice recover --release first --release second
	expect 0 sluice audit verify
	[ "$(sqlite3 enclave/state.db 'SELECT count(*), (SELECT count(*) FROM recovered) FROM release')" = "1|2" ] ||
		fail "killed after $wait s: not each release once"
	sluice audit log --kind egress >out
	[ "$(grep -c release.recovered out)" -eq 2 ] && [ "$(grep -c log.restored out)" -eq 1 ] ||
		fail "killed after $wait s: not each leaf once"
done

# 7. The ledger of a table has it, though the leaves of its job are lost.
people aud
sed -e 's/"serial": 1/"serial": 2/' \
	-e "s|\"people\": *{|&\"aud\": {\"roles\": [\"auditor\"], \"key\": \"$(cut -d' ' -f1,2 aud.pub)\"}, |" \
	"$source_dir/examples/nafld/policy.json" > second.json
policy second.json datapackage.json
expect 0 sluice data ledger study.persons --key aud
says "release.recovered"
says "L-2"
expect 0 sluice data ledger study.labs --key aud
silent "release.recovered"
