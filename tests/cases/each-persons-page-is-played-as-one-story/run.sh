. "$(dirname "$0")/../lib.sh"
people olga rui ana aud lea
cp "$source_dir"/examples/nafld/*.csv.gz "$source_dir"/examples/nafld/datapackage.json "$source_dir/examples/nafld/diagnoses.lua" .
# The laboratory's readings are on application, and ask for its approval.
sed -i '/"owner": "laboratory"/s/"class": "confidential", "owner_approval": false/"class": "on_application", "owner_approval": true, "rhythm": "P1M"/' datapackage.json
cat > labs.lua <<'L'
output("tests", from "study.labs"
  :group_by("test")
  :summarise { persons = "units()" }
  :describe { test = "laboratory test", persons = "distinct persons with a reading" })
L
# What sshd does with the forced command of a person's key.
mkdir shim
cat > shim/ssh <<'S'
#!/bin/sh
shift
SSH_ORIGINAL_COMMAND="$*" SSH_CONNECTION='192.0.2.1 1 192.0.2.2 22' exec sluice session --as "$WHO"
S
chmod +x shim/ssh
PATH=$play/shim:$PATH
SLUICE_DIR=$play/enclave
export SLUICE_DIR
sed -e "s|@OLGA@|$(cut -d' ' -f1,2 olga.pub)|" -e "s|@RUI@|$(cut -d' ' -f1,2 rui.pub)|" -e "s|@ANA@|$(cut -d' ' -f1,2 ana.pub)|" \
	-e "s|@EXPIRES@|2099-12-31|" -e "s|@CATALOGUE@|$(sha256sum datapackage.json | cut -d' ' -f1)|" \
	-e 's|"disclosure"|"limits": {"slot_ms": 1}, &|' \
	-e "s|\"people\": *{|&\"aud\": {\"roles\": [\"auditor\"], \"key\": \"$(cut -d' ' -f1,2 aud.pub)\"}, |" \
	-e "s|\"people\": *{|&\"lea\": {\"roles\": [\"owner\"], \"organisation\": \"laboratory\", \"key\": \"$(cut -d' ' -f1,2 lea.pub)\"}, |" \
	-e 's|"projects": *{|&"readings": {"purpose": "Which tests are read", "analysts": ["ana"], "expires": "2099-12-31", "approvals": 1, "tables": {"study.labs": {"test": ["group"]}}}, |' \
	"$source_dir/examples/nafld/policy.json" > policy.json
python3 "$case_dir/play.py" "$source_dir/docs/people"
