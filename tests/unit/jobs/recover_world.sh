# recover_world.sh - in an empty folder: an enclave whose L-1 left, and its state from before. "first" is the bundle;
# with-request.db and with-job.db are the states; far.note lay beside the keys when L-1 had left.
. "$SLUICE_SOURCE/tests/unit/jobs/world.sh"
study
held "$SLUICE_SOURCE/examples/nafld/diagnoses.lua" liver
sqlite3 enclave/state.db ".backup with-job.db"
ask J-1
sqlite3 enclave/state.db ".backup with-request.db"
release R-1 L-1
mv release first
cp enclave-keys/log.note far.note
