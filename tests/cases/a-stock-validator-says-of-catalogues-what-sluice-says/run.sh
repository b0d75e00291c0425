. "$(dirname "$0")/../lib.sh"
python3 -c 'import jsonschema' 2>/dev/null || { echo "skipped: python3-jsonschema is not here"; exit 77; }
enclave
sluice policy schema --catalogue > schema.json
python3 "$case_dir/../a-stock-validator-says-of-policies-what-sluice-says/compare.py" "$source_dir" schema.json catalogue
