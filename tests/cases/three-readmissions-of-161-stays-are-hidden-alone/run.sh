. "$(dirname "$0")/../lib.sh"
sample diabetes130
cp "$sample"/patients.csv.gz "$sample"/encounters.csv.gz "$source_dir/tests/cases/packages/diabetes.json" .
enclave
expect 0 sluice data import diabetes.json
policy "$source_dir/tests/cases/packages/diabetes-policy.json" diabetes.json
cat > job.lua <<'L'
output("t", from "hospital.encounters" :group_by("age")
  :summarise { n = "count()", persons = "units()", back = "share(readmitted = '<30')" }
  :describe { age = "age at admission", n = "stays", persons = "patients", back = "share of stays followed by another within 30 days" })
L
held job.lua stays
ask J-1
release R-1 L-1 --acknowledge differencing
t=release/data/t.csv
head -1 "$t" | grep -qx 'age,back,n,persons' || fail "header: $(head -1 "$t")"
grep -qxF '[0-10),[c],161,154' "$t" || fail "$(grep -F '[0-10)' "$t")"
grep -qxF '[10-20),0.0579,691,536' "$t" || fail "$(grep -F '[10-20)' "$t")"
grep -qxF '[90-100),0.1110,2793,2042' "$t" || fail "$(grep -F '[90-100)' "$t")"
[ "$(grep -cF '[c]' "$t")" -eq 1 ] || fail "more than one cell is hidden"
