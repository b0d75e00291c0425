. "$(dirname "$0")/../lib.sh"
# 24 areas and 24 trades, in scripts of both directions; 11 persons in the first cell, 9 in the second, 13 to 41 in the others.
# people MORE [NEXT]: those of one cell have MORE; with NEXT everybody has what the NEXT one of the same cell had.
people() {
	awk -v more="$1" -v next_one="${2:-0}" 'BEGIN {
		print "id,area,trade,pay"
		for (a = 0; a < 24; a++) for (t = 0; t < 24; t++) {
			n = a == 0 && t == 0 ? 11 : a == 0 && t == 1 ? 9 : 13 + (a * 7 + t * 5) % 29
			for (i = 0; i < n; i++) printf "%d,%s%d,%s%d,%d\n", id + i + 1, a % 2 ? "北区" : "אזור", a, t % 2 ? "<b>" : "T", t,
				1000 + ((id + 1 + (i + next_one) % n) * 37) % 900 + (a == 3 && t == 3 ? more : 0)
			id += n
		}
	}' > people.csv
}
labels() { awk -v even="$1" -v odd="$2" 'BEGIN { for (i = 0; i < 24; i++) printf "%s\"%s%d\"", i ? "," : "", i % 2 ? odd : even, i }'; }
catalogue() {
	cat > datapackage.json <<END
{"name": "work", "title": "Work", "resources": [{"name": "people", "path": "people.csv", "title": "People", "sluice": {"owner": "office",
"class": "confidential", "owner_approval": false, "unit": {"column": "id", "space": "person"}, "period": "2025", "one_row_per_unit": true}, "schema": {"fields": [
{"name": "id", "type": "integer", "constraints": {"required": true}, "sluice": {"level": 4}},
{"name": "area", "type": "string", "title": "Area", "constraints": {"enum": [$(labels אזור 北区)]}, "sluice": {"uses": ["group"], "level": 2}},
{"name": "trade", "type": "string", "title": "Trade", "constraints": {"enum": [$(labels T '<b>')]}, "sluice": {"uses": ["group"], "level": 2}},
{"name": "pay", "type": "integer", "title": "Pay", "sluice": {"uses": ["measure"], "measured_in": "EUR", "level": 3}}]}}]}
END
}
people_of() { for who in "$@"; do [ -f "$who" ] || ssh-keygen -q -t ed25519 -N '' -C "$who" -f "$who"; done; }
catalogue
people 0
cp people.csv first.csv
people_of olga rui ana
expect 0 sluice init enclave --name demo --officer olga=olga.pub --anchor anchor.txt
export SLUICE_DIR="$play/enclave"
expect 0 sluice data import datapackage.json
sed -e 's/"study": "sha/"work": "sha/' -e 's/"study.persons": .*/"work.people": {"area": ["group"], "trade": ["group"], "pay": ["measure"]}/' \
	-e '/"study.events"/d' "$source_dir/examples/nafld/policy.json" > template.json
policy template.json datapackage.json
cat > cells.lua <<'END'
output("cells", from "work.people" :group_by("area", "trade") :summarise { persons = "units()", pay = "mean(pay)" }
  :describe { area = "area", trade = "trade", persons = "persons", pay = "pay, mean; of: persons" })
END
held cells.lua liver
ask J-1
table() { sed -n '/^TABLE/,/^R-[0-9]/p' out; }

# More rows than a person reads: those to look at come first, and it is said what is left out.
expect 0 sluice review show R-1 --key rui
says '2 of 1150 shown numbers are near a limit: threshold 2'
says 'nothing of the same units had left when it was asked for'
says 'cells: 1 of 576 groups has fewer than 10 units; without area: 0 of 24, without trade: 0 of 24'
table | grep -qE '^ *[0-9]+ of 625 rows to look at' || fail "what to look at is not first"
table | grep -qF 'rows 1 to 100 of 625; all: --all' || fail "what is left out is not said"
table | grep -qE '^ +1 +אזור0 +T0 +[0-9.]+ +11 \| 11 .*near: threshold +near' || fail "not near"
table | grep -qE '^ +2 +אזור0 +<b>1 +\[c\] threshold +\[c\] threshold \| 9 ' || fail "units of a hidden row"
expect 0 sluice review show R-1 --all --key rui
[ "$(table | grep -cE '^ *[0-9]+ .*\|')" -eq 625 ] || fail "not all rows"
expect 0 sluice review show R-1 --html page.html --key rui
grep -qF '<summary>rows 501 to 625 of 625' page.html || fail "not folded"
grep -qF '<p>To look at: ' page.html || fail "what to look at is not first on the page"
grep -qF 'how many rows, by how far from a limit' page.html || fail "no chart"
[ "$(grep -c '<th scope="row">אזור0</th><th scope="row">&lt;b&gt;1</th>' page.html)" -eq 1 ] || fail "labels"

# The same people, everybody with what another one of the cell had, and those of one cell paid more: the same units, another number. The rows behind a mean are told.
release R-1 L-1
people 500 1
expect 0 sluice data import datapackage.json
held cells.lua liver
ask J-2
expect 0 sluice review show R-2 --key rui
says '1 row: the same units as in an earlier release, another number'
sed -n '/^BEFORE YOU SIGN/,$p' out > before
grep -qF 'the same units as in an earlier release' before || fail "what to look at is not said again before signing"
grep -qF '525 rows of data/cells.csv leave and are not printed' before || fail "what is not printed is not said before signing"
says 'rows have a number in an earlier release'
table | grep -E '^ +79 .*moved' > moved || fail "the row that moved"
grep -qF 'L-1, the same cell; 0 units differ' moved || fail "where it was"
expect 0 sluice review show R-2 --json --key rui
python3 -c '
import json, sys
r = json.load(sys.stdin)
t = r["tables"][0]
assert len(t["rows"]) == 625 and t["compared"] and t["columns"] == ["area", "trade", "pay", "persons"], t["columns"]
row = t["rows"][78]
assert row["look"] == ["moved"] and row["before"]["release"] == "L-1" and row["before"]["same_cell"], row
pay, persons = row["numbers"]
assert pay["rows_behind"] == pay["units"] == int(persons["value"]) and float(pay["change"]) > 0 and persons["change"] == "0", row
assert abs(float(pay["value"]) - float(pay["was"]) - float(pay["change"])) < 1e-9, row
first, second = t["rows"][0]["numbers"][1], t["rows"][1]["numbers"][1]
assert first["units"] == 11 and first["margin"] == "near" and first["nearest"] == "threshold" and first["was"] == "11", first
assert second["value"] == "[c]" and second["units"] == 9 and "margin" not in second and second["was"] == "[c]", second
assert "rows_behind" not in second and second["hidden_by"][0]["rule"] == "threshold", second
assert {x["what"] for x in r["look_at_first"]} >= {"near", "moved", "hidden", "earlier"}, r["look_at_first"]
assert r["told_to_author"].startswith("The request is "), r["told_to_author"]
' < out || fail "JSON"

# Looking judges nothing again; the gate does. What came meanwhile is told.
held cells.lua liver
ask J-3
# More than 500 numbers beside another version: not every difference of them is looked at.
expect 0 sluice review approve R-3 --comment "once more" --acknowledge depth --key rui
expect 0 sluice review show R-2 --key rui
says '1 release of the same units since then: the gate judges again beside them; --judge-again does so now'
says 'to ask   history-unmoved'
expect 0 sluice review show R-2 --judge-again --key rui
says '1 release of the same units since then: it was judged again beside them'
silent 'to ask   history-unmoved'

# The author sees none of it, in no way of asking; nor does a release have it.
for command in 'request show R-2' 'request show R-2 --json' 'request ls' 'job show J-2' 'job show J-2 --json' 'release ls'; do
	# shellcheck disable=SC2086 # words
	expect 0 sluice $command --key ana
	for word in near margin units_that_differ was behind look_at_first "L-1,"; do
		! grep -qwF -- "$word" out || { cat out >&2; fail "$command tells its author: $word"; }
	done
done
expect 3 sluice review show R-2 --key ana
! grep -rqiwE 'near|margin|behind|contributors|units_that_differ' release || fail "a release tells what stands behind it"
