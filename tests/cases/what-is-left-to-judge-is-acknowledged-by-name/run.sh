. "$(dirname "$0")/../lib.sh"
study
cat > two.lua <<'END'
output("two", from "study.persons":derive { sex = "male" }:group_by("sex")
  :summarise { persons = "units()", old = "count_if(age > 60)", older = "count_if(age > 70)" }
  :describe { sex = "sex", persons = "persons", old = "persons above 60", older = "persons above 70", purpose = "ages" })
END
held two.lua liver
ask J-1
expect 0 sluice review show R-1 --key rui
says "1 finding hides nothing: yours to judge: differencing 1"
says "--acknowledge RULE"
# Without the name nothing is signed, and the refusal says what is missing; a wrong name is told with the right one.
expect 3 sluice review approve R-1 --key rui
says "differencing (finding 1)"
says "rule: findings"
says "--acknowledge differencing"
expect 3 sluice review statement R-1 --decision approve --key rui
says "differencing (finding 1)"
expect 2 sluice review approve R-1 --acknowledge diferencing --key rui
says 'did you mean "differencing"?'
expect 2 sluice review approve R-1 --acknowledge differencing --acknowledge threshold --key rui
says 'no finding of "threshold"'
expect 2 sluice review statement R-1 --decision reject --comment "no" --acknowledge differencing --key rui
says "by an approval alone"
# What is signed elsewhere has to say it, too: taken out and signed again it is refused, and so is another rule.
sluice review statement R-1 --decision approve --acknowledge differencing --comment "ages are read twice" --key rui > good.json
grep -qF '"acknowledged":["differencing"]' good.json || fail "the statement does not name the rule"
signed() {
	rm -f "$1.json.sig"
	ssh-keygen -q -Y sign -n review@sluice -f rui "$1.json"
	cat "$1.json" "$1.json.sig" > "$1.signed"
}
sed 's|"acknowledged":\["differencing"\]|"acknowledged":[]|' good.json > silent.json
sed 's|"acknowledged":\["differencing"\]|"acknowledged":["depth"]|' good.json > other.json
sed 's|"acknowledged":\["differencing"\]|"acknowledged":["differencing","differencing"]|' good.json > twice.json
sed 's|"acknowledged":\["differencing"\]|"acknowledged":[7]|' good.json > number.json
sed 's|"acknowledged":\["differencing"\],||' good.json > older.json
for name in silent other twice number older; do signed "$name"; done
expect 3 sluice review approve R-1 --signed silent.signed --key rui
says "differencing (finding 1)"
expect 3 sluice review approve R-1 --signed older.signed --key rui
expect 6 sluice review approve R-1 --signed older.signed --acknowledge differencing --key rui
expect 2 sluice review approve R-1 --signed other.signed --key rui
expect 6 sluice review approve R-1 --signed twice.signed --key rui
expect 65 sluice review approve R-1 --signed number.signed --key rui
expect 0 sluice request show R-1 --key ana
says "R-1 submitted"
# Several at once: one by one, each with its own line. In what was found anything is refused, whether it is to be judged or
# hides, and the others go on.
cat > clean.lua <<'END'
output("clean", from "study.persons":group_by("male"):summarise{ persons = "units()" }
  :describe { male = "sex", persons = "persons" })
END
held clean.lua liver
held "$source_dir/examples/nafld/diagnoses.lua" liver
ask J-2
ask J-2
ask J-3
expect 2 sluice review approve R-2 R-1 --acknowledge differencing --key rui
says "is about one request"
expect 2 sluice review approve R-2 R-3 R-2 --key rui
says "R-2 twice"
expect 1 sluice review approve R-2 R-1 R-9 R-4 R-3 --comment "seen" --key rui
says "R-2 approved and released as L-1"
says "R-1 not approved: R-1 has 1 finding: several are approved at once where there is none"
says "remedy: read it: review show R-1; then approve it by itself"
says "R-9 not approved"
says "R-4 not approved: R-4 has "
says "R-3 approved and released as L-2"
says "2 of 5 requests were approved"
expect 0 sluice release ls --key ana
says L-2
silent L-3
expect 0 sluice review show R-4 --key rui
silent "yours to judge"
# By itself what only hides is approved without a word more.
expect 1 sluice review approve R-4 R-1 --json --key rui
python3 - out <<'END'
import json, sys
said = json.load(open(sys.argv[1]))
first, second = said["requests"]
assert not first["approved"] and first["rule"] == second["rule"] == "flagged", first
assert said["error"], said
END
expect 0 sluice review approve R-4 --key rui
says "R-4 approved and released as L-3"
ask J-3
expect 0 sluice review approve R-5 --key rui
# Acknowledged, it leaves; what was acknowledged is in the review, the log and the signed statement of the release.
ask J-1
expect 3 sluice review approve R-6 --acknowledge differencing --key rui
says "depth (finding 2)"
silent "differencing (finding"
sluice review statement R-6 --decision approve --acknowledge depth --acknowledge differencing --comment "ages are read twice" --key rui > good.json
signed good
expect 0 sluice review approve R-6 --signed good.signed --key rui
says "released as L-5"
expect 0 sluice review show R-6 --key rui
says "by rui, who acknowledged differencing, depth:"
says "ages are read twice"
expect 0 sluice request show R-6 --key ana
silent "acknowledged"
expect 0 sluice audit log --kind review.approved --key rui
says differencing
expect 0 sluice release get L-5 --to release --key ana
grep -qF '"acknowledged":["differencing","depth"]' release/approvals/rui.json || fail "not in the release"
grep -q '"acknowledge":\["differencing","depth"\]' release/log/leaf.json || fail "the log does not say what was to be named"
grep -q '"findings":"[0-9a-f]*"' release/approvals/rui.json || fail "the release lists what was found"
expect 0 sluice release verify release --anchor anchor.txt
says "ok what was left to a person to judge, as the log names it, is named by every approval"
expect 0 sluice audit verify
# Where a bundle cannot be written it has left all the same, which is said; the next is not tried, and the bundle is made later.
if [ "$(id -u)" -eq 0 ] && mount -t tmpfs -o size=4k,mode=700 tmpfs enclave/releases 2>/dev/null; then
	trap 'umount -l "$play/enclave/releases" 2>/dev/null || :; rm -rf "$play"' EXIT
	ask J-2
	ask J-2
	expect 74 sluice review approve R-7 R-8 --key rui
	says "R-7 approved and released as L-6"
	silent "R-8"
	expect 74 sluice review approve R-8 --key rui
	says "R-8 approved and released as L-7"
	umount enclave/releases
	for left in L-6 L-7; do
		expect 0 sluice release get "$left" --to "$left" --key ana
		expect 0 sluice release verify "$left" --anchor anchor.txt
	done
fi
