. "$(dirname "$0")/../lib.sh"
study
cp "$case_dir"/*.lua "$source_dir/examples/nafld/diagnoses.lua" .
try() { want=$1; shift; expect "$want" sluice policy eval --as ana -p liver --key olga "$@"; }

try 0 --job diagnoses.lua --explain
says permitted
says "study.persons age    group  group filter"
silent missing

# Not permitted: it is on offer and nobody granted it. The place, what is wanted, what is given.
try 1 --job more.lua --explain
says 'not permitted: no column "days" is granted'
says '[not-granted]'
says "at more.lua:4"
says 'remedy: grant "measure" on "days" of "study.events"'
says "study.events  days   measure -            missing"
says "study.persons age    filter  group filter"
expect 65 sluice job check more.lua -p liver --key ana
try 1 --job more.lua --json
python3 - out <<'END'
import json, sys
v = json.load(open(sys.argv[1]))
assert v["verdict"] == "not permitted" and v["error"]["rule"] == "not-granted" and v["error"]["line"] == 4, v
uses = {(u["table"], u["column"]): (u["wanted"], u["given"]) for u in v["uses"]}
assert uses[("study.events", "days")] == (["measure"], []), uses
assert uses[("study.persons", "male")] == (["group"], ["group", "filter"]), uses
END

# The same on a policy that is not in force yet: nothing is signed, nothing is applied.
sed 's/"event": \[/"days": ["measure"], "event": [/; s/"serial": 1/"serial": 2/' policy.json > next.json
try 0 --job more.lua --policy next.json
expect 65 sluice job check more.lua -p liver --key ana

# Forbidden: granted, and a rule speaks against it.
sed 's/2099-12-31/2020-12-31/' policy.json > over.json
try 3 --job diagnoses.lua --policy over.json
says 'forbidden: project "liver" expired on 2020-12-31 [expired]'
says "remedy: ask an officer to extend it"
sed 's/"limits": {/"limits": {"cells_max": 3, /' policy.json > small.json
try 3 --job diagnoses.lua --policy small.json
says '[cells-max]'

# Not permitted before a script is read: persons and projects.
expect 1 sluice policy eval --as rui -p liver --job diagnoses.lua --key olga
says '[role]'
expect 1 sluice policy eval --as ana -p kidney --job diagnoses.lua --key olga
says '[no-such-project]'

# Wrong: no grant would help.
try 65 --job wrong.lua
says 'error: no column "evnt" is granted'
says 'did you mean'
printf '{' > broken.json
try 65 --job diagnoses.lua --policy broken.json

# Trying a policy as others is the officers' and auditors': it tells of tables that are not one's own.
expect 3 sluice policy eval --as ana -p liver --job diagnoses.lua --key ana
expect 0 sluice job ls --key ana
silent J-1
