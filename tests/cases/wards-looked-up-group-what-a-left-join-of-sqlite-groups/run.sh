. "$(dirname "$0")/../lib.sh"
cp "$source_dir/tests/cases/packages/wards.json" .
cat > wards.csv <<'C'
code,name,district,rent,since,note
w1,First,east,12.5,1990-01-01,seen by nobody
w2,Second,west,8,2005-06-30,
w3,Third,east,,2010-01-01,
w4,Fourth,,30.5,1980-02-29,
w5,Fifth,north,20,1970-12-31,
w6,Sixth,east,10.1,2000-01-01,
w7,Seventh,west,9,,
w8,Eighth,north,25.7,1999-09-09,
w10,Tenth,,11,2001-01-01,
C
# Some 80 persons of each ward, of no ward, and of one that the table lacks.
awk 'BEGIN {
	print "id,ward,male"
	split("w1 w2 w3 w4 w5 w6 w7 w8 w10 w9 -", ward, " ")
	for (i = 1; i <= 900; i++) {
		k = 1 + int(i * 0.618) % 11; w = ward[k] == "-" ? "" : ward[k]
		print i "," w "," (i % 5 < 2)
	}
}' > persons.csv
cat > job.lua <<'L'
output("districts", from "study.persons" :lookup("study.wards", "ward") :where "since < date '2008-01-01' or since is null"
  :group_by("district", "male") :summarise { persons = "units()", rent = "sum(rent)" }
  :describe { persons = "persons", rent = "rent of their wards, in all", male = "male", district = "district" })
L
enclave
expect 0 sluice data import wards.json
policy "$source_dir/tests/cases/packages/wards-policy.json" wards.json
held job.lua rents
ask J-1
release R-1 L-1 --acknowledge differencing --acknowledge expression
expect 0 sluice release verify release --anchor anchor.txt
expect 0 sluice data ls
silent 1970
expect 0 sluice data show study.wards --key ana
says "it has no versions"
says "district: east, north, west"
says district

sqlite3 left.db '.mode csv' '.import wards.csv wards' '.import persons.csv persons' >sql.out
sqlite3 -csv -newline '
' left.db "
SELECT coalesce(nullif(w.district, ''), '(missing)'), CASE p.male WHEN '1' THEN 'true' ELSE 'false' END, count(*),
	printf('%.1f', sum(nullif(w.rent, '')))
FROM persons AS p LEFT JOIN wards AS w ON w.code = p.ward
WHERE w.since < '2008-01-01' OR w.since IS NULL
GROUP BY 1, 2" | sort > want
tail -n +2 release/data/districts.csv | grep -v ',0,\|\[c\]' | sort > got
[ -s want ] || fail "sqlite3 says nothing"
cmp want got || { diff want got >&2; cat release/data/districts.csv >&2; fail "not what the left join says"; }

# refuse WORDS SCRIPT: the check of a script is refused with these words.
refuse() {
	printf '%s\n' "$2" > bad.lua
	expect 65 sluice job check bad.lua -p rents --key ana
	says "$1"
}
n=':summarise { n = "units()" })'
refuse 'you may not put a condition on rent of study.wards' \
	"output('o', (from 'study.persons'):lookup('study.wards', 'ward'):where 'rent > 10' $n"
refuse 'no column "note" is granted' \
	"output('o', (from 'study.persons'):lookup('study.wards', 'ward'):where 'note is null' $n"
refuse 'male is no column whose domain is study.wards' \
	"output('o', (from 'study.persons'):lookup('study.wards', 'male') $n"
refuse 'no reference table "study.ward" is granted' \
	"output('o', (from 'study.persons'):lookup('study.ward', 'ward') $n"

# A policy that grants an attribute but not its key's use for it grants nothing by the way.
sed -i 's/"serial": 1/"serial": 2/; s/"ward": \["group", "filter"\]/"ward": ["filter"]/' policy.json
expect 0 sluice policy sign policy.json --key olga
expect 0 sluice policy apply policy.json --signature policy.json.sig
refuse 'you may not group by ward of study.persons' \
	"output('o', (from 'study.persons'):lookup('study.wards', 'ward'):group_by('district') $n"
