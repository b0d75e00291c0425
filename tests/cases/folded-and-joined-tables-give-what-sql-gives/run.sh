. "$(dirname "$0")/../lib.sh"
cp "$source_dir"/examples/nafld/*.csv.gz "$source_dir"/examples/nafld/datapackage.json .
enclave
expect 0 sluice data import datapackage.json
policy "$source_dir/tests/cases/packages/folds-policy.json" datapackage.json

pressure='local pressure = from "study.labs" :where "test like '"'%bp'"' and days between 0 and 3650"
  :per_unit { n = "count()", level = "mean(value)", later = "any(days > 30)" } :where "n >= 2"'
cat > folds.lua <<L
$pressure
output("folds", from "study.persons" :join(pressure)
  :join(from "study.events" :where "starts_with(event, 'heart')", "anti") :group_by("male")
  :summarise { persons = "units()", level = "mean(level)" }
  :describe { male = "sex", persons = "persons with two readings or more, no heart failure", level = "mean of their means" })
L
cat > left.lua <<L
$pressure
output("left", from "study.persons" :join(pressure, "left") :group_by("bands(age)")
  :summarise { persons = "units()", without = "count_if(n is missing)", early = "count_if(not later)" }
  :describe { age = "age", persons = "persons", without = "without two readings", early = "with readings of 30 days only" })
L
cat > again.lua <<'L'
output("again", from "study.events" :where("event in $of", { of = { "MI", "stroke", "afib" } })
  :join(from "study.events" :where "length(event) = 3 and upper(event) = 'HTN'", "semi") :group_by("event")
  :summarise { persons = "units()" } :describe { event = "diagnosis", persons = "persons with hypertension besides" })
L

for t in persons events labs; do gzip -dc $t.csv.gz > $t.csv; done
sqlite3 sql.db '.mode csv' '.import persons.csv persons' '.import events.csv events' '.import labs.csv labs' >sql.out
sql() {
	sqlite3 -csv -newline '
' sql.db "$1" | sort
}
tables="CREATE TEMP TABLE p AS SELECT person_id AS id, count(*) AS n, avg(nullif(value, '')) AS level, max(days + 0 > 30) AS later
FROM labs WHERE test LIKE '%bp' AND days <> '' AND days + 0 BETWEEN 0 AND 3650 GROUP BY 1 HAVING count(*) >= 2;
CREATE TEMP TABLE s AS SELECT person_id AS id, CASE WHEN age < 40 THEN '18-39' WHEN age < 65 THEN '40-64' ELSE '65+' END AS band,
CASE WHEN male IN ('1', 'true') THEN 'male' ELSE 'female' END AS sex FROM persons; CREATE UNIQUE INDEX temp.p_id ON p(id);"
n=0
# agree NAME SQL: the job NAME.lua, released, says what SQL says, but for cells that are hidden.
agree() {
	n=$((n + 1))
	rm -rf release
	held "$1.lua" "$1"
	ask "J-$n"
	release "R-$n" "L-$n"
	sql "$tables $2" > want
	tail -n +2 "release/data/$1.csv" | tr -d '\r' | grep -v ',0,\|\[c\]' | sort > got
	[ -s got ] || fail "nothing of $1 was released"
	grep -vxF -f want got > other && { cat want got >&2; fail "$1: not what SQL says"; }
	[ "$(wc -l < got)" -ge 2 ] || { cat got >&2; fail "$1: too little to compare"; }
}
agree folds "SELECT sex, printf('%.6f', avg(round(level, 4))), count(*) FROM s JOIN p USING (id)
	WHERE id NOT IN (SELECT person_id FROM events WHERE event LIKE 'heart%') GROUP BY 1"
agree left "SELECT band, sum(later = 0), count(*), sum(n IS NULL) FROM s LEFT JOIN p USING (id) GROUP BY 1"
agree again "SELECT event, count(DISTINCT person_id) FROM events WHERE event IN ('MI', 'stroke', 'afib')
	AND person_id IN (SELECT person_id FROM events WHERE event = 'htn') GROUP BY 1"
