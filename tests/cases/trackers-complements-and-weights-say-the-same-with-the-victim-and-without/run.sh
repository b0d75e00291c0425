. "$(dirname "$0")/../lib.sh"
people olga rui ana
cp "$case_dir/datapackage.json" .

# seen RECORD COMMAND…: all that its author sees of one command, times and digests blanked.
seen() {
	record=$1
	shift
	code=0
	"$@" >.out 2>.err || code=$?
	{ cat .out; echo '-- err'; cat .err; echo "-- exit $code"; } |
		sed -E -e 's/20[0-9]{2}-[0-9]{2}-[0-9]{2}T[0-9:]{8}Z/TIME/g' -e 's/[0-9a-f]{64}/DIGEST/g' > "$record"
}

ends() { grep -qx -- "-- exit $2" "$1" || { cat "$1" >&2; fail "$world: $1 does not end with $2"; }; }

# job NAME: the script on stdin runs; its outputs can be asked for.
job() {
	cat > "$1.lua"
	jobs=$((jobs + 1))
	seen "$1.run" sluice job run "$1.lua" -p panels --key ana
	ends "$1.run" 0
}

# asked NAME CODE OUTPUT…: outputs of the last job are asked for, and submitted (0) or refused (3).
asked() {
	name=$1 ends=$2
	shift 2
	requests=$((requests + 1))
	for output in "$@"; do
		set -- "$@" --output "$output"
		shift
	done
	seen "$name.request" sluice request new "J-$jobs" "$@" --context "Table $requests: panels" --key ana
	seen "$name.show" sluice request show "R-$requests" --key ana
	ends "$name.request" "$ends"
}
refused() { asked "$1" 3 "$1"; }

# left NAME [--acknowledge RULE]…: it is asked for, approved and leaves as NAME.csv; NAME.shape has it without its numbers.
left() {
	asked "$1" 0 "$1"
	left=$1
	shift
	expect 0 sluice review approve "R-$requests" --comment seen "$@" --key rui
	set -- "$left"
	releases=$((releases + 1))
	expect 0 sluice release get "L-$releases" --to "$1.bundle" --key ana
	mv "$1.bundle/data/$1.csv" .
	sed -E 's/(^|,)-?[0-9.]+/\1N/g' "$1.csv" > "$1.shape"
}

# row NAME ROW…: what left has these rows.
row() {
	name=$1
	shift
	for line in "$@"; do
		grep -qxF -- "$line" "$name.csv" || { cat "$name.csv" >&2; fail "$world: $name has no row $line"; }
	done
}

# with WHAT…, without WHAT…: in that world only.
with() { [ "$world" != with ] || "$@"; }
without() { [ "$world" != without ] || "$@"; }

# A general tracker: four large tables, of which each two differ by sixty. The first and the last less the others are V.
general_tracker() {
	job tracker <<-'L'
		local function ask(name, cond)
			output(name, from "study.persons" :where "panel = 'tracker'" :where(cond) :summarise { n = "units()" } :describe { n = "persons" })
		end
		ask("one", "part in ('p', 'q') or age = 50")
		ask("two", "part in ('p', 'r')")
		ask("three", "part in ('q', 's')")
		ask("four", "part in ('r', 's')")
	L
	left one
	left two
	left three
	with row one 61
	row two 60
	row three 60
	with refused four
	without asked four 0 four
}

# A or B, and then A, where B is V or nobody; A or B without V by proxy.
union_and_part() {
	job parts <<-'L'
		local function ask(name, cond)
			output(name, from "study.persons" :where "panel = 'parts'" :where(cond) :summarise { n = "units()" } :describe { n = "persons" })
		end
		ask("both", "part in ('a', 'b')")
		ask("a", "part = 'a'")
		ask("proxy", "part in ('a', 'b') and age <> 50")
	L
	left both
	with row both 32
	without row both 30
	refused a
	refused proxy
}

# How many there are is public: everybody but V is V.
everybody_but_one() {
	job complement <<-'L'
		local others = from "study.persons" :where "not (panel = 'parts' and part = 'b')"
		output("others", others :summarise { n = "units()" } :describe { n = "persons" })
		output("mean", others :summarise { n = "units()", m = "mean(x)" } :describe { n = "persons", m = "x, mean" })
	L
	refused others
	refused mean
}

# Of a group all but V have the diagnosis, or all: as a condition behind the group's total, and as a count beside it.
all_but_one() {
	job diagnosis <<-'L'
		local panel = from "study.persons" :where "panel = 'diagnosis'"
		output("all", panel :group_by("part") :summarise { n = "units()" } :describe { part = "part", n = "persons" })
		output("not_x", panel :where "dx <> 'X'" :group_by("part") :summarise { n = "units()" } :describe { part = "part", n = "persons" })
		output("is_x", panel :where "dx = 'X'" :group_by("part") :summarise { n = "units()" } :describe { part = "part", n = "persons" })
		output("beside", panel :group_by("part") :summarise { n = "units()", x = "count_if(dx <> 'X')" }
		  :describe { part = "part", n = "persons", x = "of these, without X" })
	L
	left all
	row all p,41 q,60 r,60
	left not_x
	row not_x 'p,[c]' q,40 r,40
	left is_x
	row is_x 'p,[c]' q,20 r,20
	left beside
	row beside 'p,41,[c]' q,60,40 r,60,40
}

# Ward, district, city: one ward is small, and its district has one other. Together that one is hidden too; once it has left
# by itself, districts are no more.
three_levels() {
	job wards <<-'L'
		local panel = from "study.persons" :where "panel = 'wards'" :lookup("study.wards", "ward")
		for _, key in ipairs { "ward", "district", "city" } do
			output(key, panel :group_by(key) :summarise { n = "units()" } :describe { [key] = key, n = "persons" })
		end
	L
	asked levels 0 ward district city
	left ward
	row ward 'First,[c]' Second,40 Fourth,40
	refused district
	refused city
}

# A thousand rows of V: of a kind that nobody else has, where they are one unit; and in a cell of many, where they are the sum.
thousand_rows() {
	job visits <<-'L'
		output("kinds", from "study.persons" :join(from "study.visits") :group_by("kind")
		  :summarise { n = "units()", rows = "count()", total = "sum(amount)" }
		  :describe { kind = "kind", n = "persons", rows = "visits", total = "amount" })
	L
	left kinds
	row kinds 'z,[c],[c],[c]'
	grep -q '^a,[0-9]*,[0-9]*,[0-9]*$' kinds.csv || fail "$world: what nobody dominates is hidden"
	grep -q '^b,[0-9]*,[0-9]*,\[c\]$' kinds.csv || fail "$world: a sum that one person is"
}

# What may be no key is refused before anything runs; so is a weight made from what is no measure.
no_key() {
	for key in grade id panel_of_id heavier; do
		case $key in
		panel_of_id) verbs=':derive { k = "id mod 2" } :group_by("k") :summarise { n = "units()" }' ;;
		heavier) verbs=':summarise { n = "sum(case when age = 50 then cost * 1000000 else cost end)" }' ;;
		*) verbs=":group_by(\"$key\") :summarise { n = \"units()\" }" ;;
		esac
		echo "output('t', (from 'study.persons') $verbs :describe { n = 'persons' })" > key.lua
		seen $key.run sluice job run key.lua -p panels --key ana
		ends $key.run 65
	done
	grep -qF 'you may not group by grade of study.persons' grade.run || fail "grade is no key for another reason"
	grep -qF 'you may not sum or average age of study.persons' heavier.run || fail "a weight is refused for another reason"
}

# One heavy amount; two that cancel each other, so that their sum is nothing.
weights() {
	job weight <<-'L'
		local panel = from "study.persons" :where "panel = 'weight'"
		for _, of in ipairs { "cost", "balance" } do
			output(of, panel :group_by("part") :summarise { n = "units()", total = "sum(" .. of .. ")" }
			  :describe { part = "part", n = "persons", total = of })
		end
	L
	left cost
	row cost 'p,32,[c]'
	left balance
	row balance 'p,32,[c]'
	for name in cost balance; do
		grep -q '^q,30,[0-9]*$' $name.csv || fail "$world: $name that nobody dominates is hidden"
	done
}

# Everybody is ill, or everybody but V; nobody, or only V; a flag that is 1 for all.
all_and_nobody() {
	job share <<-'L'
		local panel = from "study.persons" :where "panel = 'share'"
		output("ill", panel :group_by("part") :summarise { n = "units()", share = "share(ill)" }
		  :describe { part = "part", n = "persons", share = "part of them who are ill" })
		output("flag", panel :group_by("part") :summarise { n = "units()", mean = "mean(flag)" }
		  :describe { part = "part", n = "persons", mean = "mean of the flag" })
	L
	left ill
	row ill 'p,31,[c]' 'q,31,[c]'
	grep -q '^r,40,0[.][0-9]*$' ill.csv || fail "$world: a share of some is hidden"
	left flag
	row flag 's,[c],30'
	grep -q '^r,0[.][0-9]*,40$' flag.csv || fail "$world: a mean of some is hidden"
}

# The thousandth above, where V stands; the most, which is somebody's whatever it is, and is refused before anything runs.
extremes() {
	job extremes <<-'L'
		output("nearly", from "study.persons" :where "panel = 'extremes'" :summarise { n = "units()", q = "quantile(cost, 0.999)" }
		  :describe { n = "persons", q = "cost, a thousandth above" })
	L
	left nearly
	row nearly '61,[c]'
	sed 's/quantile(cost, 0.999)/max(cost)/' extremes.lua > most.lua
	seen most.run sluice job run most.lua -p panels --key ana
	ends most.run 3
	grep -qx '  rule: extremes' most.run || fail "$world: a maximum is refused for another reason"
}

# A line through eleven persons.
line() {
	job line <<-'L'
		output("fit", from "study.persons" :where "panel = 'line'" :group_by("part")
		  :summarise { n = "units()", b = "slope(y, x)", a = "intercept(y, x)", r = "corr(y, x)" }
		  :describe { part = "part", n = "persons", b = "slope", a = "intercept", r = "correlation" })
	L
	left fit --acknowledge leverage
	row fit 'p,[c],[c],11,[c]'
	grep -q '^q,[0-9.-]*,[0-9.-]*,30,[0-9.-]*$' fit.csv || fail "$world: a line through thirty is hidden"
}

# A cell of nine, and of ten with V: that it is shown tells, once, and nothing stops that but the reviewer, who sees the
# conditions, and a coarser policy. It costs the analyst a release that stays for ever: what is the cell without V by a
# proxy is refused beside it in either world, so that there is no second bit and no number of V's.
tuned_cell() {
	job nine <<-'L'
		local panel = from "study.persons" :where "panel = 'nine'"
		output("tuned", panel :group_by("ill") :summarise { n = "units()", total = "sum(cost)" }
		  :describe { ill = "ill", n = "persons", total = "cost" })
		output("untuned", panel :where "age <> 50" :group_by("ill") :summarise { n = "units()", total = "sum(cost)" }
		  :describe { ill = "ill", n = "persons", total = "cost" })
	L
	left tuned
	with grep -q '^true,10,[0-9]*$' tuned.csv || fail "$world: ten are not shown"
	without row tuned 'true,[c],[c]'
	refused untuned
}

attacks() {
	world=$1
	SLUICE_DIR=$play/enclave_$world
	export SLUICE_DIR
	mkdir "$world"
	python3 "$case_dir/make.py" "$world" "$world"
	cp datapackage.json olga olga.pub rui rui.pub ana ana.pub "$world/"
	cd "$world" || fail "no folder $world"
	expect 0 sluice init "$SLUICE_DIR" --name demo --officer olga=olga.pub --anchor anchor.txt
	expect 0 sluice data import datapackage.json
	policy "$case_dir/policy.in" datapackage.json
	jobs=0 requests=0 releases=0
	general_tracker
	union_and_part
	everybody_but_one
	all_but_one
	three_levels
	thousand_rows
	no_key
	weights
	all_and_nobody
	extremes
	line
	tuned_cell
}
(attacks with) & first=$!
(attacks without) & second=$!
wait $first || fail "the world with the victim"
wait $second || fail "the world without"

sed -e '/^#/d' -e 's/ .*//' "$case_dir/may-differ.txt" > may-differ
(cd with && ls ./*.run ./*.request ./*.show ./*.shape | sed 's|^./||') > records
while read -r record; do
	cmp -s "with/$record" "without/$record" || echo "$record"
done < records > differ
[ "$(wc -l < records)" -gt 60 ] || fail "too few records"
cmp -s differ may-differ || {
	for record in $(sort differ may-differ | uniq -u); do diff "with/$record" "without/$record" >&2 || :; done
	diff may-differ differ >&2 || :
	fail "what differs is not what may-differ.txt says"
}
