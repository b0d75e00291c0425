. "$(dirname "$0")/../lib.sh"
# A slot longer than the work of any step; a request is two passes of sluice-engine and one of sluice-check.
slot_ms=2000
people olga rui ana
mkdir here there tables_here tables_there
cp "$case_dir"/scripts/*.lua .

# 60 persons, nine of them ill; person 7 is the one who differs.
persons() {
	awk -v seven="$1" 'BEGIN { print "id,site,ill"
		for (i = 1; i <= 60; i++) print i "," (i % 2 ? "north" : "south") "," (i == 7 ? seven : i > 51) }'
}
visits() {
	awk -v many="$1" 'BEGIN { print "id,kind,amount"
		for (i = 1; i <= 60; i++) if (i != 7) for (v = 0; v < 3; v++) print i "," substr("abc", v + 1, 1) "," 5 + i + v
		if (many) { print "7,a,9000000000000000000"; print "7,a,9000000000000000000" }
		for (v = 0; v < (many ? 400000 : 3); v++) print "7," substr("abc", v % 3 + 1, 1) "," 5 + (many ? v * 7919 % 1000003 : 0) }'
}
for side in here there; do
	mkdir -p "tables_$side"
	cp "$case_dir/datapackage.json" "tables_$side/"
done
persons 0 > tables_here/persons.csv
persons 1 > tables_there/persons.csv
visits '' > tables_here/visits.csv
visits 1 > tables_there/visits.csv

# in_force SERIAL SLOT WALL: the same policy for both.
in_force() {
	sed -e "s/@SERIAL@/$1/" -e "s/@SLOT@/$2/" -e "s/@WALL@/$3/" "$case_dir/policy.in" > policy.in
	for side in here there; do
		SLUICE_DIR=$play/enclave_$side
		export SLUICE_DIR
		policy policy.in datapackage.json
	done
}

cp "$case_dir/datapackage.json" .
for side in here there; do
	SLUICE_DIR=$play/enclave_$side
	export SLUICE_DIR
	expect 0 sluice init "$SLUICE_DIR" --name demo --officer olga=olga.pub --anchor "anchor_$side"
	expect 0 sluice data import "tables_$side/datapackage.json"
done

# seen RECORD COMMAND…: all that its author sees of one command - text, errors, exit code - with times and digests blanked.
seen() {
	record=$1
	shift
	code=0
	"$@" >"$side/.out" 2>"$side/.err" || code=$?
	{ cat "$side/.out"; echo '-- err'; cat "$side/.err"; echo "-- exit $code"; } |
		sed -E -e 's/20[0-9]{2}-[0-9]{2}-[0-9]{2}T[0-9:]{8}Z/TIME/g' -e 's/[0-9a-f]{64}/DIGEST/g' > "$side/$record"
	rm -f "$side/.out" "$side/.err"
}

# Everything but time: jobs are told at once here.
attacks() {
	n=0
	for script in overflow division nobody ill cells memory row use; do
		seen $script.check sluice job check $script.lua -p lines --key ana
		seen $script.check.json sluice job check $script.lua -p lines --key ana --json
		seen $script.dummy sluice job check $script.lua -p lines --dummy --units 50 --key ana
		seen $script.run sluice job run $script.lua -p lines --key ana
		seen $script.run.json sluice job run $script.lua -p lines --key ana --json
		grep -q '^-- exit 0' "$side/$script.run" || continue
		n=$((n + 2))
		seen $script.show sluice job show J-$n --key ana
		seen $script.show.json sluice job show J-$n --key ana --json
		seen $script.request sluice request new J-$((n - 1)) --context "Table 1: an attack" --key ana
		seen $script.request.json sluice request new J-$n --context "Table 1: an attack" --key ana --json
	done
	seen job.ls sluice job ls --key ana
	seen job.ls.json sluice job ls --key ana --json
	for r in 1 2 3 4 5 6; do
		seen request.$r.show sluice request show R-$r --key ana
		seen request.$r.show.json sluice request show R-$r --key ana --json
	done
	seen ill.request.show sluice request show R-7 --key ana
	seen ill.request.ls sluice request ls --key ana
	seen none.show sluice job show J-99 --key ana
	seen none.request sluice request new J-99 --context "Table 1" --key ana
	seen data.ls sluice data ls --key ana
	seen data.ls.json sluice data ls --key ana --json
	seen data.show sluice data show shop.visits --key ana
	seen data.show.json sluice data show shop.visits --key ana --json
	seen data.dummy sluice data dummy shop.visits -p lines --key ana
	seen release.ls sluice release ls --key ana
	seen release.get sluice release get L-1 --to "$side/release" --key ana
	seen review.show sluice review show R-1 --key ana
	seen audit.log sluice audit log --key ana
	seen data.verify sluice data verify --key ana
	seen policy.show sluice policy show --key ana
	seen doctor sluice doctor
}

now_ms() { date +%s%3N; }

# timed SCRIPT JOB: run it while a second session polls; slots: how many until it was told. No poll may see an end before the slot's.
timed() {
	began=$(now_ms)
	sluice job run "$1.lua" -p lines --key ana >"$side/.poll" 2>&1 &
	pid=$!
	while kill -0 "$pid" 2>/dev/null; do
		sluice job ls --key ana >"$side/.ls" 2>&1 || fail "job ls while a job runs"
		if grep -q "^$2 .*\(held\|failed\|lost\)" "$side/.ls" && [ $(($(now_ms) - began)) -lt $slot_ms ]; then
			cat "$side/.ls" >&2
			fail "$1 was told before its slot"
		fi
	done
	wait "$pid" || :
	took=$(($(now_ms) - began))
	echo "$1: told in slot $((took / slot_ms))" >> "$side/slots"
	echo "$1 $side: $took ms"
	rm -f "$side/.poll" "$side/.ls"
}

round() {
	rm -f "$side/slots"
	timed wide "J-$1"
	began=$(now_ms)
	sluice request new "J-$1" --output wide1 --context "Table 1: an attack" --key ana >"$side/.asked" 2>&1 ||
		{ cat "$side/.asked" >&2; fail "$side: J-$1"; }
	echo "request: told in slot $((($(now_ms) - began) / slot_ms))" >> "$side/slots"
	rm "$side/.asked"
	timed long "J-$(($1 + 1))"
}

# both COMMAND…: in the two enclaves at the same time.
both() {
	children=
	for side in here there; do
		SLUICE_DIR=$play/enclave_$side
		export SLUICE_DIR
		("$@") &
		children="$children $!"
	done
	for child in $children; do
		wait "$child" || fail "$*"
	done
}

in_force 1 1 60000
both attacks

in_force 2 $slot_ms $((slot_ms * 7 / 10))
long() {
	seen long.run sluice job run long.lua -p lines --key ana
	seen long.show sluice job show J-9 --key ana
	seen long.show.json sluice job show J-9 --key ana --json
	seen long.ls sluice job ls --key ana
	seen long.ls.json sluice job ls --key ana --json
	seen long.request sluice request new J-9 --context "Table 1" --key ana
}
both long

# moved SEVEN FROM TO WHOM: the persons from FROM to TO live at the other site, and WHOM.
moved() {
	persons "$1" | awk -F, -v OFS=, -v from="$2" -v to="$3" -v whom="$4" 'NR > 1 && (($1 >= from && $1 <= to) || $1 == whom) {
		$2 = $2 == "north" ? "south" : "north" } { print }'
}
# refreshed NAME: after a refresh, all that is said of tables and of jobs to come.
refreshed() {
	seen "$1.data.ls" sluice data ls --key ana
	seen "$1.data.ls.json" sluice data ls --key ana --json
	seen "$1.data.show" sluice data show shop.persons --key ana
	seen "$1.data.show.json" sluice data show shop.persons --key ana --json
	seen "$1.data.dummy" sluice data dummy shop.persons -p lines --key ana
	for script in ill cells; do
		seen "$1.$script.check" sluice job check "$script.lua" -p lines --key ana
		seen "$1.$script.check.json" sluice job check "$script.lua" -p lines --key ana --json
		seen "$1.$script.dummy" sluice job check "$script.lua" -p lines --dummy --units 50 --key ana
		seen "$1.$script.eval" sluice policy eval --as ana --job "$script.lua" -p lines --explain --key ana
	done
	seen "$1.can-i" sluice can-i job run lines --key ana
	seen "$1.can-i.request" sluice can-i request new J-1 --key ana
	seen "$1.replay" sluice job replay J-1 --key ana
	seen "$1.refresh" sluice data refresh --key ana
	seen "$1.log" sluice policy log --key ana
	seen "$1.request" sluice request show R-1 --key ana
}
# Twenty others have moved, then nine: with the one who differs they are ten, and that version is in force.
refresh() {
	moved 0 "$2" "$3" 0 > tables_here/persons.csv
	moved 1 "$2" "$3" "$4" > tables_there/persons.csv
	for side in here there; do
		SLUICE_DIR=$play/enclave_$side
		export SLUICE_DIR
		expect 0 sluice data refresh
	done
	both refreshed "$1"
}
refresh twenty 21 40 0
refresh nine 12 40 7

sed -e '/^#/d' -e 's/ .*//' "$case_dir/may-differ.txt" | sort > may-differ
(cd here && ls) | sort > records
(cd there && ls) | sort | cmp -s - records || fail "not the same records"
while read -r record; do
	cmp -s "here/$record" "there/$record" || echo "$record"
done < records > differ
if ! cmp -s differ may-differ; then
	diff may-differ differ >&2 || :
	for record in $(sort differ may-differ | uniq -u); do diff "here/$record" "there/$record" >&2 || :; done
	fail "what differs is not what may-differ.txt says"
fi
# bit RECORD SED: what differs is one bit: the record of here, edited so, is the record of there. Widths of columns follow it.
bit() {
	sed -E -e "$2" "here/$1" | tr -s ' ' > here.bit
	tr -s ' ' < "there/$1" > there.bit
	cmp -s here.bit there.bit || { diff here.bit there.bit >&2 || :; fail "$1 tells more than one bit"; }
}
bit long.show '1s/held/failed/; /^finished:/a told: J-9 did not complete'
bit long.show.json 's/"layers":\[[^]]*\]/"layers":[]/; s/"state":"held"/"state":"failed","told":"J-9 did not complete"/'
bit long.ls '/^J-9 /s/held/failed/'
bit long.ls.json 's/("job":"J-9","project":"lines","state":)"held"/\1"failed"/'
bit nine.data.ls.json '/"name":"shop.persons"/s/"versions":2\}/"versions":3}/'
bit nine.data.show.json 's/"versions":2\}/"versions":3}/'
bit ill.request.ls '/^R-[78] /s/refused/submitted/'
bit ill.request.show '1s/refused/submitted/; /^refused because/,/^  tracker/d'
printf '%s\n' '-- err' 'sluice: J-9 did not complete' '  remedy: run it again; if it fails again ask the operator, who sees why' \
	'-- exit 1' | cmp - there/long.run || fail "a failed job tells more than that it failed"
printf '%s\n' '-- err' 'sluice: job J-9 is failed, not held' '-- exit 1' | cmp - there/long.request || fail "a failed job, asked for"
grep -q '^J-9 held' here/long.run || fail "the long job is not held here"
refusal='what was asked for cannot be protected in this shape: ask for fewer or coarser groups, or change the conditions'
printf '%s\n' '-- err' "sluice: R-7 refused: $refusal" \
	'  remedy: sluice request show R-7 has all causes; answer them with request revise R-7, or change the script and ask anew' \
	'-- exit 3' | cmp - here/ill.request ||
	fail "a refused request tells more than that it is"

job=10
for try in 1 2 3; do
	both round $job
	job=$((job + 2))
	! grep -q 'slot 0' here/slots there/slots || fail "an end was told before the first slot"
	if cmp -s here/slots there/slots; then
		cat here/slots
		exit 0
	fi
done
diff here/slots there/slots >&2
fail "a job is told in another slot when one person differs"
