"""packages.py SEED - a data package and a policy drawn at random: datapackage.json, one CSV a table, policy.txt."""
import json
import random
import sys

rng = random.Random(int(sys.argv[1]))
NAMES = ["age", "and", "units", "n_units", "date", "sum", "group", "größe-4", "住院 天数", "العمر", 'a"b', "it's", "a.b", "1st",
         "end", "x]]y", "back\\slash", "from", "count", "-- no", "case"]
TITLES = ["", "Age at entry, years", "--[[ not a comment", "]] \" .. os.exit()", "住院天数", "العمر عند الدخول", "x \\ y"]


def field(name):
    kind = rng.choice(["enum", "bands", "boolean", "measure", "date", "none", "many"])
    f = {"name": name, "title": rng.choice(TITLES), "type": "integer"}
    if kind == "enum":
        f |= {"type": "string", "constraints": {"enum": ["a", "b", 'c "d"']}, "sluice": {"uses": ["group", "filter"]}}
    elif kind == "many":
        f |= {"type": "string", "constraints": {"enum": [f"l{i}" for i in range(300)]}, "sluice": {"uses": ["group"]}}
    elif kind == "bands":
        f |= {"sluice": {"uses": ["group", "filter", "measure"], "bands": [0, 18, 65]}}
    elif kind == "boolean":
        f |= {"type": "boolean", "sluice": {"uses": ["group", "filter"], "sensitive": rng.random() < 0.5, "level": 3}}
    elif kind == "measure":
        f |= {"type": "number", "sluice": {"uses": ["measure"], "scale": 2}}
    elif kind == "date":
        f |= {"type": "date", "sluice": {"uses": ["filter"]}}
    return f


resources, tables = [], {}
for i in range(rng.randrange(1, 4)):
    names = rng.sample(NAMES, rng.randrange(0, 8))
    fields = [{"name": "id", "type": "integer"}] + [field(n) for n in names]
    resources.append({"name": f"t{i}", "path": f"t{i}.csv", "title": rng.choice(TITLES),
                      "sluice": {"owner": "o", "class": "confidential", "unit": {"column": "id", "space": "person"}},
                      "schema": {"fields": fields}})
    with open(f"t{i}.csv", "w", encoding="utf-8") as out:
        out.write(",".join('"' + f["name"].replace('"', '""') + '"' for f in fields) + "\n" + "1" + "," * len(names) + "\n")
    granted = {f["name"]: rng.sample(f["sluice"]["uses"], rng.randrange(0, len(f["sluice"]["uses"]) + 1))
               for f in fields if "sluice" in f and rng.random() < 0.8}
    tables[f"odd.t{i}"] = {name: uses for name, uses in granted.items() if uses}
with open("datapackage.json", "w", encoding="utf-8") as out:
    json.dump({"name": "odd", "resources": resources}, out, ensure_ascii=False)
policy = {"sluice_policy": 1, "enclave": "demo", "serial": 1,
          "people": {"olga": {"roles": ["officer"], "key": "@OLGA@"}, "rui": {"roles": ["reviewer"], "key": "@RUI@"},
                     "ana": {"roles": ["analyst"], "key": "@ANA@"}},
          "catalogues": {"odd": "sha256:@CATALOGUE@"}, "limits": {"cells_max": 100}, "disclosure": {"profile": "tre-uk"},
          "projects": {"first": {"purpose": "--[[ to begin", "analysts": ["ana"], "expires": "@EXPIRES@", "approvals": 1,
                                 "tables": tables}}}
with open("policy.txt", "w", encoding="utf-8") as out:
    json.dump(policy, out, ensure_ascii=False)
