"""town.py [PUBLIC [LATER]] - persons.csv, town.json and town-policy.json of a made-up town: region, diagnosis and sex of
its persons. PUBLIC is what the catalogue says is public of them, in JSON. The project is not granted sex. LATER: some
of each region are gone, three in the north, and 20 came to each, who are the only ones with since "2022"."""
import csv
import json
import sys

COUNTS = {
    "north": {"well": 50, "flu": 20, "cold": 15, "rare": 3},
    "south": {"well": 60, "flu": 22, "cold": 18, "rare": 12},
    "east": {"well": 55, "flu": 25, "cold": 14, "rare": 11},
}
GONE = {("north", "rare"), ("south", "cold"), ("east", "cold")}
# Of the women all but four are on the list, and no man is.
WOMEN_NOT_LISTED = 4
persons = [(region, diagnosis) for region, row in COUNTS.items() for diagnosis, n in row.items() for _ in range(n)]
later = len(sys.argv) > 2
with open("persons.csv", "w", newline="") as f:
    out = csv.writer(f, lineterminator="\n")
    out.writerow(["person", "region", "diagnosis", "sex", "listed", "since"])
    women = 0
    for i, (region, diagnosis) in enumerate(persons):
        woman = i % 2 == 0
        women += woman
        listed = woman and women > WOMEN_NOT_LISTED
        if not later or (region, diagnosis) not in GONE:
            out.writerow([f"P{i}", region, diagnosis, "f" if woman else "m", "yes" if listed else "no", "2021"])
    for i in range(60 if later else 0):
        out.writerow([f"N{i}", list(COUNTS)[i % 3], "well", "m", "no", "2022"])


def column(name, title, values, uses):
    return {"name": name, "type": "string", "title": title, "constraints": {"required": True, "enum": values},
            "sluice": {"uses": uses}}


table = {"owner": "town", "class": "open", "period": "2021", "unit": {"column": "person", "space": "person"},
         "one_row_per_unit": True}
if len(sys.argv) > 1:
    table["public"] = json.loads(sys.argv[1])
both = ["group", "filter"]
json.dump({"name": "town", "title": "A town", "resources": [{
    "name": "persons", "title": "Persons", "path": "persons.csv", "sluice": table,
    "schema": {"fields": [
        {"name": "person", "type": "string", "title": "Person"},
        column("region", "Region", list(COUNTS), both),
        column("diagnosis", "Diagnosis", ["well", "flu", "cold", "rare"], both),
        column("sex", "Sex", ["f", "m"], both),
        column("listed", "On the list", ["yes", "no"], both),
        column("since", "Here since", ["2021", "2022"], both)]}}]}, open("town.json", "w"), indent=1)
json.dump({
    "sluice_policy": 1, "enclave": "demo", "serial": 1, "officers_needed": 1,
    "people": {"olga": {"roles": ["officer"], "key": "@OLGA@"}, "rui": {"roles": ["reviewer"], "key": "@RUI@"},
               "ana": {"roles": ["analyst"], "key": "@ANA@"}},
    "catalogues": {"town": "sha256:@CATALOGUE@"}, "disclosure": {"profile": "tre-uk"},
    "projects": {"ill": {"purpose": "Who is ill where", "analysts": ["ana"], "expires": "@EXPIRES@", "approvals": 1,
                         "tables": {"town.persons": {"region": both, "diagnosis": both, "listed": both, "since": both}}}}},
    open("town-policy.json", "w"), indent=1)
