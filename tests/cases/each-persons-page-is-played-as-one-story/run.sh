. "$(dirname "$0")/../lib.sh"
cp "$source_dir"/examples/nafld/*.csv.gz "$source_dir"/examples/nafld/datapackage.json .
. "$case_dir/../pages.sh"
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
python3 "$case_dir/play.py" "$source_dir/docs/people"
