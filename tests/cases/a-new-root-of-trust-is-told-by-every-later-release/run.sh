. "$(dirname "$0")/../lib.sh"
people olga rui ana nora
study
held "$source_dir/examples/nafld/diagnoses.lua" liver
ask J-1
release R-1 L-1
mv release before
# olga is lost
expect 2 sluice init --reroot enclave --officer nora=nora.pub
expect 65 sluice init --reroot enclave --reason "the officer has left" --officer nora=/dev/null
expect 0 sluice init --reroot enclave --reason "the officer has left" --officer nora=nora.pub --anchor anchor-2.txt
says "publish the new anchor"
grep -q '^root [0-9]' anchor-2.txt || fail "the new anchor names no root"
sluice anchor | cmp - anchor-2.txt
expect 0 sluice audit log --kind grants
says "enclave.rerooted"
expect 0 sluice audit verify
# The policy in force stays; the next one is the new officer's, and not the lost one's.
sed -e "s|$(cut -d' ' -f1,2 olga.pub)|$(cut -d' ' -f1,2 nora.pub)|; s|\"olga\"|\"nora\"|" -e 's/"serial": 1/"serial": 2/' policy.json > next.json
expect 0 sluice policy sign next.json --key olga
expect 3 sluice policy apply next.json --signature next.json.sig
rm next.json.sig
expect 0 sluice policy sign next.json --key nora
expect 0 sluice policy apply next.json --signature next.json.sig
expect 0 sluice policy log
says "nora"
sed -e 's/"serial": 2/"serial": 3/' next.json > third.json
expect 0 sluice policy sign third.json --key nora
expect 0 sluice policy apply third.json --signature third.json.sig
held "$source_dir/examples/nafld/diagnoses.lua" liver
ask J-2
release R-2 L-2
# The later release tells it, the new anchor vouches for it; the old one says what happened.
expect 0 sluice release verify release --anchor anchor-2.txt
says "note the root of trust was changed on"
says "the officer has left"
grep -q "the officer has left" release/VERIFY.txt || fail "VERIFY.txt does not tell it"
expect 5 sluice release verify release --anchor anchor.txt
says "the root of trust was changed on"
says "the officer has left"
expect 0 sluice release verify before --anchor anchor.txt
expect 0 sluice release verify before --anchor anchor-2.txt
silent "root of trust was changed"
# An auditor with the old anchor still follows the log.
expect 0 sluice audit export export.txt
expect 0 sluice audit verify --export export.txt --anchor anchor.txt
# Another anchor's root, and one that no key signed.
sed 's/^root .*/root 3 0000000000000000000000000000000000000000000000000000000000000000/' anchor-2.txt > odd.txt
expect 5 sluice release verify release --anchor odd.txt
leaf=$(sed -n 's/^root \([0-9]*\) .*/\1/p' anchor-2.txt)
sed "s/^root .*/root $leaf 0000000000000000000000000000000000000000000000000000000000000000/" anchor-2.txt > odd.txt
expect 6 sluice release verify release --anchor odd.txt
expect 0 sqlite3 enclave/state.db "UPDATE meta SET value=x'0200000000000000' WHERE key='roots'"
expect 6 sluice policy log
expect 0 sqlite3 enclave/state.db "UPDATE meta SET value=x'ff00000000000000' WHERE key='roots'"
expect 6 sluice policy log
