. "$(dirname "$0")/../lib.sh"
# Ten clubs of nine persons, a hundred of nine and one more, ten of thirteen.
python3 - "$case_dir/datapackage.in" <<'P'
import sys
sizes = {f"{kind}{i:02}": n for kind, n, many in (("nine", 9, 10), ("ten", 10, 100), ("more", 13, 10)) for i in range(many)}
with open("persons.csv", "w") as f:
    print("id,club", file=f)
    persons = (club for club, n in sizes.items() for _ in range(n))
    f.writelines(f"{i},{club}\n" for i, club in enumerate(persons, 1))
text = open(sys.argv[1]).read().replace("@CLUBS@", ", ".join(f'"{c}"' for c in sizes))
open("datapackage.json", "w").write(text)
P
people ben
sed "s|@BEN@|$(cut -d' ' -f1,2 ben.pub)|" "$case_dir/policy.in" > plain.json
sed -e 's|"serial": 1|"serial": 2|' -e 's|"tre-uk"|&, "jitter": 3|' plain.json > jitter.json
enclave
expect 0 sluice data import datapackage.json
policy plain.json datapackage.json

cat > ana.lua <<'L'
output("clubs", from "study.persons" :group_by("club") :summarise { n = "units()" } :describe { club = "club", n = "persons" })
L
cat > ben.lua <<'L'
local everybody = from "study.persons" :derive { place = "club" }
output("table2", everybody :group_by("place") :summarise { rows = "count()" } :describe { place = "club", rows = "rows" })
L
# seen NUMBER WHOSE: what would leave, as the reviewer sees it: clubs, and whether they are hidden.
seen() {
	expect 0 sluice request new "J-$1" --context "Table $1: sizes of clubs" --key "$2"
	expect 0 sluice review show "R-$1" --raw --key rui
	grep -oE '^(nine|ten|more)[0-9]+,([0-9]+|\[c\])' out | sort > "$2.$1"
	[ "$(wc -l < "$2.$1")" -eq 120 ] || { cat out >&2; fail "R-$1 has not every club"; }
}
# hidden KIND FILE: how many clubs of the kind are.
hidden() { grep -c "^$1[0-9]*,\[c\]" "$2" || :; }

# Without it ten are shown, and who knows nine sees that the tenth is in. A result without draws asks for another run.
expect 0 sluice job run ana.lua -p clubs --key ana
seen 1 ana
[ "$(hidden nine ana.1) $(hidden ten ana.1) $(hidden more ana.1)" = "10 0 0" ] || fail "it hides others than the nines"
policy jitter.json datapackage.json
expect 0 sluice job run ana.lua -p clubs --key ana
expect 1 sluice request new J-1 --context "Table 1 again" --key ana
says "the job ran before policy asked for draws"

# With it about three quarters of the tens are hidden; all nines, and no thirteen.
seen 2 ana
ten=$(hidden ten ana.2)
[ "$(hidden nine ana.2) $(hidden more ana.2)" = "10 0" ] || fail "nines are shown, or thirteens hidden"
{ [ "$ten" -ge 45 ] && [ "$ten" -le 99 ]; } || fail "of a hundred tens $ten are hidden"
# The same ones for somebody else in other words, when nothing has left that could be printed again.
expect 0 sluice job run ben.lua -p clubs --key ben
seen 3 ben
cmp ana.2 ben.3 || fail "the second question tells other clubs"
release R-2 L-1
grep -qE '"jitter": 3' release/sdc-record.json || fail "the record does not say so"
