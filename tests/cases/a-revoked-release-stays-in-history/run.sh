. "$(dirname "$0")/../lib.sh"
study

# up_to AGE: a job that counts persons up to an age. 7 persons are 93.
up_to() {
	cat > job.lua <<L
output("persons", from "study.persons" :where "age <= $1" :group_by("male") :summarise { n = "units()" }
  :describe { male = "sex", n = "persons" })
L
	held job.lua liver
}

# Either table may leave alone: the one is requested, the other leaves, and is taken back.
up_to 92
ask J-1
says "R-1 submitted"
up_to 93
ask J-2
release R-2 L-1
expect 0 sluice release revoke L-1 --reason "a wrong year" --key olga

# What was requested before it left is judged beside it at the gate, revoked or not.
expect 0 sluice review show R-1 --judge-again --key rui
says "NOT MET  history-unmoved"
expect 3 sluice review approve R-1 --comment "seen" --key rui
says "rule: history-unmoved"

# The same table asked for now is refused, in words that name no release.
up_to 92
expect 3 sluice request new J-3 --context "Table 1: persons up to 92" --key ana
says "cannot be protected in this shape"
silent L-1
expect 0 sluice request show R-3 --key ana
says "R-3 refused"

# A table that is far enough from it is requested and leaves.
up_to 60
ask J-4
expect 0 sluice review approve R-4 --comment "seen" --key rui
says "R-4 approved and released as L-2"
