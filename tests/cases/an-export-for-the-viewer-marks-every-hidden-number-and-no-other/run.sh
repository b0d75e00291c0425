. "$(dirname "$0")/../lib.sh"
study
cat > two.lua <<'L'
output("diagnoses", from "study.events" :join(from "study.persons") :derive { band = "bands(age)" }
  :group_by("event", "band", "male") :summarise { persons = "units()" }
  :describe { event = "diagnosis", band = "age at entry, years", male = "sex", persons = "distinct persons" })
output("total", from "study.persons" :summarise { persons = "units()" } :describe { persons = "distinct persons" })
L
held two.lua liver
expect 0 sluice request new J-1 --context 'Table 1, ≥ 65 “Größe” 結果, <img src=x onerror="alert(1)"> & more' --key ana
release R-1 L-1
expect 0 sluice release export release --acro acro --anchor anchor.txt
says "acro"
cmp acro/diagnoses.csv release/data/diagnoses.csv
cmp acro/total.csv release/data/total.csv
python3 "$case_dir/open.py" acro "$case_dir/results.schema.json" > marked
[ "$(cat marked)" -eq "$(grep -o '\[c\]' release/data/*.csv | wc -l)" ] || fail "not every [c] is marked"
[ "$(cat marked)" -gt 0 ] || fail "nothing is hidden here"
# What is not whole, or another's, is not exported; what is there is not written over.
expect 1 sluice release export release --acro acro
cp -r enclave/releases/L-1 changed && sed -i '2s/[0-9][0-9]*$/7/' changed/data/diagnoses.csv
expect 6 sluice release export changed --acro other
[ ! -e other ] || fail "a changed bundle left something"
expect 0 sluice init another --name demo --officer olga=olga.pub --anchor another.txt
expect 6 sluice release export release --acro other --anchor another.txt
