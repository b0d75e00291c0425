-- The question of readings.lua.
SELECT test, AVG(value) AS mean, COUNT(DISTINCT person_id) AS persons
FROM labs
GROUP BY test;
