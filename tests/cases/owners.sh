# owners.sh - the example tables with their owners: persons and events are the clinic's, on application; labs are the
# laboratory's. odo and ole own for the clinic, lea for the laboratory; bea is an analyst beside ana when $analysts says so.
# A case sources it behind lib.sh.
people odo ole lea bea ida
line() { cut -d' ' -f1,2 "$1.pub"; }

# owners_policy SERIAL [SED…]: the policy of these people in force; each SED is one more edit of it.
owners_policy() {
	serial=$1
	shift
	cat > filled.json <<P
{
  "sluice_policy": 1,
  "enclave": "${enclave:-demo}",
  "serial": $serial,
  "officers_needed": 1,
  "people": {
    "olga": {"roles": ["officer"], "key": "$(line olga)"},
    "rui": {"roles": ["reviewer"], "key": "$(line rui)"},
    "ana": {"roles": ["analyst"], "key": "$(line ana)"},
    "bea": {"roles": ["analyst"], "key": "$(line bea)"},
    "odo": {"roles": ["owner"], "organisation": "clinic", "key": "$(line odo)"},
    "ole": {"roles": ["owner", "analyst"], "organisation": "clinic", "key": "$(line ole)"},
    "lea": {"roles": ["owner"], "organisation": "laboratory", "key": "$(line lea)"},
    "ida": {"roles": ["auditor"], "key": "$(line ida)"}
  },
  "catalogues": {"study": "sha256:$(sha256sum datapackage.json | cut -d' ' -f1)"},
  "limits": {"slot_ms": 1},
  "disclosure": {"profile": "tre-uk"},
  "projects": {
    "liver": {
      "purpose": "How often diagnoses are recorded, by age and sex",
      "analysts": [${analysts:-\"ana\"}],
      "expires": "2099-12-31",
      "approvals": 1,
      "tables": {
        "study.persons": {"age": ["group", "filter"], "male": ["group", "filter"]},
        "study.events": {"event": ["group", "filter"]},
        "study.labs": {"test": ["group", "filter"]}
      }
    }
  }
}
P
	for edit in "$@"; do
		sed -i -e "$edit" filled.json
	done
	expect 0 sluice policy sign filled.json --key olga
	expect 0 sluice policy apply filled.json --signature filled.json.sig
}

# owners_study [SED…]: enclave, tables and policy; each SED edits the data package.
owners_study() {
	cp "$source_dir"/examples/nafld/*.csv.gz "$source_dir"/examples/nafld/datapackage.json .
	sed -i -e '/"owner": "clinic"/s/"class": "confidential"/"class": "on_application"/' datapackage.json
	for edit in "$@"; do
		sed -i -e "$edit" datapackage.json
	done
	enclave "${enclave:-demo}"
	expect 0 sluice data import datapackage.json
	owners_policy 1
}

# granted TABLE A G: ana applies, odo grants until the century ends.
granted() {
	expect 0 sluice data request "$1" -p liver --reason "the yearly report" --key ana
	says "$2"
	expect 0 sluice data grant "$2" --until 2099-12-31 --key odo
	says "$3"
}

cat > persons.lua <<'L'
output("ages", from "study.persons"
  :derive { band = "bands(age)" }
  :group_by("band")
  :summarise { persons = "units()" }
  :describe { band = "age at entry, years", persons = "distinct persons" })
L
cat > sexes.lua <<'L'
output("sexes", from "study.persons"
  :group_by("male")
  :summarise { persons = "units()" }
  :describe { male = "sex", persons = "distinct persons" })
L
