. "$(dirname "$0")/../lib.sh"
. "$case_dir/../sshd.sh"
cp data/* .
people olga rui ana opa admin
umask 022
mkdir -m 700 home
sshd_start
cp "$source_dir/examples/nafld/diagnoses.lua" .
chmod 644 ./*.lua ./*.pub
[ -z "$as" ] || chown -R "$account" "$play"
SLUICE_DIR=$play/enclave
export SLUICE_DIR
sluice() { $as "$play/bin/sluice" "$@"; }
expect 0 sluice init enclave --name demo --officer olga=olga.pub --anchor anchor.txt
expect 0 sluice data import datapackage.json --table persons --table events
sed -e "s|\"people\": *{|&\"opa\": {\"roles\": [\"operator\"], \"key\": \"$(cut -d' ' -f1,2 opa.pub)\"}, |" \
	"$source_dir/examples/nafld/policy.json" > with-opa.json
policy with-opa.json datapackage.json
{ cat admin.pub; sluice principals authorized-keys --command "$play/bin/sluice"; } > authorized_keys

# Comes in as opa: what that role may do.
expect 0 over opa data ls
says "17549"
expect 0 over opa data verify
says "every byte is what was sealed"
expect 0 over opa audit log --kind session.opened
says "  opa  "
for words in "review show R-1" "release get L-1 --to -" "request ls" "job run - -p liver" "policy sign - --key opa" \
	"init other --name o --officer opa=opa.pub" "release revoke L-1 --reason slip"; do
	got=0
	# shellcheck disable=SC2086 # words of a command line
	over opa $words </dev/null >out 2>err || got=$?
	case $got in 2 | 3) ;; *) cat out err >&2; fail "an operator's $words ended with $got" ;; esac
done

# Comes in as the account: the shell of whoever runs the machine.
operator() { over admin "cd $play && umask 077 && export SLUICE_DIR=$play/enclave PATH=$play/bin:\$PATH && $*"; }
expect 0 operator "sqlite3 enclave/state.db '.backup backup.db'"
# approve R-n: rui signs at home what the session prints.
approve() {
	over rui review statement "$1" --decision approve --comment seen >statement.json
	rm -f statement.json.sig
	ssh-keygen -q -Y sign -n review@sluice -f rui statement.json
	cat statement.json statement.json.sig | over rui review approve "$1" --signed -
}
job() { over ana job run - -p liver <diagnoses.lua; }
expect 0 job
expect 0 over ana request new J-1 --context "'Table 1: a case of the test suite'"
expect 0 approve R-1
says "L-1"
expect 0 operator "rm -f enclave/state.db-wal enclave/state.db-shm && cp backup.db enclave/state.db"
expect 6 operator sluice audit verify
says "sluice recover --release DIR"
expect 0 job
expect 0 over ana request new J-1 --context "'Table 1: a case of the test suite'"
expect 3 approve R-1
says "an operator enters what left since a restore"
expect 3 over rui recover --nothing-left
expect 65 operator sluice recover --nothing-left
says "left since the backup, and is not given"
expect 0 operator sluice recover --release enclave/releases/L-1
says "L-1 is entered again"
expect 0 operator sluice audit verify
expect 0 approve R-1
says "L-2"
expect 0 over opa audit log --kind egress
says "log.restored"
says "release.recovered"
