# asked.sh - a case that asks one script after the other, each in a request, and looks at what would leave. It has
# persons.csv, datapackage.json and template.json of a project "pay", and writes job.lua.

# begin: an enclave of which nothing was asked yet.
begin() {
	rm -rf enclave enclave-keys release
	enclave
	expect 0 sluice data import datapackage.json
	policy template.json datapackage.json
	j=0
}
# asked LINE ...: what the reviewer of the script's request sees, and what was found.
asked() {
	j=$((j + 1))
	held job.lua pay
	ask "J-$j"
	expect 0 sluice review show "R-$j" --raw --key rui
	for line in "$@"; do
		grep -qE "^$line\$" out || { cat out >&2; fail "J-$j: no line $line"; }
	done
	cp out raw
	expect 0 sluice review show "R-$j" --key rui
	: > job.lua
}
# The number of rows of which something is hidden.
hidden() { [ "$(grep -c '\[c\]' raw)" -eq "$1" ] || { cat raw >&2; fail "not $1 hidden"; }; }
c='\[c\]' some='[0-9.]+'
: > job.lua
