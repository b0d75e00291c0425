. "$(dirname "$0")/../lib.sh"
study
held "$source_dir/examples/nafld/diagnoses.lua" liver
ask J-1
ask J-1
# seen R-n: the findings and the tables, without what the log and the gate have become since.
seen() {
	expect 0 sluice review show "$1" --key rui
	sed -n '/^FINDINGS/,/^R-[0-9]/p' out | sed '/^R-[0-9]/d'
}
seen R-1 > before
grep -q 'threshold (MinimumThresholdCheck), suppress' before || fail "no findings"
grep -q 'measure: .* units, must be at least 10' before || fail "no measured values"
grep -q 'diagnoses, of study.events: 1997 to 2017' out || fail "no period"
grep -q 'diagnoses.persons: unit of measure: person; the author: "' out || fail "the author's words are not apart"
expect 0 sluice data show study.persons --key ana
says 'period: 1997 to 2017'
says 'kg/m2'
release R-1 L-1
seen R-1 > after
cmp before after || { diff before after >&2; fail "the record of a release changed"; }
sluice review statement R-2 --decision reject --comment "once is enough" --key rui > statement.json
ssh-keygen -q -Y sign -f rui -n review@sluice < statement.json > armour
cat statement.json armour > signed
expect 0 sluice review reject R-2 --comment "once is enough" --signed signed --key rui
seen R-2 > rejected
grep -q 'measure: .* units, must be at least 10' rejected || fail "no measured values"
expect 3 sluice review show R-2 --key ana

# The bundle has one marker, and neither findings nor what they measured.
! grep -rqE 'MinimumThresholdCheck, |contributors|[0-9] units' release || fail "the bundle tells findings"
grep -hoE '\[[a-z]\]' release/data/*.csv | sort -u > markers
[ "$(cat markers)" = '[c]' ] || fail "markers: $(cat markers)"
! grep -hE -- '-0(\.0*)?(,|$)|nan|inf|[0-9]e[+-]?[0-9]' release/data/*.csv || fail "a number in another form"
grep -qF '"limit": 10' release/sdc-record.json || fail "the record has no limits"
grep -qF '"parameters": "set"' release/sdc-record.json || fail "the record does not say what is set"
grep -qF '"serial": 1' release/sdc-record.json || fail "the record names no policy"
grep -qF 'study.events' release/sdc-record.json || fail "the record names no version"

# Nobody can guess at what was rejected: its statement names the tables by digest, so no plain digest of it is in the log.
tables=$(tr ',{' '\n\n' < statement.json | sed -n 's/.*"data.*":"\([0-9a-f]*\)".*/\1/p')
[ ${#tables} -eq 64 ] || fail "no digest of a table in the statement"
sluice audit log --json --key olga > log.json
for digest in "$tables" "$(sha256sum < statement.json | cut -d' ' -f1)" "$(tr -d '\n' < statement.json | sha256sum | cut -d' ' -f1)"; do
	! grep -qF "$digest" log.json || fail "the log has a digest that can be guessed at"
done
