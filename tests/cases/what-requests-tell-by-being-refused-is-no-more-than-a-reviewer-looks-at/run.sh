. "$(dirname "$0")/../lib.sh"
# Nine directors of whom everybody knows the pay, one person of 99 years whose pay is looked for, and 80 others.
awk 'BEGIN {
	print "id,age,pay"
	for (i = 1; i <= 9; i++) print i ",98,70000"
	print "10,99,41234"
	for (i = 11; i <= 90; i++) print i "," 20 + i % 60 "," 1000 + 37 * i
}' > persons.csv
cat > pay.json <<'J'
{"name": "study", "title": "Persons", "licenses": [{"name": "other-open"}], "resources": [
 {"name": "persons", "path": "persons.csv", "title": "Persons",
  "sluice": {"owner": "registry", "class": "confidential", "owner_approval": false, "unit": {"column": "id", "space": "person"},
   "period": "as of 2020", "one_row_per_unit": true},
  "schema": {"fields": [{"name": "id", "type": "integer"},
   {"name": "age", "type": "integer", "title": "Age", "constraints": {"required": true}, "sluice": {"uses": ["filter"], "measured_in": "years"}},
   {"name": "pay", "type": "integer", "title": "Pay", "constraints": {"required": true}, "sluice": {"uses": ["filter"], "measured_in": "euro"}}]}}]}
J
python3 - "$source_dir/tests/cases/packages/wards-policy.json" > pay-policy.json <<'P'
import json, sys
policy = json.load(open(sys.argv[1]))
policy["projects"]["rents"]["tables"] = {"study.persons": {"age": ["filter"], "pay": ["filter"]}}
json.dump(policy, sys.stdout)
P
enclave
expect 0 sluice data import pay.json
policy pay-policy.json pay.json

asked=0
# guess PAY: refused unless the person looked for has so much, too.
guess() {
	cat > job.lua <<L
output("persons", from "study.persons" :where "not (age >= 98 and pay >= $1)" :summarise { n = "units()" }
  :describe { n = "persons" })
L
	held job.lua rents
	asked=$((asked + 1))
}
# as_new CODE ARG…
as_new() { want=$1; shift; expect "$want" sluice request new "J-$asked" --context "Table 1: persons" "$@" --key ana; }
stopped() {
	expect 3 sluice "$@" --key ana
	says 'no reviewer has looked at 10 requests and revisions of project "rents": policy lets no more be judged before one does'
	says "rule: unseen-requests"
	says "remedy: ask a reviewer to look also at what was refused"
}

# A search by halves. What a reviewer decided on is no bit that nobody stood for.
guess 1000
as_new 0
expect 0 sluice review reject R-1 --comment "who is left out?" --key rui
guess 64000
as_new 3
guess 32000
as_new 0 --draft
guess 48000
as_new 3
guess 40000
as_new 0
expect 0 sluice request withdraw R-5 --key ana
for pay in 44000 42000; do
	guess $pay
	as_new 3
done
guess 41000
as_new 0
for context in "Table 2" "Table 3" "Table 4"; do
	expect 0 sluice request revise R-8 --context "$context: persons" --key ana
done
guess 41500
stopped request new J-9 --context "Table 1: persons"
guess 41250
stopped request new J-10 --context "Table 1: persons" --draft
stopped request revise R-8 --context "Table 5: persons"
stopped request revise R-2 --context "Table 5: persons"
# Whatever the rows are, the same words: of nobody else is there a bit either.
guess 100
stopped request new J-11 --context "Table 1: persons"

# The reviewer reads which they are: of R-8, whose last revision waits, the three before it.
expect 0 sluice review ls --key rui
says "nobody has looked at these, which do not wait, and each told its author one bit:"
for which in "2 1" "3 1" "4 1" "5 1" "6 1" "7 1" "8 1" "8 2" "8 3"; do
	says "  sluice review show R-${which% *} --revision ${which#* }"
done
silent "R-8 --revision 4"
silent "R-1 "
expect 0 sluice review ls --json --key rui
says '{"request":"R-8","revision":3}'
# The author's own look is none; nor is an officer's, who may not.
expect 0 sluice request show R-2 --key ana
expect 3 sluice review show R-2 --key olga
stopped request new J-9 --context "Table 1: persons"
# Each look makes room for one.
expect 0 sluice review show R-2 --key rui
says 'not (age >= 98 and pay >= 64000)'
expect 0 sluice review show R-2 --key rui
asked=9
as_new 3
stopped request new J-10 --context "Table 1: persons"
# A decision does, too. That the last revision leaves says nothing of those before it.
expect 0 sluice review show R-8 --key rui
expect 0 sluice review approve R-8 --revision 4 --comment "seen" --key rui
asked=10
as_new 3
stopped request new J-11 --context "Table 1: persons"
expect 0 sluice review show R-8 --revision 1 --key rui
asked=11
as_new 3
stopped request new J-11 --context "Table 1: persons"

# Officers may ask for more looks, or for fewer.
sed -e 's/"projects"/"reviews": {"unseen_requests_max": 11}, &/' -e 's/"serial": 1/"serial": 2/' pay-policy.json > more.json
policy more.json pay.json
expect 0 sluice job run job.lua -p rents --key ana
expect 3 sluice request new J-12 --context "Table 1: persons" --key ana
expect 3 sluice request new J-12 --context "Table 1: persons" --key ana
says "at 11 requests"
expect 0 sluice explain unseen-requests
says "sluice review ls"
