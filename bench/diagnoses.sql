-- The question of examples/nafld/diagnoses.lua.
SELECT event,
       CASE WHEN age < 40 THEN '18-39' WHEN age < 65 THEN '40-64' ELSE '65+' END AS band,
       CASE male WHEN 1 THEN 'male' ELSE 'female' END AS sex,
       COUNT(DISTINCT person_id) AS persons
FROM events JOIN persons USING (person_id)
GROUP BY event, band, sex;
