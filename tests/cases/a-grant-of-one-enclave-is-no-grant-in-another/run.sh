. "$(dirname "$0")/../lib.sh"
. "$case_dir/../owners.sh"
owners_study
expect 0 sluice data request study.persons -p liver --reason "the yearly report" --key ana
says A-1
expect 0 sluice data statement A-1 --until 2099-12-31 --key odo
cp out first
ssh-keygen -q -Y sign -n grant@sluice -f odo first
cat first first.sig > signed
mv enclave first-enclave
mv enclave-keys first-keys

# The same name, people, policy and application; another key and another log.
owners_study
expect 0 sluice data request study.persons -p liver --reason "the yearly report" --key ana
says A-1
expect 6 sluice data grant A-1 --signed signed --key odo
expect 0 sluice data requests A-1 --key odo
says 'waits'
expect 3 sluice job run persons.lua -p liver --key ana
says 'rule: no-owner-grant'

# Granted here; with the other's statement put in its place it does not hold, though odo signed that too.
expect 0 sluice data grant A-1 --until 2099-12-31 --key odo
expect 0 sluice job check persons.lua -p liver --key ana
sqlite3 enclave/state.db "UPDATE owner_grant SET statement = readfile('first'), signature = readfile('first.sig')" 2>err ||
	sqlite3 enclave/state.db "UPDATE owner_grant SET statement = CAST(readfile('first') AS TEXT), signature = CAST(readfile('first.sig') AS TEXT)"
expect 3 sluice job check persons.lua -p liver --key ana
says 'G-1 has a signature that does not hold'

# In the enclave it was signed for it is good.
rm -rf enclave enclave-keys
mv first-enclave enclave
mv first-keys enclave-keys
expect 0 sluice data grant A-1 --signed signed --key odo
says 'granted as G-1'
expect 0 sluice job check persons.lua -p liver --key ana
