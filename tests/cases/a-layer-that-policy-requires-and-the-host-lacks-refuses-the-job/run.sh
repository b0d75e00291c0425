. "$(dirname "$0")/../lib.sh"
! sluice doctor | grep -q '^cgroup .* ok' || { echo "skipped: this host gives control groups"; exit 77; }
cp "$source_dir"/examples/nafld/*.csv.gz "$source_dir"/examples/nafld/datapackage.json .
enclave
expect 0 sluice data import datapackage.json
sed 's|"disclosure"|"requires": {"layers": ["cgroup"]}, "disclosure"|' "$source_dir/examples/nafld/policy.json" > strict.json
policy strict.json datapackage.json
expect 69 sluice job run "$source_dir/examples/nafld/diagnoses.lua" -p liver --key ana
says cgroup
expect 0 sluice job ls --key ana
silent J-1
expect 0 sluice doctor
says cgroup
