. "$(dirname "$0")/../lib.sh"
command -v bash >/dev/null || { echo "skipped: no bash"; exit 77; }
tab() {
	bash "$case_dir/tab.bash" "$@" > got 2>noise
	[ ! -s noise ] || { cat noise >&2; fail "it is not silent: $*"; }
}
# is LINE…: exactly these are offered
is() {
	printf '%s\n' "$@" > wanted
	cmp -s wanted got || { cat got >&2; fail "offered where $* was expected"; }
}
study
held "$source_dir/examples/nafld/diagnoses.lua" liver
ask J-1
held "$source_dir/examples/nafld/diagnoses.lua" liver

SLUICE_KEY=$play/ana
export SLUICE_KEY
tab da; is data
tab data se; is search
tab data ls --l; is --late
tab data show study.e; is study.events
tab data show ""; is study.persons study.events study.labs
tab data dummy study.events -p ""; is liver
tab job check diagnoses.lua -p l; is liver
tab job show ""; is J-2 J-1
tab request show ""; is R-1
tab request new J-; is J-2 J-1
tab explain all-e; is all-equal
# an author decides on nothing
tab review show R; is ""
# a reviewer does, and has no jobs
SLUICE_KEY=$play/rui
tab review show ""; is R-1
tab review approve --comment "well done" ""; is R-1
tab job show J; is ""
# a key on the line counts more; one that is nobody's sees nothing
tab job show --key "$play/ana" J; is J-2 J-1
ssh-keygen -q -t ed25519 -N '' -f stranger
tab job show --key "$play/stranger" J; is ""
# files where a word is one
touch mine.lua
tab job check min; is mine.lua

# nothing is written
SLUICE_KEY=$play/ana
release R-1 L-1
sqlite3 enclave/state.db 'PRAGMA wal_checkpoint(TRUNCATE)' >/dev/null
sha256sum enclave/state.db > before
tab release get ""; is L-1
sha256sum -c --quiet before || fail "completing changed state.db"
# outside of an enclave, in one of another version, in a damaged one
for dir in /nonexistent "$play/empty" "$play/other"; do
	mkdir -p "$play/empty" "$play/other"
	echo "no database" > "$play/other/state.db"
	SLUICE_DIR=$dir
	tab data show study; is ""
done
unset SLUICE_DIR
tab data show study; is ""
[ -z "$(ls -A "$play/empty")" ] || fail "it wrote where there is no enclave"

if command -v zsh >/dev/null; then
	SLUICE_DIR=$play/enclave
	export SLUICE_DIR
	zsh -fc 'compdef() { :; }; compadd() { shift; print -l ${(P)1}; }; _files() { print files; }
source <(sluice completion zsh)
words=(sluice data show study.e); CURRENT=4; _sluice; words=(sluice job check ""); _sluice' > got
	is study.events files
fi
