. "$(dirname "$0")/../lib.sh"
study
mkdir beside
cp "$source_dir/examples/nafld/diagnoses.lua" beside/
echo 'output("bmi", from "study.persons":group_by("male"):summarise{m = "mean(bmi)"})' > beside/bmi.lua
echo 'output(' > beside/broken.lua
cat > beside/cases.json <<'END'
{ "sluice_policy_cases": 1, "cases": [
  {"name": "ana counts diagnoses", "as": "ana", "project": "liver", "job": "diagnoses.lua", "expect": "permitted"},
  {"name": "weights are nobody's", "as": "ana", "project": "liver", "job": "bmi.lua", "expect": "not permitted", "rule": "not-granted"},
  {"name": "a broken script", "as": "ana", "project": "liver", "job": "broken.lua", "expect": "error"},
  {"name": "who asks does not decide", "as": "ana", "project": "liver", "action": "review approve", "expect": "no", "rule": "role"},
  {"name": "rui decides", "as": "rui", "project": "liver", "action": "review approve", "expect": "yes", "rule": "independent"},
  {"name": "a stranger", "as": "eve", "action": "job run", "expect": "no", "rule": "no-such-person"}
] }
END
expect 0 sluice policy test beside/cases.json --key olga
says "ok      weights are nobody's"
says '6 of 6 cases passed; 5 of '
says ' never: '
silent FAILED

# On a policy that lost a role and gained a use: the cases that notice, at their places.
sed -e 's/"age": \[/"bmi": ["measure"], "age": [/' -e 's/\["reviewer"\]/["auditor"]/' policy.json > next.json
expect 1 sluice policy test beside/cases.json --policy next.json --key olga
says "FAILED  weights are nobody's"
says 'at beside/cases.json:3:3'
says 'expected not permitted [not-granted]'
says 'got      permitted [grant]'
says 'FAILED  rui decides'
says '4 of 6 cases passed'
sluice policy test beside/cases.json --policy next.json --json --key olga > test.json && fail "exit code 0 though cases fail"
python3 -c 'import json; t = json.load(open("test.json"))
assert [c["passed"] for c in t["cases"]] == [True, False, True, True, False, True], t
assert "expired" in t["never"] and "grant" in t["covered"], t'
# Right verdict, other rule: not the reason it was written for.
sed 's/"rule": "role"/"rule": "independent"/' beside/cases.json > beside/other.json
expect 1 sluice policy test beside/other.json --key olga
says 'FAILED  who asks does not decide'

# A file of cases that is wrong is told with its place.
sed 's/"expect": "permitted"/"expect": "yes"/' beside/cases.json > beside/yes.json
expect 65 sluice policy test beside/yes.json --key olga
says 'beside/yes.json:2:'
sed 's/"expect": "error"/"exepct": "error"/' beside/cases.json > beside/key.json
expect 65 sluice policy test beside/key.json --key olga
says 'did you mean "expect"?'
sed 's/"action": "job run"/"action": "job fly"/' beside/cases.json > beside/fly.json
expect 65 sluice policy test beside/fly.json --key olga
expect 3 sluice policy test beside/cases.json --key ana

# The example of the page.
echo 'output("days", from "study.events":group_by("event"):summarise{m = "mean(days)"})' > beside/days.lua
sed -n '/^## Cases beside a policy/,/^## The catalogue/p' "$source_dir/docs/policy.md" | sed -n '/^```json/,/^```/p' | grep -v '^```' > beside/page.json
expect 0 sluice policy test beside/page.json --key olga
says '3 of 3 cases passed'
