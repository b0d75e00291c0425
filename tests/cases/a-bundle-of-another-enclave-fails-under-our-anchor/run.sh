. "$(dirname "$0")/../lib.sh"
study
held "$source_dir/examples/nafld/diagnoses.lua" liver
ask J-1
release R-1 L-1
cp anchor.txt ours.txt
mv release ours
mv enclave first && mv enclave-keys first-keys
study
held "$source_dir/examples/nafld/diagnoses.lua" liver
ask J-1
release R-1 L-1
says "with the anchor as the enclave published it"
expect 0 sluice release verify release --anchor anchor.txt
says 'it is L-1 of the enclave "demo", project "liver", released on 2'
says 'approved by rui'
expect 6 sluice release verify release --anchor ours.txt
expect 6 sluice release verify ours --anchor anchor.txt
silent 'it is L-1'
expect 0 sluice release verify ours --anchor ours.txt
expect 5 sluice release verify ours
says 'it says that it is L-1 of the enclave "demo"'
cmp ours/data/diagnoses.csv release/data/diagnoses.csv
