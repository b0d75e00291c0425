. "$(dirname "$0")/../lib.sh"
[ "$(id -u)" -eq 0 ] || { echo "skipped: a small disk can be mounted by root only"; exit 77; }
mkdir disk
mount -t tmpfs -o size=110m,mode=700 tmpfs disk 2>/dev/null || { echo "skipped: no tmpfs can be mounted here"; exit 77; }
trap 'umount -l "$play/disk" 2>/dev/null; rm -rf "$play"' EXIT
people olga
expect 0 sluice init disk/enclave --keys keys --name demo --officer olga=olga.pub --anchor anchor.txt
SLUICE_DIR=$play/disk/enclave
export SLUICE_DIR
# older MB: the state as version 14 had it, a publication of a megabyte in each request's row.
older() {
	python3 - "$SLUICE_DIR/state.db" "$1" <<'P'
import os, sqlite3, sys
db = sqlite3.connect(sys.argv[1], isolation_level=None)
db.executescript("DROP INDEX job_unseen; ALTER TABLE job DROP COLUMN unseen;"
                 "DROP TABLE request_seen; DROP INDEX request_project;"
                 "DROP TABLE publication; ALTER TABLE request ADD COLUMN publication BLOB;"
                 "ALTER TABLE request_revision ADD COLUMN publication BLOB;")
for i in range(int(sys.argv[2])):
    db.execute("INSERT INTO request(id,job,state,created_at,nfindings,policy_serial,project,author,context,outputs,refusal,"
               "statement,signature,policy_digest,digest,publication,layers,revision,title,njudge)"
               " VALUES(?,1,1,0,0,0,'','','','[]','','','',zeroblob(32),zeroblob(32),?,7,1,'t',5)", (i + 1, os.urandom(1 << 20)))
db.execute("PRAGMA user_version=14")
db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
P
}
state() { sqlite3 -readonly "$SLUICE_DIR/state.db" "$1"; }
older 56
bytes=$(stat -c %s "$SLUICE_DIR/state.db")

# Less room than it takes: said before, and nothing is lost.
version=$(sed -n 's/^#define STATE_VERSION //p' "$source_dir/jobs/store/db.c")
expect 74 sluice audit verify
says "note: state.db is of version 14 and is brought to version $version first, once: up to 1 minute"
says "while it lasts up to $(((bytes * 3 + bytes / 16 + 999999) / 1000000)) MB of its disk"
says "up to $(((bytes + 999999) / 1000000)) MB stay with it"
says 'nothing of this step was kept; make room on its disk, and do the same again'
[ "$(state 'PRAGMA user_version')" = 14 ] || fail "half brought to this version"
[ "$(state 'PRAGMA integrity_check')" = ok ] || fail "harmed by a full disk"
[ "$(state 'SELECT count(*), sum(length(publication)) FROM request')" = "56|$((56 * 1048576))" ] || fail "a publication is lost"

# Killed on the way: the same. Over a session how large the state is is not told.
mount -o remount,size=400m disk
SSH_ORIGINAL_COMMAND="explain threshold" sluice session --as olga --dir "$SLUICE_DIR" >out 2>err &
sleep 0.1
kill -9 $! 2>/dev/null || :
wait || :
[ "$(state 'PRAGMA integrity_check')" = ok ] || fail "harmed by a kill"
silent ' MB '

# With room it is done, once, and whole.
expect 0 sluice audit verify
[ "$(state 'PRAGMA user_version')" = "$version" ] || fail "not of this version"
[ "$(state 'SELECT count(*), sum(length(sealed)) FROM publication')" = "56|$((56 * 1048576))" ] || fail "a publication is lost"
expect 0 sluice audit verify
silent 'is of version'
