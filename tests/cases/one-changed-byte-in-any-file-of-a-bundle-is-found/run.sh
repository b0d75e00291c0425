. "$(dirname "$0")/../lib.sh"
study
held "$source_dir/examples/nafld/diagnoses.lua" liver
ask J-1
release R-1 L-1
expect 0 sluice release verify release --anchor anchor.txt
find release -type f | sort > files
while read -r file; do
	size=$(stat -c %s "$file")
	for at in 0 $((size / 2)) $((size - 1)); do
		cp "$file" kept
		byte=$(od -An -tu1 -j "$at" -N 1 "$file" | tr -d ' ')
		printf "\\$(printf %o $(( (byte + 1) % 256 )))" | dd of="$file" bs=1 seek="$at" conv=notrunc 2>dd.err
		expect 6 sluice release verify release --anchor anchor.txt
		cp kept "$file"
	done
done < files
echo more > release/data/more.csv
expect 6 sluice release verify release --anchor anchor.txt
rm release/data/more.csv
mv release/sdc-record.json kept
expect 6 sluice release verify release --anchor anchor.txt
mv kept release/sdc-record.json
expect 0 sluice release verify release --anchor anchor.txt
