"""Packages whose names would lead somewhere; each in a file of its own."""
import json

from hostile import write

write("t.csv", "id,v\n1,2\n")
with open("datapackage.json", encoding="utf-8") as file:
    text = file.read()
NAMES = {"up": "../x", "root": "/tmp/x", "dot": "..", "here": ".", "nothing": "", "blank": "a b", "line": "a\nb", "option": "-x; rm",
         "long": "a" * 65, "escape": "\u001b[2J", "quote": "a'b", "null": None, "number": 7}
for key, name in NAMES.items():
    for place in ("set", "table", "space"):
        package = json.loads(text)
        if place == "set":
            package["name"] = name
        elif place == "table":
            package["resources"][0]["name"] = name
        else:
            package["resources"][0]["sluice"]["unit"]["space"] = name
        write(f"{place}-{key}.json", json.dumps(package))
