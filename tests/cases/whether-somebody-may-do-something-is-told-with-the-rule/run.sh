. "$(dirname "$0")/../lib.sh"
# The whole table, cell by cell, as it is meant to be.
cat > meant <<'END'
MAY            analyst reviewer officer owner auditor operator
data import    -       -        -       -     -       yes
data ls        yes     yes      yes     yes   yes     yes
data verify    -       -        -       -     yes     yes
data forget    -       -        -       -     -       yes
data request   yes     -        -       -     -       -
data requests  yes     -        yes     yes   yes     -
data grant     -       -        -       yes   -       -
data approve   -       -        -       yes   -       -
data ledger    -       -        -       yes   yes     -
data quality   yes     yes      yes     yes   yes     yes
policy sign    -       -        yes     -     -       -
policy apply   -       -        yes     -     -       yes
policy show    yes     yes      yes     yes   yes     yes
policy eval    -       -        yes     -     yes     -
job run        yes     -        -       -     -       -
job ls         yes     -        -       -     yes     yes
request new    yes     -        -       -     -       -
request ls     yes     yes      -       yes   yes     -
review show    -       yes      -       -     -       -
review approve -       yes      -       -     -       -
release ls     yes     yes      yes     yes   yes     yes
release get    yes     yes      -       yes   yes     -
release revoke -       -        yes     yes   -       -
recover        -       -        -       -     -       yes
audit log      -       yes      yes     yes   yes     yes
END
sluice policy matrix | sed 's/ *$//' > printed
cmp meant printed || fail "the table is another"
sluice policy matrix --json > matrix.json
python3 - <<'END'
import json
table = [line.split() for line in open("meant")]
actions = {a["action"]: a["roles"] for a in json.load(open("matrix.json"))["actions"]}
assert len(actions) == len(table) - 1
for *action, a, r, o, w, u, p in table[1:]:
    roles = [name for name, cell in zip(table[0][1:], (a, r, o, w, u, p)) if cell == "yes"]
    assert actions[" ".join(action)] == roles, action
END
expect 0 sluice policy matrix --why
says "an author must not decide on their own"

study
can() { want=$1; shift; expect "$want" sluice can-i "$@" --key olga; }
can 0 job run liver --as ana
says 'yes: "ana" is an analyst of project "liver", which grants 2 tables until 2099-12-31 [grant]'
can 0 "job run" --as ana
says '[role]'
can 1 job run liver --as rui
says 'no: rui may not: job run [role]'
says "remedy: ask an officer to make you an analyst of a project"
can 1 job run lover --as ana
says '[no-such-project]'
can 0 review approve liver --as rui
says '[independent]'
can 1 review approve liver --as ana
can 1 policy sign --as rui
can 0 policy sign
can 2 policy sign liver --as olga
can 2 job fly --as ana
says "did you mean"
can 2 job run liver more --as ana
can 4 job run --as anna
says 'did you mean "ana"?'
expect 4 sluice can-i job run

# The same answer as the commands give; of a job only who may see it hears anything.
held "$source_dir/examples/nafld/diagnoses.lua" liver
expect 0 sluice can-i request new J-1 --key ana
expect 0 sluice can-i request new J-1 --as ana --key olga
expect 1 sluice can-i request new J-2 --key ana
silent '[grant]'
ask J-1
expect 0 sluice can-i review approve R-1 --key rui
expect 1 sluice can-i review approve R-1 --as ana --key ana
sluice can-i job run liver --as ana --key olga --json > answer.json
python3 -c 'import json; a = json.load(open("answer.json")); assert a["answer"] == "yes" and a["rule"] == "grant", a'
