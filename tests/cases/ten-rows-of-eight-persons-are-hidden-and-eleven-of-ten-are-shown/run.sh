. "$(dirname "$0")/../lib.sh"
sample diabetes130
cp "$sample"/patients.csv.gz "$sample"/encounters.csv.gz "$source_dir/tests/cases/packages/diabetes.json" .
enclave
expect 0 sluice data import diabetes.json
policy "$source_dir/tests/cases/packages/diabetes-policy.json" diabetes.json
cat > job.lua <<'L'
output("t", from "hospital.encounters" :join(from "hospital.patients")
  :group_by("race", "age") :summarise { n = "count()", persons = "units()" }
  :describe { race = "race", age = "age at admission", n = "stays", persons = "patients" })
L
held job.lua stays
ask J-1
release R-1 L-1 --acknowledge differencing
t=release/data/t.csv
for hidden in 'Asian,[0-10)' 'Asian,[10-20)' 'Asian,[20-30)' 'Hispanic,[0-10)' 'Other,[0-10)' 'Other,[10-20)'; do
	grep -qxF "$hidden,[c],[c]" "$t" || fail "$hidden is not hidden: $(grep -F "$hidden" "$t")"
done
grep -qxF 'Asian,[90-100),11,10' "$t" || fail "Asian [90-100) is not shown: $(grep -F 'Asian,[90' "$t")"
[ "$(grep -v '^(missing)' "$t" | grep -cF '[c]')" -eq 6 ] || { grep -F '[c]' "$t" >&2; fail "other cells are hidden too"; }
