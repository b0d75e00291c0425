. "$(dirname "$0")/../lib.sh"
study
python3 -B "$case_dir/../page.py" "$source_dir/docs/custodian.md" workbench
