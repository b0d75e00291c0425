# load.sh DIRECTORY - play one attack on what Sluice loads: make.py makes the hostile source in an empty folder,
# expect.txt says what must be answered, and nothing may be left behind by what was refused. Lines of expect.txt:
#
#   attach FILE WORDS…   a round: sluice data attach FILE WORDS… --as study.t --package datapackage.json
#   import PACKAGE       a round: sluice data import PACKAGE
#   lint POLICY          a round: sluice policy lint POLICY
#   exit CODE…           one of these; must be the first line of a round
#   says TEXT            the answer has this text
#   silent TEXT          it has not
#   names TEXT           what it calls the source, where that is not FILE or t.csv; - for nothing
#   rows N               so many rows of study.t were imported
#   changes              the source changes meanwhile: while.py, in the background
set -eu
: "${SLUICE_BIN:?}"
attack=$(cd "$1" && pwd)
here=$(cd "$(dirname "$0")" && pwd)
PATH=$SLUICE_BIN:$PATH
play=$(mktemp -d)
changer=
trap '[ -z "$changer" ] || kill "$changer" 2>/dev/null || :; rm -rf "$play"' EXIT
umask 077
unset SLUICE_KEY SLUICE_DIR
mkdir "$play/source" "$play/notes"
cd "$play/source"
notes=$play/notes
enclave=$play/enclave
round=
answer=0

fail() {
	cat "$notes/answer" >&2 2>/dev/null || :
	printf 'attack: %s: %s\n' "$round" "$*" >&2
	exit 1
}

# Everything an answer could change: the log's root, the tables, the files of the vault with their lengths.
state() {
	sluice audit verify --dir "$enclave" || fail "the log is broken"
	sluice data ls --json --dir "$enclave"
	find "$enclave/vault" -type f ! -name import.lock ! -size 0 -printf '%f %s\n' | sort
}

# The folder of the source: its files, when they were written to, and what is in those that are not long.
source_state() {
	find . -printf '%y %p %l %s %T@\n' | sort
	find . -type f -size -1024k -exec sha256sum '{}' + | sort
}

play_round() {
	[ -f "$notes/after" ] || state >"$notes/after"
	[ -f "$notes/source-after" ] || source_state >"$notes/source-after"
	mv "$notes/after" "$notes/before"
	mv "$notes/source-after" "$notes/source-before"
	if [ -f "$attack/while.py" ]; then
		python3 -B "$attack/while.py" &
		changer=$!
	fi
	answer=0
	case $1 in
	attach)
		shift
		source=$1
		sluice data attach "$@" --as study.t --package datapackage.json --dir "$enclave" >"$notes/answer" 2>&1 || answer=$?
		;;
	import)
		shift
		source=t.csv
		sluice data import "$@" --dir "$enclave" >"$notes/answer" 2>&1 || answer=$?
		;;
	lint)
		source=$2
		sluice policy lint "$2" --dir "$enclave" >"$notes/answer" 2>&1 || answer=$?
		;;
	esac
	if [ -n "$changer" ]; then
		kill "$changer" 2>/dev/null || :
		wait "$changer" 2>/dev/null || :
		changer=
	fi
	changes=
	named=
	state >"$notes/after"
}

# What holds of every answer; told when the round's own lines are through.
end_round() {
	[ -n "$round" ] || return 0
	[ -n "$judged" ] || fail "no exit code is expected"
	source_state >"$notes/source-after"
	[ -n "$changes" ] || cmp -s "$notes/source-before" "$notes/source-after" || fail "the source's folder was changed"
	[ "$(LC_ALL=C tr -d '\11\12\40-\176\200-\377' <"$notes/answer" | wc -c)" -eq 0 ] || fail "control characters in the answer"
	! grep -qE 'killed by|exit code|protocol|internal' "$notes/answer" || fail "the confined process did not end in order"
	[ "$answer" -eq 0 ] || {
		[ "$named" = - ] || grep -qF -- "${named:-${source##*/}}" "$notes/answer" || fail "the answer does not name the source"
		cmp -s "$notes/before" "$notes/after" || {
			diff "$notes/before" "$notes/after" >&2
			fail "a refused source left something behind"
		}
	}
}

judge() {
	words=$1
	shift
	case $words in
	exit)
		for code in "$@"; do
			[ "$answer" -ne "$code" ] || judged=yes
		done
		[ -n "$judged" ] || fail "exit code $answer, expected $*"
		;;
	says) grep -qF -- "$*" "$notes/answer" || fail "it does not say: $*" ;;
	silent) ! grep -qF -- "$*" "$notes/answer" || fail "it says what it must not: $*" ;;
	names) named=$* ;;
	rows) grep -qF "\"name\":\"study.t\",\"owner\":\"clinic\",\"rows\":$1," "$notes/after" || fail "not $1 rows" ;;
	changes) changes=yes ;;
	*) fail "expect.txt: $words is no word of it" ;;
	esac
}

ssh-keygen -q -t ed25519 -N '' -C olga -f "$play/olga"
sluice init "$enclave" --name demo --officer "olga=$play/olga.pub" --anchor "$play/anchor" >/dev/null
cp "$here/load-package.json" datapackage.json
PYTHONPATH=$here python3 -B "$attack/make.py"
[ -s "$attack/why.txt" ] || fail "why.txt is missing"

while read -r first rest; do
	# shellcheck disable=SC2086 # words of one line
	case $first in
	attach | import | lint)
		end_round
		round="$first $rest"
		judged=
		play_round "$first" $rest
		;;
	'') ;;
	*) judge "$first" $rest ;;
	esac
done <"$attack/expect.txt"
[ -n "$round" ] || fail "expect.txt plays no round"
end_round

# And an honest source is taken as ever.
mkdir honest
cp "$here/load-package.json" honest/datapackage.json
printf 'id,v\n1,2\n2,3\n3,\n' >honest/t.csv
round="an honest source afterwards"
sluice data import honest/datapackage.json --dir "$enclave" >"$notes/answer" 2>&1 || fail "is refused"
sluice data ls --json --dir "$enclave" >"$notes/after"
judge rows 3
sluice data verify --dir "$enclave" >"$notes/answer" 2>&1 || fail "does not verify"
