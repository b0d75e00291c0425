. "$(dirname "$0")/../lib.sh"
cp "$source_dir"/examples/nafld/*.csv.gz "$source_dir"/examples/nafld/datapackage.json .
people olga rui ana tom
enclave
expect 0 sluice data import datapackage.json
# Two reviewers; every release needs both.
python3 - "$source_dir/examples/nafld/policy.json" > two.json <<'P'
import json, sys
policy = json.load(open(sys.argv[1]))
policy["projects"]["liver"]["approvals"] = 2
policy["people"]["tom"] = {"roles": ["reviewer"], "key": " ".join(open("tom.pub").read().split()[:2])}
json.dump(policy, sys.stdout, indent=1)
P
policy two.json datapackage.json

# up_to AGE: a job that counts persons up to an age, requested. 7 persons are 93.
up_to() {
	cat > job.lua <<L
output("persons", from "study.persons" :where "age <= $1" :group_by("male") :summarise { n = "units()" }
  :describe { male = "sex", n = "persons" })
L
	held job.lua liver
	ask "$(grep -o 'J-[0-9]*' out | head -1)"
}
# first R-n, both R-n L-n [FLAG]…: one approval; two, and it leaves.
first() { expect 0 sluice review approve "$@" --key rui; says "waits for more approvals"; }
both() {
	request=$1 left=$2
	shift 2
	first "$request" "$@"
	expect 0 sluice review approve "$request" "$@" --key tom
	says "$request approved and released as $left"
}
votes() { expect 0 sluice request show "$1" --key ana; says "approvals: $2 of 2"; }

# Between the two approvals of R-2 another leaves, from which it differs by seven persons.
up_to 92
up_to 93
first R-2
both R-1 L-1
expect 0 sluice review show R-2 --key tom
says "1 release of the same units since then"
says "to ask   history-unmoved"
expect 0 sluice review show R-2 --judge-again --key tom
says "NOT MET  history-unmoved"
says "next: sluice review return R-2"
expect 3 sluice review approve R-2 --comment "seen" --key tom
says "rule: history-unmoved"
says "remedy: return it to its author: review return"
# Nothing of that approval is kept; the first one stands, and opens nothing by being given again.
votes R-2 1
says "R-2 partially approved"
silent L-1
expect 0 sluice audit log --kind review.approved --json --key rui
python3 - out <<'P'
import json, sys
who = [leaf["who"] for leaf in json.load(open(sys.argv[1]))["leaves"] if leaf["request"] == "R-2"]
assert who == ["rui"], who
P
expect 3 sluice review approve R-2 --comment "seen again" --key rui
expect 0 sluice release ls --key ana
silent "L-2"
# The reviewer returns it; judged beside what left it is refused, in words that tell the author of no release.
expect 0 sluice review return R-2 --reason "something left meanwhile: please revise" --key tom
expect 3 sluice request revise R-2 --key ana
says "cannot be protected in this shape"
silent L-1
votes R-2 0
silent L-1

# What leaves meanwhile and changes nothing holds nobody up: the first approval counts.
up_to 60
first R-3
cat > job.lua <<'L'
output("persons", from "study.events" :where "event = 'MI'" :join(from "study.persons") :group_by("male")
  :summarise { n = "units()" } :describe { male = "sex", n = "persons with a heart attack" })
L
held job.lua liver
ask "$(grep -o 'J-[0-9]*' out | head -1)"
both R-4 L-2
expect 0 sluice review show R-3 --judge-again --key tom
says "met      history-unmoved"
expect 0 sluice review approve R-3 --comment "seen" --key tom
says "R-3 approved and released as L-3"
expect 0 sluice release get L-3 --to release --key ana
expect 0 sluice release verify release --anchor anchor.txt
says "approved by rui, tom"

# What leaves meanwhile and changes what may leave: the revision hides more, and is approved as such by both.
cat > job.lua <<'L'
local events = from "study.events" :join(from "study.persons") :derive { band = "bands(age)", sex = "male" }
output("totals", events :group_by("event", "band") :summarise { persons = "units()" }
  :describe { event = "diagnosis", band = "age", persons = "persons" })
output("cells", events :group_by("event", "band", "sex") :summarise { persons = "units()" }
  :describe { event = "diagnosis", band = "age", sex = "sex", persons = "persons" })
L
held job.lua liver
job=$(grep -o 'J-[0-9]*' out | head -1)
expect 0 sluice request new "$job" --context "Table 3: the cells" --output cells --key ana
expect 0 sluice request new "$job" --context "Table 4: their totals" --output totals --key ana
expect 0 sluice review show R-5 --raw --key rui
grep -c '\[c\]' out > before
open_rules() {
	expect 0 sluice review show "$1" --json --key rui
	flags=$(python3 -c 'import json, sys
print(*(f"--acknowledge {rule}" for rule in sorted({f["rule"] for f in json.load(sys.stdin)["findings"] if f["severity"] == "review"})))' < out)
}
open_rules R-5
# shellcheck disable=SC2086 # flags are words
first R-5 $flags
open_rules R-6
# shellcheck disable=SC2086
both R-6 L-4 $flags
open_rules R-5
# shellcheck disable=SC2086
expect 3 sluice review approve R-5 --comment "seen" $flags --key tom
says "rule: history-unmoved"
expect 0 sluice request revise R-5 --key ana
says "R-5, revision 2, submitted, waits for 2 approvals"
votes R-5 0
expect 0 sluice review show R-5 --raw --key rui
[ "$(grep -c '\[c\]' out)" -gt "$(cat before)" ] || fail "nothing more is hidden beside the totals"
# The first reviewer saw another table: the vote is asked again.
open_rules R-5
# shellcheck disable=SC2086
expect 1 sluice review approve R-5 $flags --key tom
# shellcheck disable=SC2086
both R-5 L-5 --revision 2 $flags
