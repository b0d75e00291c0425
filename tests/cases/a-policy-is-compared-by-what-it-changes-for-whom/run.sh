. "$(dirname "$0")/../lib.sh"
study
sed -e 's/"serial": 1/"serial": 2/' -e 's/"event": \[/"days": ["measure"], "event": [/' -e 's/"approvals": 1/"approvals": 2/' \
	-e 's/"profile": "tre-uk"/"profile": "tre-uk", "threshold": 5/' policy.json > next.json

expect 0 sluice policy diff next.json --key olga
says 'from serial 1 to 2: 3 effects'
says 'ana       gains    measure on "days" of "study.events", in project "liver"'
says 'liver     stricter approvals'
says 'everybody looser   rule threshold'
expect 0 sluice policy diff next.json policy.json --key olga
says 'ana       loses    measure on "days" of "study.events", in project "liver"'

# Order, blanks and words that are nobody's right: no effect.
python3 -c 'import json; p = json.load(open("policy.json")); p["description"] = "words"; print(json.dumps(p, sort_keys=True, indent=7))' > same.json
expect 0 sluice policy diff same.json --key olga
says 'from serial 1 to 1: 0 effects'
# The catalogue offers no grouping by days: granting it gives nobody anything. Without the enclave that is not known.
sed 's/"event": \[/"days": ["group"], "event": [/' policy.json > idle.json
expect 0 sluice policy diff idle.json --key olga
says '0 effects'
(unset SLUICE_DIR; sluice policy diff policy.json idle.json) > out; : > err
says '1 effect'

sluice policy diff next.json --json --key olga > diff.json
python3 - <<'END'
import json
d = json.load(open("diff.json"))
assert d["from"] == 1 and d["to"] == 2 and len(d["effects"]) == 3, d
assert {"who": "liver", "effect": "stricter", "about": "terms", "what": "approvals", "from": "1", "to": "2"} in d["effects"], d
END
expect 3 sluice policy diff next.json --key ana
printf '{}' > empty.json
expect 65 sluice policy diff empty.json --key olga
(unset SLUICE_DIR; expect 2 sluice policy diff next.json)
