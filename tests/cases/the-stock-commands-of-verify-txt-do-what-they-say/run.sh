. "$(dirname "$0")/../lib.sh"
study
held "$source_dir/examples/nafld/diagnoses.lua" liver
ask J-1
release R-1 L-1
cd release || exit 1
sed -n 's/^  \(sha256sum\|openssl\|ssh-keygen\)/\1/p' VERIFY.txt > ../commands
[ "$(wc -l < ../commands)" -ge 3 ] || fail "VERIFY.txt has too few commands"
stock() {
	bad=0
	while read -r line; do
		sh -c "$line" >../out 2>../err </dev/null || bad=$((bad + 1))
	done < ../plain
}
# ssh-keygen reads its message from standard input: the redirection is part of the line
cp ../commands ../plain
stock
[ "$bad" -eq 0 ] || { cat ../out ../err >&2; fail "$bad stock commands fail on a good release"; }
sed -i '2s/[0-9][0-9]*$/7/' data/diagnoses.csv
stock
[ "$bad" -eq 1 ] || fail "a changed number was found by $bad commands, not by one"
sed 's/approve/reject./' approvals/rui.json > ../a && cp ../a approvals/rui.json
cp statement.pae ../p && sed 's/liver/lover/' ../p > statement.pae
stock
[ "$bad" -eq 3 ] || fail "a changed approval and statement were found by $bad commands, not by three"
