. "$(dirname "$0")/../lib.sh"
enclave
cat > datapackage.json <<'J'
{"name": "firm", "title": "A firm", "resources": [
 {"name": "pay", "path": "pay.csv", "sluice": {"owner": "firm", "class": "confidential", "owner_approval": false, "unit": {"column": "person", "space": "person"}, "period": "2020"},
  "schema": {"fields": [{"name": "person", "type": "integer", "constraints": {"required": true}},
   {"name": "site", "type": "string", "constraints": {"enum": ["north"]}, "sluice": {"uses": ["group"]}},
   {"name": "pay", "type": "integer", "sluice": {"uses": ["measure"], "measured_in": "EUR"}}]}}]}
J
{ echo person,site,pay; echo 1,north,100000; awk 'BEGIN { for (i = 2; i <= 27; i++) print i ",north," 4998 + i % 5 }'; } > pay.csv
expect 0 sluice data import datapackage.json
cat > policy.in <<'J'
{"sluice_policy": 1, "enclave": "demo", "serial": 1,
 "people": {"olga": {"roles": ["officer"], "key": "@OLGA@"}, "rui": {"roles": ["reviewer"], "key": "@RUI@"},
  "ana": {"roles": ["analyst"], "key": "@ANA@"}},
 "catalogues": {"firm": "sha256:@CATALOGUE@"}, "disclosure": {"profile": "tre-uk"},
 "projects": {"wages": {"purpose": "Wages by site", "analysts": ["ana"], "expires": "2099-12-31", "approvals": 1,
  "tables": {"firm.pay": {"site": ["group"], "pay": ["measure"]}}}}}
J
policy policy.in datapackage.json
cat > sum.lua <<'L'
output("wages", from "firm.pay" :group_by("site") :summarise { pay = "sum(pay)" } :describe { site = "site", pay = "wages" })
L
held sum.lua wages
ask J-1
release R-1 L-1
grep -qF north,230000 release/data/wages.csv || fail "the sum is not 230000: $(cat release/data/wages.csv)"

# try TEXT: rules with that text in place of the profile's numbers, over history.
try() {
	sed -e 's/"serial": 1/"serial": 2/' -e "s/\"profile\": \"tre-uk\"/&, $1/" policy.json > try.json
	expect 0 sluice policy diff try.json --replay --key olga
}
lost() { grep -qF '1 of 1 past release would not have passed' out; }

# Sixteen questions about the largest wage of a sum of 230,000: 100,000 is 43.478 % of it.
low=5000 high=90000 asked=0
while [ $asked -lt 16 ]; do
	k=$(((low + high) / 2))
	try "\"dominance\": {\"n\": 1, \"k\": $((k / 1000)).$(printf %03d $((k % 1000)))}"
	if lost; then low=$k; else high=$k; fi
	asked=$((asked + 1))
done
[ $low -ge 39990 ] && [ $high -le 40010 ] || fail "the answer changes at $low to $high and not between two rungs"

# It is on one side of a rung, and nothing tells where up to the next one.
try '"dominance": {"n": 1, "k": 40}'
says 'more than half of its published numbers would be hidden [disclosure]'
silent 'releases were asked'
try '"dominance": {"n": 1, "k": 43.2}'
says 'releases were asked with round numbers that hide no more than yours: dominance k 45 for 43.2'
says '0 of 1 past release would not have passed'

# Nor another rule: the others earn 125 % of the largest besides the second.
try '"p_percent": 130'
says 'p_percent 100 for 130'
says '0 of 1 past release would not have passed'
# Nor how many they are: 27.
try '"threshold": 28'
says 'threshold 25 for 28'
says '0 of 1 past release would not have passed'
try '"threshold": 30'
says '1 of 1 past release would not have passed'
try '"jitter": 15'
says 'jitter off for 15'
# A limit of the asker's is not the replay's.
sed -e 's/"serial": 1/"serial": 2/' -e 's/"limits": {/&"check_memory_bytes": 67108864, "check_wall_ms": 100, /' policy.json > try.json
expect 0 sluice policy diff try.json --replay --key olga
silent 'could not be judged'

# Each question is a leaf with who asked, the file and, keyed, the numbers: halving stands there as it is.
expect 0 sluice audit log --json --key olga
[ "$(grep -o '"kind":"policy.replayed"' out | wc -l)" -eq 23 ] || fail "a question is not in the log"
[ "$(grep -o '"rules":"[0-9a-f]*"' out | sort -u | wc -l)" -gt 5 ] || fail "the log does not tell which numbers were asked"
