. "$(dirname "$0")/../lib.sh"
cp "$source_dir"/examples/nafld/*.csv.gz .
# The readings have no period in the catalogue, so that their author must say it.
sed '/"laboratory"/s/, "period": "[^"]*"//' "$source_dir/examples/nafld/datapackage.json" > datapackage.json
enclave
expect 0 sluice data import datapackage.json
cat > policy.in <<'J'
{"sluice_policy": 1, "enclave": "demo", "serial": 1,
 "people": {"olga": {"roles": ["officer"], "key": "@OLGA@"}, "rui": {"roles": ["reviewer"], "key": "@RUI@"},
  "ana": {"roles": ["analyst"], "key": "@ANA@"}},
 "catalogues": {"study": "sha256:@CATALOGUE@"}, "disclosure": {"profile": "tre-uk"},
 "reviews": {"unseen_requests_max": 100},
 "projects": {"heart": {"purpose": "Weight and death by sex", "analysts": ["ana"], "expires": "@EXPIRES@", "approvals": 1,
  "tables": {"study.persons": {"male": ["group"], "bmi": ["measure"], "futime": ["measure"], "status": ["filter"]},
   "study.labs": {"test": ["group"]}}}}}
J
policy policy.in datapackage.json

# A row is | cause | `asked` | told | `cure` |; the marks stand around the table.
sed -n '/<!-- why requests come back: begin/,/why requests come back: end/p' "$source_dir/docs/analyst.md" |
	awk -F' *[|] *' 'NF == 6 && $3 ~ /^`/ { gsub(/`/, "", $3); gsub(/`/, "", $5); print $3 > ++n ".asked"; print $4 > n ".told"; print $5 > n ".cure" }'
rows=$(find . -name '*.asked' | wc -l)
[ "$rows" -ge 10 ] || fail "the table has $rows rows"

job=0
# ask_for WORDS: a relation, or words behind "request new" for the first row's cure.
ask_for() {
	case $1 in
	--*)
		relation='persons :summarise { n = "units()" } :describe { n = "persons" }'
		words=$1
		;;
	*)
		relation=$1
		words='--context "Table 1 of the yearly report"'
		;;
	esac
	{
		echo 'local persons = from "study.persons" :group_by("male")'
		echo 'local readings = from "study.labs" :group_by("test")'
		echo "output(\"t\", $relation)"
	} > job.lua
	held job.lua heart
	job=$((job + 1))
	case $words in *--context*) ;; *) words="--context 'Table 1 of the yearly report' $words" ;; esac
	got=0
	eval "sluice request new J-$job $words --key ana" >out 2>err || got=$?
}

for n in $(seq "$rows"); do
	ask_for "$(cat "$n.asked")"
	[ "$got" -ne 0 ] || fail "row $n is taken as it is: $(cat "$n.asked")"
	says "$(cat "$n.told")"
	says 'remedy: '
	ask_for "$(cat "$n.cure")"
	[ "$got" -eq 0 ] || { cat out err >&2; fail "row $n is not cured by: $(cat "$n.cure")"; }
done

# All that is missing is told at once; asking costs a request, and no reviewer's time.
ask_for 'persons :summarise { died = "share(status)", kilos = "mean(bmi * futime)" }'
[ "$got" -eq 3 ] || fail "exit code $got"
request=$(sed -n 's/.*\(R-[0-9]*\) refused.*/\1/p' err)
expect 0 sluice request show "$request" --key ana
for column in died kilos; do
	says "column \"$column\": it has no description"
	says "column \"$column\": the count behind it is missing"
done
says 'column "kilos": nobody says what it is measured in'
expect 0 sluice review ls --key rui
silent "$request"
