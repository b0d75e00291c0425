. "$(dirname "$0")/../lib.sh"
study
over() { SSH_ORIGINAL_COMMAND=$2 sluice session --as "$1" --dir "$SLUICE_DIR"; }
shown() { sluice audit log --kind request.shown --json --key olga | python3 -c 'import json, sys
for l in json.load(sys.stdin)["leaves"]:
    l = l.get("leaf", l)
    print(l["who"], l["request"], l["revision"], l["form"])'; }

held "$source_dir/examples/nafld/diagnoses.lua" liver
ask J-1
expect 0 sluice review show R-1 --key rui
expect 0 sluice review show R-1 --json --key rui
expect 0 sluice review show R-1 --html page.html --key rui
expect 0 sluice review show R-1 --raw --key rui
printf 'rui R-1 1 %s\n' words json html raw > expected
shown > got
cmp expected got || { cat got; fail "not a leaf for each form"; }

# Again on the same day: nothing new, also over SSH and by another command. Another revision is another thing.
expect 0 sluice review show R-1 --key rui
expect 0 over rui "review show R-1"
expect 0 sluice review next --key rui
shown > got
cmp expected got || { cat got; fail "the log grows by looking again"; }
expect 0 sluice request revise R-1 --context "Table 1: another" --key ana
expect 0 over rui "review next"
echo 'rui R-1 2 words' >> expected
shown > got
cmp expected got || { cat got; fail "another revision is no leaf"; }

# Who may not look leaves no such leaf; what nobody is shown neither.
expect 3 sluice review show R-1 --key ana
expect 1 sluice review show R-9 --key rui
expect 0 sluice review ls --key rui
expect 0 sluice request show R-1 --key ana
shown > got
cmp expected got || { cat got; fail "a leaf of what was not shown"; }

# Counts of a table; a job that is run again; history under another policy.
expect 0 sluice data quality study.labs --key olga
expect 0 sluice data quality study.labs --key olga
expect 0 sluice data quality study.persons
expect 3 sluice data quality study.labs --key ana
expect 0 sluice job replay J-1
sed -e 's/"serial": 1/"serial": 2/' policy.json > next.json
expect 0 sluice policy diff next.json --replay --key olga
expect 0 sluice audit log --kind "data access" --key olga
[ "$(grep -c 'table.counted  olga  {"table":"study.labs"}' out)" -eq 1 ] || { cat out; fail "not one leaf of the counts of a table"; }
grep -q 'table.counted  operator  {"table":"study.persons"}' out || { cat out; fail "an operator's look is no leaf"; }
grep -q 'job.replayed  operator' out || fail "a job that was run again is no leaf"
grep -q 'policy.replayed  olga' out || fail "history under another policy is no leaf"
grep -q 'request.shown  rui  {"form":"html","request":"R-1","revision":1}' out || fail "a look is no data access"

# The log is whole with them.
expect 0 sluice audit verify
