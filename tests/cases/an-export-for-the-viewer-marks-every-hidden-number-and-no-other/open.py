"""Opens an export as SACRO Viewer does: finds the results, their version, the digests, the marked places."""
import csv, hashlib, json, pathlib, sys

at = pathlib.Path(sys.argv[1])
found = list(at.glob("*.json"))
assert len(found) == 1, f"the viewer takes the only JSON file of a folder, here are {found}"
results = json.loads(found[0].read_text(encoding="ascii"))  # The viewer reads it in its machine's encoding.
assert tuple(int(n) for n in results["version"].split(".")[:2]) >= (0, 4)
marked = 0
for name, record in results["results"].items():
    assert record["uid"] == name
    assert all(record["comments"]), "a comment without words"
    assert not set("<>\"") & set("".join(record["comments"])), "markup in the viewer's page"
    for file in record["files"]:
        path = at / file["name"]
        digest = (at / "checksums" / (file["name"] + ".txt")).read_text()
        assert digest == hashlib.sha256(path.read_bytes()).hexdigest(), "the viewer says: modified"
        rows = list(csv.reader(path.open(newline="")))
        places = {(row, column) for cells in file["sdc"]["cells"].values() for row, column in cells}
        # The viewer's table has the header in its head, and counts columns from behind the first.
        hidden = {(i, k - 1) for i, row in enumerate(rows[1:]) for k, text in enumerate(row) if text == "[c]"}
        assert places == hidden, (places, hidden)
        # Older ones look in outcome, by the column's name and the row.
        assert {(int(row), rows[0].index(column) - 1) for column, said in record["outcome"].items()
                for row, text in said.items() if text != "ok"} == hidden
        checks = [check for check, cells in file["sdc"]["cells"].items() if cells]
        assert len(checks) <= 1, "which rule hid which number would be told"
        assert file["sdc"]["summary"]["suppressed"] == bool(hidden)
        marked += len(hidden)
print(marked)
try:
    import jsonschema
except ImportError:
    sys.exit(0)
jsonschema.validate(results, json.loads(pathlib.Path(sys.argv[2]).read_text()))
