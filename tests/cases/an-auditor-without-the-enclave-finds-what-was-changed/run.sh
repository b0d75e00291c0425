. "$(dirname "$0")/../lib.sh"
study
expect 0 sluice audit checkpoint
cp out older.note
held "$source_dir/examples/nafld/diagnoses.lua" liver
expect 0 sluice audit export log.txt
expect 1 sluice audit export log.txt
says "exists already"
expect 0 sluice audit prove 2
cp out now.proof
expect 0 sluice audit prove 2 --against older.note
cp out older.proof
expect 1 sluice audit prove 99
expect 2 sluice audit prove two

# From here on there is no enclave.
mkdir auditor
cp anchor.txt older.note log.txt now.proof older.proof auditor
cd auditor || fail "no folder auditor"
(
	unset SLUICE_DIR
	expect 0 sluice audit verify --export log.txt --anchor anchor.txt --against older.note
	says "it only grew since the checkpoint"
	expect 0 sh -c 'sluice audit verify --export - --anchor anchor.txt < log.txt'
	expect 5 sluice audit verify --export log.txt --against older.note
	expect 0 sluice audit verify --proof older.proof --against older.note
	says '"kind":"policy.applied"'
	says "this is leaf 2 of the log of 3 leaves"
	expect 0 sluice audit verify --proof now.proof --anchor anchor.txt
	expect 5 sluice audit verify --proof now.proof
	expect 65 sluice audit verify --proof now.proof --against older.note
	says "of size 5, not 3"
	expect 2 sluice audit verify --proof now.proof --export log.txt

	sed 's/olga/otto/' log.txt > changed.txt
	expect 6 sluice audit verify --export changed.txt --anchor anchor.txt
	sed 4d log.txt > shorter.txt
	expect 6 sluice audit verify --export shorter.txt --anchor anchor.txt
	sed '3{h;d};4G' log.txt > moved.txt
	expect 6 sluice audit verify --export moved.txt --anchor anchor.txt
	sed 's/^index 2/index 1/' now.proof > other.proof
	expect 6 sluice audit verify --proof other.proof --anchor anchor.txt
)
cd ..

# An older state.db brought back: the checkpoint beside the keys tells, and so does the auditor's.
expect 0 sluice audit verify
cp enclave/state.db kept.db
ask J-1
expect 0 sluice audit verify
expect 0 sluice audit checkpoint
cp out newer.note
cp kept.db enclave/state.db
rm -f enclave/state.db-wal enclave/state.db-shm
expect 6 sluice audit verify
says "beside the keys"
expect 6 sluice audit verify --against newer.note
rm enclave-keys/log.note
expect 6 sluice audit verify --against newer.note
says "rolled back"
expect 0 sluice audit verify --against older.note
