. "$(dirname "$0")/../lib.sh"
. "$case_dir/../owners.sh"
owners_study

# Without a grant: told before anything is read, with the line and what to do.
expect 3 sluice job check persons.lua -p liver --key ana
says 'persons.lua:1'
says 'no grant of the owner is in force for "study.persons"'
says 'rule: no-owner-grant'
says 'sluice data request study.persons -p liver'
expect 3 sluice job run persons.lua -p liver --key ana
says 'rule: no-owner-grant'

# Asked before: what is missing, and what to do; and a mark in the list, for those whose project it is.
expect 1 sluice can-i job run study.persons --key ana
says 'no: no grant of the owner is in force for "study.persons" [no-owner-grant]'
says 'remedy: sluice data request study.persons -p liver --reason TEXT'
expect 1 sluice can-i job.run study.persons --as ana --key olga
says 'no-owner-grant'
expect 0 sluice can-i job run study.labs --key ana
says 'project "liver" is given "study.labs", which is confidential'
expect 1 sluice can-i job run study.nothing --key ana
says 'there is no table'
expect 2 sluice can-i review approve study.persons --key rui
expect 0 sluice data ls --key ana
grep -q '^study.persons .*no grant' out || fail "data ls tells of no grant"
! grep -q '^study.labs .*no grant' out || fail "labs need none"
expect 0 sluice data ls --key rui
silent 'no grant'
expect 0 sluice data show study.persons --key ana
says 'grant for liver: none'
says 'sluice data request study.persons -p liver --reason TEXT'
expect 0 sluice data show study.persons --key rui
silent 'grant for'

# ana applies; who may see it sees it.
expect 1 sluice data request study.labs -p liver --reason "the yearly report" --key ana
says '"study.labs" is confidential: no application is needed'
expect 3 sluice data request study.person -p liver --reason "the yearly report" --key ana
says 'did you mean "study.persons"?'
expect 0 sluice data request study.persons study.events -p liver --reason "the yearly report" --until 2099-06-30 --key ana
says 'A-1 asks the owner of study.persons'
says 'A-2 asks the owner of study.events'
expect 1 sluice data request study.persons -p liver --reason "the yearly report" --key ana
says 'A-1 for "study.persons" waits already'
expect 0 sluice data requests --key odo
says 'study.events'
expect 0 sluice data requests A-1 --key odo
says 'project: liver'
says 'purpose: How often diagnoses are recorded, by age and sex'
says 'reason: the yearly report'
says 'wanted until: 2099-06-30'
says 'columns and uses by policy: age (group filter), male (group filter)'
expect 0 sluice data requests --key lea
silent A-1
expect 1 sluice data requests A-1 --key lea
says 'there is no application A-1'
expect 0 sluice data requests --key ida --json
says '"table":"study.persons"'

# Not every owner's word counts, nor every day, nor a column that the policy does not give.
expect 1 sluice data grant A-1 --until 2099-12-31 --key lea
expect 3 sluice data grant A-1 --until 2099-12-31 --key ana
says 'rule: role'
expect 65 sluice data grant A-1 --until 2020-01-01 --key odo
says 'the last day is over already'
expect 3 sluice data grant A-1 --until 2099-12-31 --columns bmi --key odo
says 'the policy gives project "liver" no column "bmi"'
expect 2 sluice data grant A-1 --key odo

# Granted for one column: the other is refused with the grant's name.
expect 0 sluice data grant A-1 --until 2099-12-31 --columns age --key odo
says 'A-1 granted as G-1'
expect 1 sluice data grant A-1 --until 2099-12-31 --key odo
says 'application A-1 was granted by odo'
expect 0 sluice data requests A-1 --key ana
says 'G-1 in force until 2099-12-31'
says 'columns and uses granted: age (group filter)'
expect 0 sluice can-i job run study.persons --key ana
says 'yes: project "liver" is given "study.persons", and its owner grants it: G-1 until 2099-12-31 [grant]'
expect 0 sluice can-i job run study.persons --as ana --key odo
expect 1 sluice can-i job run study.persons --as ana --key rui
says 'what owners grant is told to those it concerns'
silent G-1
expect 0 sluice data ls --key ana --json
python3 -c 'import json; t = {t["name"]: t for t in json.load(open("out"))["tables"]}
assert t["study.persons"]["grant"] == {"state": "in force", "grant": "G-1", "until": "2099-12-31"}, t
assert "grant" not in t["study.labs"], t'
expect 0 sluice data show study.persons --key ana
says 'grant for liver: G-1 until 2099-12-31'
expect 0 sluice job run persons.lua -p liver --key ana
says 'J-1 held'
expect 3 sluice job run sexes.lua -p liver --key ana
says 'needs "group" on column "male"'
says 'grant G-1 of its owner does not give it'
says 'rule: owner-grant-use'
# A second grant adds to the first.
expect 0 sluice data request study.persons -p liver --reason "by sex as well" --key ana
says A-3
expect 0 sluice data grant A-3 --until 2099-12-31 --columns male --key odo
says G-2
expect 0 sluice job check sexes.lua -p liver --key ana

# Refused: the applicant reads why.
expect 0 sluice data refuse A-2 --reason "events are being mended" --key odo
expect 0 sluice data requests A-2 --key ana
says 'refused by: odo'
says 'because: events are being mended'
expect 1 sluice data grant A-2 --until 2099-12-31 --key odo
says 'application A-2 was refused by odo'

# Withdrawn between run and release: asked before, approved after, and nothing leaves.
ask J-1
expect 1 sluice data withdraw G-1 --reason "no" --key lea
expect 0 sluice data withdraw G-1 --reason "the study's approval was revoked" --key odo
says 'G-1 withdrawn'
expect 1 sluice data withdraw G-1 --reason "again" --key odo
says 'G-1 has been withdrawn before'
expect 1 sluice can-i job run study.events --key ana
says 'no grant of the owner is in force for "study.events"'
expect 0 sluice data withdraw G-2 --reason "the study's approval was revoked" --key odo
expect 1 sluice can-i job run study.persons --key ana
says 'G-2 was withdrawn [no-owner-grant]'
expect 0 sluice data show study.persons --key ana
says 'grant for liver: G-2 withdrawn'
expect 3 sluice job run persons.lua -p liver --key ana
expect 3 sluice request new J-1 --context "Table 1: a case of the test suite" --key ana
expect 3 sluice review approve R-1 --comment "seen" --key rui
says 'rule: owner-granted'
expect 0 sluice review show R-1 --key rui
says owner-granted
expect 0 sluice data requests A-1 --key ana
says 'G-1 withdrawn'
says "because: the study's approval was revoked"
expect 0 sluice release ls --key ana
silent L-1

# All of it is in the log, about grants.
expect 0 sluice audit log --kind grants --key ida
says '  grant.requested  '
says '  grant.made  '
says '  grant.refused  '
says '  grant.withdrawn  '
expect 0 sluice audit verify --key ida
expect 0 sluice explain no-owner-grant
says 'the data owner'
