. "$(dirname "$0")/../lib.sh"
study
people tom
sed -e 's|"serial": 1|"serial": 2|' -e 's|"approvals": 1|"approvals": 2|' \
	-e "s|\"people\": {|&\"tom\": {\"roles\": [\"reviewer\"], \"key\": \"$(cut -d' ' -f1,2 tom.pub)\"},|" policy.json > two.json
expect 0 sluice policy sign two.json --key olga
expect 0 sluice policy apply two.json --signature two.json.sig
held "$source_dir/examples/nafld/diagnoses.lua" liver
# A draft is judged, which told its author of rows: reviewers see it, and the log names it and who signed. Nobody decides.
expect 0 sluice request new J-1 --context "Table 1: a case of the test suite" --draft --key ana
says "R-1 is a draft: nothing refuses it; reviewers see it"
says "sluice request submit R-1"
expect 0 sluice review show R-1 --key rui
says "R-1 draft"
says "TABLE data/diagnoses.csv"
silent "sluice review approve"
expect 0 sluice request ls --key rui
says R-1
says draft
expect 0 sluice review ls --key rui
silent R-1
expect 0 sluice audit log --kind request.drafted --json --key rui
says '"identified":"signature"'
grep -q '"publication":"[0-9a-f]*"' out && grep -q '"statement":"[0-9a-f]*"' out || fail "the leaf of a draft is not that of a request"
for decide in "approve R-1" "reject R-1 --comment no" "return R-1 --reason why"; do
	sluice review $decide --key rui >out 2>err && fail "review $decide of a draft"
	says request-state
done
expect 0 sluice review next --key rui
says "nothing waits for you"
expect 3 sluice request submit R-1 --key rui
expect 0 sluice request submit R-1 --key ana
says "R-1 submitted, waits for 2 approvals"
expect 1 sluice request submit R-1 --key ana
says "R-1 is submitted"
# One approval of two; then the other reviewer asks.
expect 0 sluice review next --key rui
says "R-1 submitted"
sluice review statement R-1 --decision approve --key rui > old.json
ssh-keygen -q -Y sign -n review@sluice -f rui old.json
cat old.json old.json.sig > old.signed
expect 0 sluice review approve R-1 --signed old.signed --key rui
says "waits for more approvals"
expect 0 sluice review next --key rui
says "nothing waits for you"
expect 0 sluice request show R-1 --key ana
says "partially approved"
expect 2 sluice review return R-1 --key tom
expect 0 sluice review return R-1 --reason "which years are these?" --key tom
says "R-1 returned"
expect 0 sluice request show R-1 --key ana
says "returned, the reviewer's words:"
says "which years are these?"
expect 1 sluice review approve R-1 --key rui
says "R-1 is returned"
# The author answers; everything is judged again, and nobody's vote stands.
expect 3 sluice request revise R-1 --context "Table 1: mine now" --key rui
expect 0 sluice request revise R-1 --context "Table 1: a case of the test suite, of all years" --key ana
says "R-1, revision 2, submitted, waits for 2 approvals"
expect 0 sluice request show R-1 --key ana
says "approvals: 0 of 2"
says "of all years"
silent "which years are these?"
# The old signature, handed in again, is about something else.
expect 6 sluice review approve R-1 --signed old.signed --key rui
says "not about this request"
# Nor is one revision signed by who looked at another: which one is meant is said.
expect 1 sluice review approve R-1 --key tom
says "R-1 is at revision 2, and the approval is about revision 1"
says "rule: request-state"
says "review show R-1; then give --revision 2"
expect 1 sluice review approve R-1 --revision 3 --key tom
expect 2 sluice review approve R-1 --revision two --key tom
expect 1 sluice review statement R-1 --decision approve --key tom
expect 0 sluice review statement R-1 --decision reject --comment "no" --key tom
expect 2 sluice review approve R-1 --revision 2 --signed old.signed --key rui
expect 1 sluice review approve R-1 R-9 --key tom
says "R-1 not approved: R-1 is at revision 2"
expect 2 sluice review approve R-1 R-9 --revision 2 --key tom
says "--revision is about one request"
expect 0 sluice review show R-1 --key tom
says "sluice review approve R-1 --revision 2"
# Who approves twice is one reviewer, with the last words; what one signed is nobody else's, and no other decision.
sluice review statement R-1 --decision approve --revision 2 --key tom > toms.json
ssh-keygen -q -Y sign -n review@sluice -f tom toms.json
cat toms.json toms.json.sig > toms.signed
expect 4 sluice review approve R-1 --signed toms.signed --key rui
expect 6 sluice review return R-1 --reason "why?" --signed toms.signed --key tom
expect 6 sluice review reject R-1 --comment "no" --signed toms.signed --key tom
expect 6 sluice review approve R-1 --comment "in other words" --signed toms.signed --key tom
expect 0 sluice review approve R-1 --revision 2 --key tom
says "waits for more approvals"
expect 0 sluice review approve R-1 --revision 2 --comment "once more" --key tom
says "waits for more approvals"
expect 0 sluice request show R-1 --key ana
says "approvals: 1 of 2"
expect 0 sluice release ls --key ana
silent L-1
# Whoever can write the state file cannot make the old vote count either.
sqlite3 enclave/state.db "UPDATE review SET revision=2 WHERE person='rui'" 2>/dev/null || python3 - <<'END'
import sqlite3
db = sqlite3.connect("enclave/state.db")
db.execute("UPDATE review SET revision=2 WHERE person='rui'")
db.commit()
END
expect 0 sluice review show R-1 --key tom
says "approvals: 1 of 2"
# The reviewer signs what is there now, and it leaves.
sluice review statement R-1 --decision approve --revision 2 --key rui > new.json
ssh-keygen -q -Y sign -n review@sluice -f rui new.json
cat new.json new.json.sig > new.signed
expect 0 sluice review approve R-1 --signed new.signed --key rui
says "released as L-1"
expect 0 sluice release get L-1 --to release --key ana
expect 0 sluice release verify release --anchor anchor.txt
grep -qF '"comment":"once more"' release/approvals/tom.json || fail "not the words that stand"
expect 1 sluice request withdraw R-1 --key ana
says "what has left has left"
# A withdrawn request is approved by nobody, also with a statement that was signed before.
ask J-1
sluice review statement R-2 --decision approve --key rui > late.json
ssh-keygen -q -Y sign -n review@sluice -f rui late.json
cat late.json late.json.sig > late.signed
expect 0 sluice request withdraw R-2 --key ana
says "R-2 withdrawn"
expect 1 sluice review approve R-2 --signed late.signed --key rui
says "R-2 is withdrawn"
expect 1 sluice request revise R-2 --key ana
expect 0 sluice audit verify
expect 0 sluice audit log --kind decisions --key rui
for kind in request.drafted request.submitted review.returned request.withdrawn; do says "$kind"; done
silent "which years"
