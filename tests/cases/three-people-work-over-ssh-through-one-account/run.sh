. "$(dirname "$0")/../lib.sh"
. "$case_dir/../sshd.sh"
people olga rui ana
mkdir -m 700 home
cp olga.pub home/
chown -R "$account" home
expect 0 $as sluice init home/enclave --name demo --officer olga=home/olga.pub --anchor home/anchor.txt
cp home/anchor.txt .
SLUICE_DIR=$play/home/enclave
export SLUICE_DIR
expect 0 $as sluice data import data/datapackage.json
sed -e "s|@OLGA@|$(cut -d' ' -f1,2 olga.pub)|" -e "s|@RUI@|$(cut -d' ' -f1,2 rui.pub)|" \
	-e 's|"disclosure"|"limits": {"slot_ms": 1}, &|' -e "s|@ANA@|$(cut -d' ' -f1,2 ana.pub)|" -e "s|@EXPIRES@|2099-12-31|" \
	-e "s|@CATALOGUE@|$(sha256sum data/datapackage.json | cut -d' ' -f1)|" "$source_dir/examples/nafld/policy.json" > home/policy.json
expect 0 sluice policy sign home/policy.json --key olga
chown -R "$account" home
expect 0 $as sluice policy apply home/policy.json --signature home/policy.json.sig
expect 0 $as sluice principals authorized-keys --command "$play/bin/sluice"
says 'restrict,command='
cp out authorized_keys
sshd_start
job="$source_dir/examples/nafld/diagnoses.lua"
over ana job run - -p liver < "$job" >out 2>err || { cat out err sshd.log >&2; fail "job over ssh"; }
says "J-1 held"
expect 0 over ana request new J-1 --context "'Table 1, over ssh'"
says "R-1"
expect 3 over ana review approve R-1
expect 3 over rui job run - -p liver
over rui review statement R-1 --decision approve --comment seen > statement.json
ssh-keygen -q -Y sign -n review@sluice -f rui statement.json 2>err
cat statement.json statement.json.sig | over rui review approve R-1 --signed - >out 2>err || { cat out err >&2; fail "approval over ssh"; }
says "L-1"
over ana release get L-1 --to - > bundle.tar 2>err || { cat err >&2; fail "bundle over ssh"; }
mkdir release
tar -C release --strip-components=1 -xf bundle.tar
[ -f release/statement.dsse.json ] || { rm -rf release; mkdir release; tar -C release -xf bundle.tar; }
expect 0 sluice release verify release --anchor anchor.txt
# what a session may not do
over ana session --as olga >out 2>err && fail "a session named another person" || :
over ana job ls --dir /elsewhere >out 2>err && fail "a session named another enclave" || :
over ana job ls --key /etc/hostname >out 2>err && fail "a session named a key" || :
over ana job run /etc/hostname -p liver >out 2>err && fail "a session read a file of the server" || :
over ana init x --name y >out 2>err && fail "a session founded an enclave" || :
over ana 'job ls; id' >out 2>err && fail "a session reached a shell" || :
silent uid=
