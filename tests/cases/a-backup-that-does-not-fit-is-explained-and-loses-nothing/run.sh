. "$(dirname "$0")/../lib.sh"
study
sqlite3 enclave/state.db ".backup old.db"
cp -a enclave/vault old-vault
zcat events.csv.gz | head -n 2001 > more.csv
sed -e 's/"serial": 1,/"serial": 2, "refresh_on": {"study.events": "'"$(date -u +%F)"'"},/' \
	"$source_dir/examples/nafld/policy.json" > second.json
policy second.json datapackage.json
expect 0 sluice data append datapackage.json --table events --file more.csv
sqlite3 enclave/state.db ".backup new.db"
cp -a enclave/vault new-vault
cp -a enclave-keys keys
bring_back() {
	rm -rf enclave/state.db enclave/state.db-wal enclave/state.db-shm enclave/vault enclave-keys
	cp "$1" enclave/state.db
	cp -a "$2" enclave/vault
	cp -a keys enclave-keys
}
job() { sluice job run "$source_dir/examples/nafld/diagnoses.lua" -p liver --key ana; }

# 1. An older state beside the newer vault: it works on what it knows, says what it does not, and removes nothing.
bring_back old.db new-vault
expect 0 sluice data ls
silent "repaired"
expect 0 sluice data verify
says "note: 1 segment in the vault belongs to no version of this state"
expect 0 job
diff -r enclave/vault new-vault
# The right state is brought back: everything is there.
rm enclave/state.db*
cp new.db enclave/state.db
expect 0 sluice data verify
silent "note:"
expect 0 job

# 2. The newer state beside the older vault, or beside none.
bring_back new.db old-vault
expect 6 sluice data verify
says "its file is missing"
says "bring the file back from a backup"
expect 74 job
says "brings the file, or the keys it was sealed with, back from a backup"
rm -rf enclave/vault
expect 74 sluice data verify
says "bring it back from a backup"

# 3. No keys, or others.
bring_back new.db new-vault
expect 0 sluice doctor
says "the enclave has its keys, state and vault"
rm enclave-keys/vault.key
expect 74 sluice doctor
says "bring the keys back from their own backup"
expect 74 sluice doctor --json
says "vault.key"
expect 74 sluice data verify
says "bring the keys back from their own backup"
head -c 32 /dev/urandom > enclave-keys/vault.key
expect 6 sluice data verify
says "another vault key"
expect 6 job
says "the keys it was sealed with"

# 4. No state, half of one, or something else under its name.
rm enclave/state.db*
expect 65 sluice doctor
says "bring state.db back from a backup"
expect 65 sluice data ls
says "bring state.db back from a backup"
head -c 50000 new.db > enclave/state.db
expect 6 sluice data ls
says "bring state.db back from a backup"
echo "not a database" > enclave/state.db
expect 6 sluice data ls
says "bring state.db back from a backup"
: > enclave/state.db
expect 65 sluice data ls
says "bring state.db back from a backup"

# 5. Left to others.
bring_back new.db new-vault
chmod 755 enclave
expect 3 sluice data ls
says "chmod 700"
chmod 700 enclave
chmod 644 enclave-keys/vault.key
expect 3 job
says "chmod 600"
chmod 600 enclave-keys/vault.key

# 6. What was being written when a command was killed, and what was forgotten, does go.
expect 0 sluice data forget study.events
cp new-vault/*.seg enclave/vault
expect 0 sluice data ls
says "repaired: removed the rest of a data command that did not finish"
expect 0 sluice data verify
silent "note:"
i=0
while [ $i -lt 6 ]; do
	setsid sluice data append datapackage.json --table events --file more.csv >kill.out 2>&1 &
	pid=$!
	sleep "0.$((i * 7 % 4))$((i * 3 % 10))"
	kill -9 $pid 2>/dev/null || :
	wait $pid 2>/dev/null || :
	i=$((i + 1))
done
sleep 0.3
expect 0 sluice data verify
silent "note:"
expect 0 job
