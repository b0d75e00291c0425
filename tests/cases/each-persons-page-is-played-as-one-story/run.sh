. "$(dirname "$0")/../lib.sh"
people olga rui ana aud
cp "$source_dir"/examples/nafld/*.csv.gz "$source_dir"/examples/nafld/datapackage.json "$source_dir/examples/nafld/diagnoses.lua" .
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
	"$source_dir/examples/nafld/policy.json" > policy.json
python3 "$case_dir/play.py" "$source_dir/docs/people"
