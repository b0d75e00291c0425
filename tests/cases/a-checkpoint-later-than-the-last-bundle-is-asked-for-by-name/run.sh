. "$(dirname "$0")/../lib.sh"
study
held "$source_dir/examples/nafld/diagnoses.lua" liver
ask J-1
cp enclave/state.db kept.db
release R-1 L-1
mv release first
# The auditor's is of later than the last bundle, and than what lies beside the keys.
ask J-1
sluice audit checkpoint > newer.note
restore() {
	cp kept.db enclave/state.db
	rm -f enclave/state.db-wal enclave/state.db-shm
}
exported() {
	rm -f log.txt
	expect 0 sluice audit export log.txt
	expect "$1" sluice audit verify --export log.txt --anchor anchor.txt --against newer.note
}
# Nobody says that a backup was brought back: what the auditor holds is the proof.
mv enclave-keys/log.note kept.note
restore
mv enclave/releases/L-1 kept-L-1
expect 6 sluice audit verify --against newer.note
says "it was rolled back or rewritten"
says "keep it, for the enclave signed it, and ask who runs the enclave what happened"
exported 6
says "keep it, for the enclave signed it"
# Said, up to where the operator knew.
mv kept.note enclave-keys/log.note
mv kept-L-1 enclave/releases/L-1
expect 0 sluice recover --release first
expect 0 sluice audit verify
expect 6 sluice audit verify --against newer.note
says "and yours is later: give it to who runs the enclave"
says "sluice recover --checkpoint FILE"
exported 6
says "and yours is later"
# Given, it is entered, and the auditor learns what is lost.
expect 0 sluice recover --release first --checkpoint newer.note
expect 5 sluice audit verify --against newer.note
says "the log was brought back from a backup"
exported 5
says "the log was brought back from a backup"
