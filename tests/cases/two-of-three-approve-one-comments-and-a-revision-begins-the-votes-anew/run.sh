. "$(dirname "$0")/../lib.sh"
study
people tom pia uma
# Three reviewers of other organisations and one of the author's; the project asks one approval, the class of its tables two.
as_now() {
	python3 - policy.json next.json "$@" <<'END'
import json, sys
source, target, serial, terms = sys.argv[1], sys.argv[2], int(sys.argv[3]), json.loads(sys.argv[4])
policy = json.load(open(source))
policy["serial"], policy["reviews"] = serial, terms
key = lambda who: " ".join(open(f"{who}.pub").read().split()[:2])
for who, of in (("tom", "university"), ("pia", "registry"), ("uma", "clinic")):
    policy["people"][who] = {"roles": ["reviewer"], "key": key(who), "organisation": of}
policy["people"]["rui"]["organisation"] = "board"
policy["people"]["ana"]["organisation"] = "clinic"
json.dump(policy, open(target, "w"))
END
}
# What cannot be met is found before it is in force; what changes is told.
as_now 2 '{"approvals_by_class": {"confidential": 4}, "same_organisation": "never"}'
expect 1 sluice policy lint next.json
says 'needs 4 approvals, which class "confidential" asks, and 3 reviewers could give one'
as_now 2 '{"approvals_by_class": {"confidential": 2}, "same_organisation": "never"}'
expect 0 sluice policy lint next.json
expect 0 sluice policy diff next.json --key olga
says "approvals for tables of class confidential"
says "a review by the author's organisation"
expect 0 sluice policy sign next.json --key olga
expect 0 sluice policy apply next.json --signature next.json.sig
expect 0 sluice policy show --summary
says "2 approvals for class confidential, nobody reviews their own organisation"

held "$source_dir/examples/nafld/diagnoses.lua" liver
ask J-1
says "R-1 submitted, waits for 2 approvals: class confidential asks"
# The author's colleague is told why, wherever they look.
expect 3 sluice review approve R-1 --key uma
says 'is of the author'
says 'rule: independent'
expect 3 sluice review show R-1 --key uma
says '"clinic"'
# Without a key nobody is asked about, which is said with what to do.
for thing in "" R-1 liver; do
	# shellcheck disable=SC2086 # no thing, no word
	expect 4 sluice can-i review approve $thing
	says "of whom is it asked?"
	says "remedy: of yourself, with your key: --key PATH, or SLUICE_KEY; of somebody else: --as WHO"
done
expect 0 sluice can-i review show --as tom
expect 1 sluice can-i review approve R-1 --key uma
says 'is of the author'
expect 0 sluice can-i review approve R-1 --key tom
says 'of another organisation than the author'
expect 0 sluice review next --key uma
says "nothing waits for you"

# One approves, one asks; the answer is another revision, and the vote is gone.
expect 0 sluice review approve R-1 --comment "seen" --key rui
says "waits for more approvals"
expect 0 sluice review show R-1 --key tom
says "approvals: 1 of 2: class confidential asks"
expect 0 sluice review comment R-1 "which years are these?" --key tom
expect 0 sluice request show R-1 --key ana
says "partially approved"
says "which years are these?"
expect 0 sluice request revise R-1 --context "Table 1: a case of the test suite, of all years" --key ana
says "R-1, revision 2, submitted, waits for 2 approvals"
expect 0 sluice request show R-1 --key ana
says "approvals: 0 of 2"
# Two of three, one of whom approved before.
expect 0 sluice review approve R-1 --revision 2 --comment "all years, then" --key pia
says "waits for more approvals"
expect 0 sluice release ls --key ana
silent L-1
expect 0 sluice review next --key rui
says "R-1"
expect 0 sluice review approve R-1 --revision 2 --comment "seen again" --key rui
says "released as L-1"
expect 0 sluice release get L-1 --to release --key ana
[ "$(ls release/approvals/*.json | wc -l)" -eq 2 ] || fail "approvals of the release"
expect 0 sluice release verify release --anchor anchor.txt

# Whose approval stands when the policy comes to ask more: a request is judged under the policy of then.
ask J-1
expect 0 sluice review approve R-2 --comment "seen" --key tom
as_now 3 '{"approvals_by_class": {"confidential": 3}, "same_organisation": "never"}'
expect 0 sluice policy sign next.json --key olga
expect 0 sluice policy apply next.json --signature next.json.sig
expect 0 sluice request show R-2 --key ana
says "approvals: 1 of 3: class confidential asks"
expect 3 sluice review approve R-2 --comment "seen" --key rui
says "rule: policy"

# Nor does an approval count for more because policy comes to ask less: the one that is there releases nothing, and no other
# is added to it.
as_now 4 '{"approvals_by_class": {"confidential": 1}, "same_organisation": "never"}'
expect 0 sluice policy sign next.json --key olga
expect 0 sluice policy apply next.json --signature next.json.sig
expect 0 sluice release ls --key ana
silent L-2
expect 3 sluice review approve R-2 --comment "seen" --key rui
says "rule: policy"
expect 0 sluice release ls --key ana
silent L-2
# A reviewer who was of another organisation when they approved, and is of the author's when it would leave.
expect 0 sluice request revise R-2 --key ana
as_now 5 '{"approvals_by_class": {"confidential": 2}, "same_organisation": "never"}'
expect 0 sluice policy sign next.json --key olga
expect 0 sluice policy apply next.json --signature next.json.sig
ask J-1
expect 0 sluice review approve R-3 --comment "seen" --key tom
says "waits for more approvals"
as_now 6 '{"approvals_by_class": {"confidential": 2}, "same_organisation": "never"}'
python3 - <<'END'
import json
policy = json.load(open("next.json"))
policy["people"]["tom"]["organisation"] = "clinic"
json.dump(policy, open("next.json", "w"))
END
rm -f next.json.sig
expect 0 sluice policy sign next.json --key olga
expect 0 sluice policy apply next.json --signature next.json.sig
expect 3 sluice review approve R-3 --comment "seen" --key rui
says "rule: policy"
expect 0 sluice request revise R-3 --key ana
expect 3 sluice review approve R-3 --revision 2 --comment "seen" --key tom
says "of the author's organisation"
expect 0 sluice release ls --key ana
silent L-2
expect 0 sluice audit verify
