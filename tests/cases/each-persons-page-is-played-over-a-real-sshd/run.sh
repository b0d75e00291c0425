. "$(dirname "$0")/../lib.sh"
. "$case_dir/../sshd.sh"
cp data/* .
. "$case_dir/../pages.sh"
mkdir -m 700 home
sshd_start
SLUICE_DIR=$play/enclave
export SLUICE_DIR
# The keys file is written by the account before each connection, as the operator does after each policy. What both channels
# brought is printed one behind the other: which packet comes first is nobody's promise.
# The operator comes in as the account itself, with a key that is in no policy, and has its shell.
people admin
mkdir shim
cat > shim/keys <<S
#!/bin/sh
{ cat "$play/admin.pub"; sluice principals authorized-keys --command "$play/bin/sluice" 2>/dev/null; } \
	> "$play/authorized_keys"
S
cat > shim/operator <<S
#!/bin/sh
"$play/shim/keys"
/usr/bin/env -u SLUICE_DIR $(command -v ssh) -F /dev/null -p $port -i "$play/admin" -o IdentitiesOnly=yes -o BatchMode=yes \
	-o UserKnownHostsFile="$play/known" -o StrictHostKeyChecking=accept-new -o LogLevel=ERROR "$account@127.0.0.1" \
	"cd $play && umask 077 && export SLUICE_DIR=$play/enclave PATH=$play/bin:\$PATH && \$*"
S
cat > shim/ssh <<S
#!/bin/sh
shift
"$play/shim/keys"
/usr/bin/env -u SLUICE_DIR $(command -v ssh) -F /dev/null -p $port -i "$play/\$WHO" -o IdentitiesOnly=yes -o BatchMode=yes \\
	-o UserKnownHostsFile="$play/known" -o StrictHostKeyChecking=accept-new -o LogLevel=ERROR "$account@127.0.0.1" "\$@" 2>"$play/ssh.err"
code=\$?
cat "$play/ssh.err" >&2
exit \$code
S
chmod 755 shim shim/*
[ -z "$as" ] || chown -R "$account" "$play"
export OPERATOR_SHELL=$play/shim/operator
PATH=$play/shim:$PATH expect 0 $as python3 -B "$case_dir/../each-persons-page-is-played-as-one-story/play.py" "$source_dir/docs/people"

# Each came in under their own name. The account's own shell is no session: what is done there is the operator's.
expect 0 $as sluice audit log --kind session.opened
for who in ana rui olga aud lea; do
	says "  $who  "
done
silent "  operator  "

# After the owner's day: who took the table back, and who sees what.
with() { over "$@" < labs.lua; }
expect 3 with ana job run - -p readings
says "no grant of the owner is in force"
expect 3 over lea review show R-2
expect 0 over lea data requests
says A-1
