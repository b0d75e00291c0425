. "$(dirname "$0")/../lib.sh"
people otto
study
otto="\"otto\": {\"roles\": [\"officer\"], \"key\": \"$(cut -d' ' -f1,2 otto.pub)\"}"
sed -e 's/"serial": 1/"serial": 2/' -e 's/"officers_needed": 1/"officers_needed": 2/' -e "s|\"people\": {|\"people\": {\n    $otto,|" policy.json > two.json
expect 0 sluice policy sign two.json --key olga
expect 0 sluice policy apply two.json --signature two.json.sig
sed 's/"serial": 2/"serial": 5/' two.json > five.json
expect 0 sluice policy sign five.json --key olga
mv five.json.sig olga.sig
# From here on two officers sign: one alone, or one twice, is not enough.
expect 3 sluice policy apply five.json --signature olga.sig
expect 3 sluice policy apply five.json --signature olga.sig --signature olga.sig
expect 0 sluice policy sign five.json --key otto
expect 0 sluice policy apply five.json --signature olga.sig --signature five.json.sig

expect 0 sluice policy log --key ana
[ "$(sed -n '2,$s/^ *\([0-9]*\) .*Z  *\(.*[a-z]\) *[0-9a-f]\{64\} *$/\1 \2/p' out)" = "5 olga, otto
2 olga
1 olga" ] || { cat out; fail "not the policies and their officers"; }
says "$(sha256sum five.json | cut -d' ' -f1)"
sluice policy log --json --key ana > log.json
python3 -c 'import json; p = json.load(open("log.json"))["policies"]
assert [(x["serial"], x["officers"]) for x in p] == [(5, "olga, otto"), (2, "olga"), (1, "olga")], p'
