. "$(dirname "$0")/../lib.sh"
. "$case_dir/../sshd.sh"
people olga rui ana aud lea
cp data/* "$source_dir/examples/nafld/diagnoses.lua" .
sed -e "s|@OLGA@|$(cut -d' ' -f1,2 olga.pub)|" -e "s|@RUI@|$(cut -d' ' -f1,2 rui.pub)|" -e "s|@ANA@|$(cut -d' ' -f1,2 ana.pub)|" \
	-e "s|@EXPIRES@|2099-12-31|" -e "s|@CATALOGUE@|$(sha256sum datapackage.json | cut -d' ' -f1)|" \
	-e 's|"disclosure"|"limits": {"slot_ms": 1}, &|' \
	-e "s|\"people\": *{|&\"aud\": {\"roles\": [\"auditor\"], \"key\": \"$(cut -d' ' -f1,2 aud.pub)\"}, |" \
	"$source_dir/examples/nafld/policy.json" > policy.json
mkdir -m 700 home
sshd_start
SLUICE_DIR=$play/enclave
export SLUICE_DIR
# The keys file is written by the account before each connection, as the operator does after each policy. What both channels
# brought is printed one behind the other: which packet comes first is nobody's promise.
mkdir shim
cat > shim/ssh <<S
#!/bin/sh
shift
sluice principals authorized-keys --command "$play/bin/sluice" > "$play/authorized_keys"
/usr/bin/env -u SLUICE_DIR $(command -v ssh) -F /dev/null -p $port -i "$play/\$WHO" -o IdentitiesOnly=yes -o BatchMode=yes \\
	-o UserKnownHostsFile="$play/known" -o StrictHostKeyChecking=accept-new -o LogLevel=ERROR "$account@127.0.0.1" "\$@" 2>"$play/ssh.err"
code=\$?
cat "$play/ssh.err" >&2
exit \$code
S
chmod 755 shim shim/ssh
[ -z "$as" ] || chown -R "$account" "$play"
PATH=$play/shim:$PATH expect 0 $as python3 -B "$case_dir/../each-persons-page-is-played-as-one-story/play.py" "$source_dir/docs/people"

# Each came in under their own name, and the operator never did.
expect 0 $as sluice audit log --kind session.opened
for who in ana rui olga aud; do
	says "  $who  "
done
silent "  operator  "

# The owner's day. The laboratory asks to be asked: a new data package and policy.
owner_policy() {
	sed -e "s/\"serial\": 1,/\"serial\": 2,/" -e "s|\"catalogues\": *{\"study\": \"sha256:[0-9a-f]*\"|\"catalogues\": {\"study\": \"sha256:$(sha256sum own.json | cut -d' ' -f1)\"|" \
		-e "s|\"people\": *{|&\"lea\": {\"roles\": [\"owner\"], \"organisation\": \"laboratory\", \"key\": \"$(cut -d' ' -f1,2 lea.pub)\"}, |" \
		-e 's|"study.persons": {|"study.labs": {"test": ["group", "filter"]}, &|' policy.json > owner.json
}
sed -e '/"owner": "laboratory"/s/"class": "[a-z_]*"/"class": "on_application"/' -e '/"owner": "laboratory"/s/"owner_approval": false/"owner_approval": true/' \
	datapackage.json > own.json
grep -q on_application own.json || fail "the package has no table of the laboratory"
owner_policy
[ -z "$as" ] || chown -R "$account" "$play"
expect 0 $as sluice data import own.json
expect 0 $as sluice policy sign owner.json --key olga
expect 0 $as sluice policy apply owner.json --signature owner.json.sig
$as sluice principals authorized-keys --command "$play/bin/sluice" > authorized_keys
chmod 644 authorized_keys
cat > labs.lua <<'L'
output("tests", from "study.labs"
  :group_by("test")
  :summarise { persons = "units()" }
  :describe { test = "laboratory test", persons = "distinct persons with a reading" })
L
with() { over "$@" < labs.lua; }
expect 3 with ana job run - -p liver
expect 0 over ana data request study.labs -p liver --reason "'the yearly report'"
says A-1
expect 0 over lea data requests
says A-1
over lea data statement A-1 --until 2099-06-30 > grant.json
ssh-keygen -q -Y sign -n grant@sluice -f lea grant.json 2>err
cat grant.json grant.json.sig > both
signed() { over "$@" < both; }
expect 0 signed lea data grant A-1 --signed -
says G-1
expect 0 with ana job run - -p liver
says held
job=$(grep -o 'J-[0-9]*' out | head -1)
expect 0 over ana request new "$job" --context "'Table 2, over ssh'"
request=$(grep -o 'R-[0-9]*' out | head -1)
over rui review statement "$request" --decision approve --comment seen --acknowledge depth > second.json
ssh-keygen -q -Y sign -n review@sluice -f rui second.json 2>err
cat second.json second.json.sig > both
expect 0 signed rui review approve "$request" --acknowledge depth --signed -
says "waits for more approvals"
expect 0 over lea data review "$request"
says "WOULD LEAVE"
expect 3 over lea review show "$request"
over lea data statement "$request" --decision approve > yes.json
ssh-keygen -q -Y sign -n grant@sluice -f lea yes.json 2>err
cat yes.json yes.json.sig > both
expect 0 signed lea data approve "$request" --signed -
says "L-2"
expect 0 over lea data ledger study.labs
says L-2
expect 0 over lea data withdraw G-1 --reason "'the report is out'"
expect 3 with ana job run - -p liver
