"""docs_keys.py ROOT - every key the readers of policy and catalogue know is told in docs/policy.md."""
import os
import re
import sys


def keys(text):
    for name, body in re.findall(r"static const char \*const (\w+_(?:keys|names))\[\] = \{(.*?)\};", text, re.S):
        if name != "band_names":
            yield from re.findall(r'"([^"]+)"', body)
    yield from re.findall(r"LIMIT\((\w+), \d", text)


def main(root):
    folder = os.path.join(root, "policy", "json")
    found = set()
    for name in sorted(os.listdir(folder)):
        if name.endswith(".c"):
            with open(os.path.join(folder, name), encoding="utf-8") as f:
                found.update(keys(f.read()))
    with open(os.path.join(root, "docs", "policy.md"), encoding="utf-8") as f:
        doc = f.read()
    missing = sorted(k for k in found if f"`{k}`" not in doc and f'"{k}"' not in doc)
    found_enough = len(found) > 80
    for k in missing:
        print(f'docs/policy.md: key "{k}" is not told')
    if not found_enough:
        print(f"only {len(found)} keys found in {folder}: this test no longer reads them")
    return 1 if missing or not found_enough else 0


sys.exit(main(sys.argv[1]))
