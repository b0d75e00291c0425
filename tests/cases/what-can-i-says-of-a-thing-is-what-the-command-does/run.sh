. "$(dirname "$0")/../lib.sh"
. "$case_dir/../owners.sh"
owners_study '/"owner": "laboratory"/s/, "owner_approval": false//'
everybody="bea ana olga rui odo lea ida"

# same COMMAND THING [ARGUMENT]…: whom can-i says no, the command refuses; the first of whom it says yes does it.
# COMMAND is as can-i takes it in one word, "request.new".
same() {
	command=$1 thing=$2
	shift 2
	words=$(echo "$command" | tr . ' ') yes=
	for who in $everybody; do
		got=0
		sluice can-i "$command" "$thing" --as "$who" --key olga >out 2>err || got=$?
		case $got in
		0) yes="$yes $who" ;;
		1)
			grep -q '^no: ' out || { cat out err; fail "can-i $words $thing --as $who is no answer"; }
			got=0
			sluice $words "$thing" "$@" --key "$who" >out 2>err || got=$?
			case $got in 1 | 3) ;; *) cat out err; fail "can-i says no to $who, and $words $thing ends with $got" ;; esac
			;;
		*) cat out err; fail "can-i $words $thing --as $who ends with $got" ;;
		esac
	done
	set -- $yes -- "$@"
	may=$*
	[ "$1" != -- ] || fail "nobody may: $words $thing"
	first=$1
	while [ "$1" != -- ]; do shift; done
	shift
	expect 0 sluice $words "$thing" "$@" --key "$first"
	yes=${yes# }
}
# may WHO…: who had a yes in the last one.
may() { [ "$yes" = "$*" ] || fail "$words $thing: yes for $yes, and not $*"; }

same data.request study.persons -p liver --reason "ages are needed"
may ana
same data.requests A-1
may ana olga odo ida
same data.grant A-1 --until 2099-12-31
may odo
same data.show study.labs
may $everybody
same data.ledger study.labs
may lea ida
same data.quality study.labs
may olga lea
same data.verify study.labs
may ida

cat > labs.lua <<'L'
output("tests", from "study.labs" :group_by("test") :summarise { persons = "units()" }
  :describe { test = "laboratory test", persons = "distinct persons with a reading" })
L
held labs.lua liver
same job.show J-1
may ana ida
same job.replay J-1
may ida
same request.new J-1 --context "Table 1: a case of the test suite" --draft
may ana
same request.show R-1
may ana rui odo lea ida
same review.show R-1
may rui
same request.revise R-1 --context "Table 1: of the test suite"
may ana
same review.comment R-1 "which years?"
may rui
same request.comment R-1 "all of them"
may ana
same review.return R-1 --reason "say which"
may rui
same request.revise R-1 --context "Table 1: all years" --draft
same request.submit R-1
may ana
same data.review R-1
may lea
same review.statement R-1 --decision approve --revision 3
may rui
same data.approve R-1 --revision 3
may lea
same review.approve R-1 --revision 3
may rui
same release.get L-1 --to copy
may ana rui odo lea ida
same release.revoke L-1 --reason "a unit was wrong"
may olga lea
# What was done is not done twice, and can-i knows: of these nobody may any more but whom the command still obeys.
for question in "request.withdraw R-1" "review.approve R-1" "release.revoke L-1" "data.grant A-1"; do
	for who in $everybody; do
		expect 1 sluice can-i $question --as "$who" --key olga
	done
done
expect 0 sluice can-i release get L-1 --as ida --key olga
expect 1 sluice can-i release get L-1 --as ana --key olga
says '[revoked]'

ask J-1
same review.reject R-2 --comment "no purpose"
may rui
ask J-1
same request.withdraw R-3
may ana
same data.withdraw G-1 --reason "the study has ended"
may odo
same data.request study.persons -p liver --reason "once more"
same data.refuse A-2 --reason "it has ended"
may odo

# A thing of which the command is not is an error, and so is one that is not there. Who does not see it hears no more.
expect 2 sluice can-i request new R-1 --as ana --key olga
says 'is about no request'
expect 2 sluice can-i policy apply R-1 --key olga
expect 2 sluice can-i data ledger L-1 --key lea
expect 2 sluice can-i release get L-x --key ana
expect 1 sluice can-i release get L-9 --key ana
says 'there is no release L-9'
expect 1 sluice can-i request show R-1 --as rui --key bea
says 'there is no request R-1'
expect 1 sluice can-i data withdraw G-1 --as odo --key rui
says 'there is no grant G-1'
expect 1 sluice can-i data show study.none --key ana
# What needs no role is said so; one word is near another.
expect 0 sluice can-i release verify --key ana
says '[everybody]'
expect 2 sluice can-i request withdraws R-1 --key ana
says 'did you mean "request withdraw"?'
