. "$(dirname "$0")/../lib.sh"
command -v openssl >/dev/null || { echo "skipped: no openssl"; exit 77; }
study
held "$source_dir/examples/nafld/diagnoses.lua" liver
ask J-1
release R-1 L-1
mv release ours
cp anchor.txt ours.txt
# Another enclave of the same name, for the same people.
mv enclave first && mv enclave-keys first-keys
enclave demo
cp anchor.txt theirs.txt
anew() {
	key=$1
	shift
	rm -rf again
	cp -a ours again
	python3 -B "$case_dir/sign_anew.py" again "$key" "$@"
}
# With our own keys the hand's work verifies: what it makes is whole.
anew first-keys/enclave.pem key note statement
expect 0 sluice release verify again --anchor ours.txt
# With theirs everything fits but the anchor.
anew enclave-keys/enclave.pem key note statement
expect 5 sluice release verify again
says "whose it is cannot be told without an anchor"
silent FAILED
expect 6 sluice release verify again --anchor ours.txt
says "another enclave signed this"
expect 6 sluice release verify again --anchor theirs.txt
says "not the log that the anchor begins"
(cd again && sha256sum -c --quiet SHA256SUMS)
# Signed in part: found without any anchor.
for part in key note statement "key note" "key statement" "note statement"; do
	anew enclave-keys/enclave.pem $part
	expect 6 sluice release verify again
	says FAILED
	expect 6 sluice release verify again --anchor ours.txt
done
