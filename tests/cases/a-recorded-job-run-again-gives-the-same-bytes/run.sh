. "$(dirname "$0")/../lib.sh"
study
held "$source_dir/examples/nafld/diagnoses.lua" liver
expect 0 sluice job replay J-1
says "J-1 is identical"
expect 0 sluice job replay J-1 --json
says '"identical":true'
expect 3 sluice job replay J-1 --key ana
expect 1 sluice job replay J-9

# Other rows are in force today: the job is run on those it read.
gzip -dc events.csv.gz | sed '2,4000d' | gzip > fewer.csv.gz
mv fewer.csv.gz events.csv.gz
expect 0 sluice data import datapackage.json
expect 0 sluice job replay J-1
says "J-1 is identical"
held "$source_dir/examples/nafld/diagnoses.lua" liver
expect 0 sluice job replay J-2
expect 0 sluice audit log --kind job.replayed
[ "$(wc -l < out)" -eq 4 ] || { cat out; fail "not four leaves"; }

# A record of other versions than the job read is found by its numbers.
expect 0 sqlite3 enclave/state.db "UPDATE job SET versions=(SELECT versions FROM job WHERE id=2) WHERE id=1"
expect 6 sluice job replay J-1
says 'the first is "diagnoses", first at event nafld, band 18-39, sex female'
expect 0 sluice audit log --kind job.replayed
says '"identical":false'

# What reads rows and comes to no end is in the log as well; what was refused before a row was read is not.
expect 0 sluice audit log --kind job.replayed
leaves=$(wc -l < out)
silent '"failed"'
expect 1 sluice job replay J-9
python3 - enclave/vault/* <<'P'
import os, sys
for path in sys.argv[1:]:
    os.chmod(path, 0o600)
    size = os.path.getsize(path)
    with open(path, "r+b") as segment:
        for at in range(size // 10, size * 8 // 10, 997):  # somewhere in each column
            segment.seek(at)
            byte = segment.read(1)[0]
            segment.seek(at)
            segment.write(bytes([byte ^ 1]))
P
sluice job replay J-2 > out 2> err && fail "a segment with another byte is read"
expect 0 sluice audit log --kind job.replayed
[ "$(wc -l < out)" -eq $((leaves + 1)) ] || { cat out; fail "no leaf of what failed"; }
says '"failed":true'
