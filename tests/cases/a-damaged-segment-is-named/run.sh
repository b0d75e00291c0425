. "$(dirname "$0")/../lib.sh"
study
zcat events.csv.gz | head -n -900 | gzip > fewer.gz
mv fewer.gz events.csv.gz
expect 0 sluice data import datapackage.json --table events
expect 0 sluice data verify
says "every byte is what was sealed"
says "study.events"
says "in force  33440 rows"
says "old  34340 rows"
says "registry of person  17549 units"
[ "$(wc -l < out)" -eq 5 ] || fail "not one line for each of four versions and a registry"
expect 0 sluice data verify events --json
says '"fault":null'
silent registry
expect 1 sluice data verify nothing
expect 3 sluice data verify --key ana
for seg in enclave/vault/*.seg; do cp "$seg" "$seg.kept"; done
back() { for seg in enclave/vault/*.seg.kept; do cp "$seg" "${seg%.kept}"; done; }

# One byte, wherever it is: in the header, the first chunk, the middle, the manifest, the trailer.
labs=$(ls -S enclave/vault/*.seg | head -1)
bytes=$(wc -c < "$labs")
for at in 9 20 40 $((bytes / 3)) $((bytes / 2)) $((bytes - 300)) $((bytes - 20)) $((bytes - 1)); do
	was=$(od -An -tu1 -j "$at" -N 1 "$labs" | tr -d ' ')
	printf "\\$(printf %o $((was ^ 1)))" | dd of="$labs" bs=1 seek="$at" conv=notrunc 2>/dev/null
	expect 6 sluice data verify labs
	says "study.labs  sha256:"
	silent "every byte"
	if [ "$at" -gt 32 ] && [ "$at" -lt $((bytes / 3 + 1)) ]; then
		grep -Eq 'column [0-9]+ \("[a-z_]+"\) row group [0-9]+' out || { cat out err >&2; fail "byte $at: neither column nor row group are told"; }
	fi
	expect 0 sluice data verify persons
	back
done
expect 0 sluice data verify

# Cut short, longer, gone, and two that changed places.
head -c $((bytes - 50)) "$labs.kept" > "$labs"
expect 6 sluice data verify labs
says "has $((bytes - 50)) bytes where $bytes were sealed"
back
echo >> "$labs"
expect 6 sluice data verify labs
back
rm "$labs"
expect 6 sluice data verify labs
says "is missing"
expect 6 sluice data verify --json
says '"fault":"its file is missing'
# What cannot be compared with what it replaces is not imported.
expect 74 sluice data import datapackage.json --table labs
says "sluice data forget study.labs --all"
head -c $((bytes - 50)) "$labs.kept" > "$labs"
expect 6 sluice data import datapackage.json --table labs
back
one=$(ls enclave/vault/*.seg | head -1)
two=$(ls enclave/vault/*.seg | tail -1)
cp "$one.kept" "$two"
cp "$two.kept" "$one"
expect 6 sluice data verify
says "2 of what is kept are not what was sealed"
back

# The registry: two entries exchanged.
units=enclave/vault/person.units
cp $units kept
{ dd bs=16 skip=1 count=1 if=kept; dd bs=16 count=1 if=kept; dd bs=16 skip=2 if=kept; } 2>/dev/null > $units
expect 6 sluice data verify
says "registry of person  17549 units: the unit registry of person is not what was sealed"
expect 6 sluice data import datapackage.json --table events
says "unit registry"
rm $units
expect 6 sluice data verify
says "the registry is missing"
cp kept $units
# Two versions' keys exchanged in the state file.
rm enclave/vault/*.kept
expect 0 sluice data verify
sqlite3 enclave/state.db "UPDATE version SET wrapped=(SELECT wrapped FROM version WHERE n=1) WHERE n=2"
expect 6 sluice data verify
says "1 of what is kept is not what was sealed"
