. "$(dirname "$0")/../lib.sh"
sample hk_covid19
cp "$sample"/enhanced_sur_covid_19_chi.csv.gz cases.csv.gz
cp "$source_dir/tests/cases/packages/hk.json" .
enclave
expect 0 sluice data import hk.json
says 入住醫院名稱
policy "$source_dir/tests/cases/packages/hk-policy.json" hk.json
cat > job.lua <<'L'
output("結果", from "個案.詳情" :derive { ["年齡組"] = [[bands("年齡")]], ["結局"] = [["住院/出院/死亡"]] }
  :group_by("年齡組", "結局") :summarise { ["人數"] = "units()" }
  :describe { ["年齡組"] = "年齡組別", ["結局"] = "個案結果", ["人數"] = "人數" })
L
held job.lua 疫情
ask J-1
release R-1 L-1
t=release/data/結果.csv
head -1 "$t" | grep -qx '年齡組,結局,人數' || fail "header: $(head -1 "$t")"
grep -qxF '18-39,死亡,[c]' "$t" || fail "$(grep -F '18-39,死亡' "$t")"
grep -qxF '0-17,死亡,[c]' "$t" || fail "$(grep -F '0-17,死亡' "$t")"
grep -qxF '40-64,死亡,23' "$t" || fail "$(grep -F '40-64,死亡' "$t")"
grep -qxF '65+,死亡,188' "$t" || fail "$(grep -F '65+,死亡' "$t")"
