. "$(dirname "$0")/../lib.sh"
. "$case_dir/../owners.sh"
owners_study
python3 -B "$case_dir/../page.py" "$source_dir/docs/custodian.md" owners
