. "$(dirname "$0")/../lib.sh"
python3 -c 'import jsonschema' 2>/dev/null || { echo "skipped: python3-jsonschema is not here"; exit 77; }
sluice policy schema > schema.json
python3 "$case_dir/compare.py" "$source_dir" schema.json
