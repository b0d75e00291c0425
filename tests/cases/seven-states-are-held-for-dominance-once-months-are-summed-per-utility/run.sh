. "$(dirname "$0")/../lib.sh"
sample eia826
cp "$sample"/utility_month.csv.gz "$source_dir/tests/cases/packages/power.json" .
enclave
expect 0 sluice data import power.json
policy "$source_dir/tests/cases/packages/power-policy.json" power.json
cat > job.lua <<'L'
output("t", from "power.utility_month" :group_by("state") :summarise { revenue = "sum(tot_revenue)" }
  :describe { state = "state", revenue = "total revenue 1996, thousand USD" })
L
held job.lua revenue
ask J-1
expect 0 sluice review show R-1 --key rui
says NKCheck
release R-1 L-1
hidden=$(grep -F '[c]' release/data/t.csv | cut -d, -f1 | tr '\n' ' ')
[ "$hidden" = "CT DC GA ME NV RI UT " ] || fail "hidden: $hidden"
