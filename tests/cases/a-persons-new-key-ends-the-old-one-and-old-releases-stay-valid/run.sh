. "$(dirname "$0")/../lib.sh"
study
held "$source_dir/examples/nafld/diagnoses.lua" liver
ask J-1
release R-1 L-1
mv release first
ask J-1

# All three get new keys: the officer's old one signs it.
for who in olga rui ana; do
	cp $who old-$who
	cp $who.pub old-$who.pub
	rm $who $who.pub
done
people olga rui ana
sed -e 's/"serial": 1/"serial": 2/' "$source_dir/examples/nafld/policy.json" > second.json
slot='s|"disclosure"|"limits": {"slot_ms": 1}, &|'
sed -e "$slot" -e "s|@OLGA@|$(cut -d' ' -f1,2 olga.pub)|" -e "s|@RUI@|$(cut -d' ' -f1,2 rui.pub)|" \
	-e "s|@ANA@|$(cut -d' ' -f1,2 ana.pub)|" -e "s|@EXPIRES@|2099-12-31|" \
	-e "s|@CATALOGUE@|$(sha256sum datapackage.json | cut -d' ' -f1)|" second.json > policy.json
expect 0 sluice policy sign policy.json --key olga
got=0
sluice policy apply policy.json --signature policy.json.sig >out 2>err || got=$?
[ $got -ne 0 ] || fail "a policy was applied by a key that no policy names yet"
rm policy.json.sig
expect 0 sluice policy sign policy.json --key old-olga
expect 0 sluice policy apply policy.json --signature policy.json.sig

# The old ones are nobody's.
for words in "review approve R-2 --comment seen --key old-rui" "request new J-1 --context x --key old-ana" \
	"job ls --key old-ana" "release get L-1 --to stolen --key old-ana"; do
	got=0
	# shellcheck disable=SC2086 # words of a command line
	sluice $words >out 2>err || got=$?
	case $got in 3 | 4) ;; *) cat out err >&2; fail "an old key: $words ended with $got" ;; esac
done
[ ! -e stolen ] || fail "a release was handed to a key that is nobody's any more"
cp policy.json third.json
sed -i 's/"serial": 2/"serial": 3/' third.json
expect 0 sluice policy sign third.json --key old-olga
got=0
sluice policy apply third.json --signature third.json.sig >out 2>err || got=$?
[ $got -ne 0 ] || fail "an officer's old key put a policy in force"
sluice principals authorized-keys --command sluice > authorized
for who in olga rui ana; do
	grep -qF "$(cut -d' ' -f2 $who.pub)" authorized || fail "$who's new key is not let in"
	! grep -qF "$(cut -d' ' -f2 old-$who.pub)" authorized || fail "$who's old key is still let in"
done

# What was signed before stays valid; the persons are the same.
expect 0 sluice release verify first --anchor anchor.txt
expect 0 sluice release get L-1 --to "$play/again" --key ana
expect 0 sluice release verify again --anchor anchor.txt
held "$source_dir/examples/nafld/diagnoses.lua" liver
ask J-2
release R-3 L-2
expect 0 sluice release verify release --anchor anchor.txt
expect 0 sluice audit verify
