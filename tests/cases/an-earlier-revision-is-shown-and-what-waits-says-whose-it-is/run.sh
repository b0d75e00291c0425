. "$(dirname "$0")/../lib.sh"
study
people tom uma
python3 - <<'END'
import json
policy = json.load(open("policy.json"))
policy["serial"] = 2
policy["projects"]["liver"]["approvals"] = 2
policy["reviews"] = {"same_organisation": "never"}
for who, of in (("tom", "university"), ("uma", "clinic"), ("rui", "board")):
    policy["people"][who] = {"roles": ["reviewer"], "key": " ".join(open(f"{who}.pub").read().split()[:2]), "organisation": of}
policy["people"]["ana"]["organisation"] = "clinic"
json.dump(policy, open("two.json", "w"))
END
expect 0 sluice policy sign two.json --key olga
expect 0 sluice policy apply two.json --signature two.json.sig
cat > two.lua <<'END'
output("two", from "study.persons":derive { sex = "male" }:group_by("sex")
  :summarise { persons = "units()", old = "count_if(age > 60)", older = "count_if(age > 70)" }
  :describe { sex = "sex", persons = "persons", old = "persons above 60", older = "persons above 70", purpose = "ages" })
output("ages", from "study.persons":derive { band = "bands(age)" }:group_by("band")
  :summarise { persons = "units()" }
  :describe { band = "age", persons = "persons", purpose = "ages" })
END
held two.lua liver

# A title is one line, not too long, and the author's: it does nothing to a terminal or a page.
expect 65 sluice request new J-1 --title "$(printf 'a\033[2J')" --context "Table 1: ages" --output two --key ana
expect 65 sluice request new J-1 --title "$(printf '%0121d' 0)" --context "Table 1: ages" --output two --key ana
for title in "$(printf 'red \033[31m')" "$(printf 'turned \342\200\256round')" "$(printf 'two\nlines')" "$(printf 'no\342\200\213width')"; do
	expect 65 sluice request new J-1 --title "$title" --context "Table 1: ages" --output two --key ana
	says "one line of clean text"
done
expect 0 sluice request new J-1 --title "Ages <b> of persons" --context "Table 1: ages" --output two --key ana
expect 0 sluice request ls --key ana
says "Ages <b> of persons"

# What waits says whose it is.
expect 0 sluice review ls --key rui
says "yours, 1 finding to judge"
says "Ages <b> of persons"
expect 0 sluice review ls --key uma
says 'not yours: "uma" is of the author'
silent "to judge"
expect 0 sluice review ls --json --key uma
says '"yours":false'
expect 0 sluice review approve R-1 --acknowledge differencing --comment "as in the plan" --key rui
expect 0 sluice review ls --key rui
says "you decided"
expect 0 sluice review comment R-1 "why both ages?" --key tom
expect 0 sluice review comment R-1 "<i>=hidden</i> of nine" --private --key tom

# Two more revisions; one of them stays a draft, which reviewers see as any other.
expect 0 sluice request revise R-1 --context "Table 1: a draft" --draft --key ana
expect 0 sluice request revise R-1 --context "Table 1: ages, for the report" --output ages --key ana
says "R-1, revision 3, submitted"
for who in rui tom; do
	expect 0 sluice review ls --key $who
	says "yours, revised since you spoke"
	expect 0 sluice review show R-1 --key $who
	says "earlier revision 1, of"
	says "then changed: context, outputs"
	says "  | Table 1: ages"
	says "by rui, who acknowledged differencing:"
	says "as in the plan"
	says "earlier revision 2, of"
	says "  | Table 1: a draft"
	says "approvals: 0 of 2"
done
expect 0 sluice request show R-1 --key ana
says "earlier revision 1, of"
says "earlier revision 2, of"
says "  | Table 1: a draft"
silent "as in the plan"
silent "findings:"
silent "differencing"

# The earlier one is shown whole, and can be decided on by nobody.
expect 0 sluice review show R-1 --revision 1 --key tom
says "AN EARLIER REVISION, 1"
says "TITLE, the author's words:"
says "differencing, review"
says "TABLE data/two.csv"
silent "TABLE data/ages.csv"
silent "GATE, as of now"
silent "BEFORE YOU SIGN"
silent "sluice review approve"
says "CHANGED SINCE"
says "data/two.csv is not asked for any more"
says "data/ages.csv was not asked for yet"
silent "byte for byte"
expect 0 sluice review show R-1 --revision 3 --key tom
silent "CHANGED SINCE"
says "TABLE data/ages.csv"
says "GATE, as of now"
expect 0 sluice review show R-1 --revision 2 --key tom
says "AN EARLIER REVISION, 2"
expect 1 sluice review show R-1 --revision 4 --key tom
says "R-1 has no earlier revision 4"
expect 2 sluice review show R-1 --revision 0 --key tom
expect 2 sluice review show R-1 --revision one --key tom
expect 3 sluice review show R-1 --revision 1 --key uma
expect 3 sluice review show R-1 --revision 1 --key ana
expect 0 sluice review show R-1 --revision 1 --json --key tom
python3 - out <<'END'
import json, sys
said = json.load(open(sys.argv[1]))
assert said["earlier"] is True and "gate" not in said, said.keys()
assert said["changed_since"] == {"revision": 3, "tables": [
    {"path": "data/two.csv", "was": True, "now": False, "lines": []},
    {"path": "data/ages.csv", "was": False, "now": True, "lines": []}]}, said["changed_since"]
assert said["request"]["revision"] == 1 and said["request"]["decisions"][0]["acknowledged"] == "differencing", said["request"]
END

# While a draft is made of the next, the earlier ones are still there.
expect 0 sluice request revise R-1 --draft --key ana
expect 0 sluice review show R-1 --key tom
says "R-1 draft"
expect 0 sluice review show R-1 --revision 3 --key tom
says "TABLE data/ages.csv"
says "nothing: the tables of revision 4 are these, byte for byte"
expect 0 sluice request submit R-1 --key ana
expect 0 sluice review show R-1 --revision 3 --key tom
says "nothing: the tables of revision 4 are these, byte for byte"

# The page has comments and titles, escaped and marked, and says which is private; what each revision changed, too.
expect 0 sluice review show R-1 --html page.html --key tom
grep -qF '| Ages &lt;b&gt; of persons' page.html || fail "title"
grep -qF '| why both ages?' page.html || fail "comment"
grep -qF '| &lt;i&gt;=hidden&lt;/i&gt; of nine' page.html || fail "private comment"
[ "$(grep -c '<b>private</b> comment' page.html)" -eq 1 ] || fail "marked as private"
grep -qF 'then changed: context, outputs; outputs:' page.html || fail "revisions"

# Under another policy a number of the same table is hidden: it stands below what it was.
expect 0 sluice review show R-1 --raw --key tom
cp out ages.csv
python3 - <<'END'
import csv, json
rows = list(csv.reader(open("ages.csv")))[1:]
band, least = min(rows, key=lambda row: int(row[1]))
policy = json.load(open("two.json"))
policy["serial"] = 3
policy["disclosure"]["threshold"] = int(least) + 1
json.dump(policy, open("three.json", "w"))
open("was", "w").write(f"- {band},{least}")
open("now", "w").write(f"+ {band},[c]")
END
expect 0 sluice policy sign three.json --key olga
expect 0 sluice policy apply three.json --signature three.json.sig
expect 0 sluice request revise R-1 --key ana
expect 0 sluice review show R-1 --revision 4 --key tom
says "- as it is here, + as it is in revision 5"
says "    $(cat was)"
says "    $(cat now)"
silent "- band"
expect 0 sluice review show R-1 --revision 4 --html changed.html --key tom
grep -qF "| $(cat was)" changed.html || fail "changed lines"
expect 3 sluice review show R-1 --revision 4 --key ana

# A title is signed with the request: whoever changes it in the state file shuts the gate.
sqlite3 enclave/state.db "UPDATE request SET title='Another'" 2>/dev/null || python3 -c '
import sqlite3
db = sqlite3.connect("enclave/state.db")
db.execute("UPDATE request SET title = ?", ("Another",))
db.commit()'
expect 3 sluice review approve R-1 --revision 5 --key tom
says "rule: unchanged"
