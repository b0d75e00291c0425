. "$(dirname "$0")/../lib.sh"
study
bad=$(printf 'a\033[2J\nJ-9 released\342\200\256.lua')
# tame COMMAND…: whatever it says, no byte of it is a control but the end of a line, and nothing turns the reading direction.
tame() {
	"$@" >out 2>err || true
	! cat out err | tr -d '\n' | LC_ALL=C grep -q "$(printf '[\001-\037\177]')" || { cat -v out err >&2; fail "a control: $*"; }
	! cat out err | LC_ALL=C grep -q "$(printf '\342\200\256')" || { cat -v out err >&2; fail "a direction: $*"; }
	! grep -q '^J-9 released' out err || fail "a line of its own: $*"
}
cp "$source_dir/examples/nafld/diagnoses.lua" "$bad"
printf -- '-- \033[2J\342\200\256\nJ-9 released()\n' >"e$bad"
printf 'print("x\\27[2J\\n", "\\u{202e}")\nerror("\\27[2J\\n\\u{202e}J-9 released")\n' >"p$bad"
tame sluice job run "$bad" -p liver --param min=18 --param site=Süd --key ana
says 'J-1 held'
tame sluice job run "e$bad" -p liver --key ana
says 'J-9 released()'
tame sluice job run "p$bad" -p liver --key ana
says 'x\u{1b}[2J\n \u{202e}'
tame sluice job check "$bad" -p "$bad" --key ana
for words in 'a=1\033[2J\342\200\256' 'a=1\n2' 'a=\377' '\377=1' 'a\033=1' 'a b=1' '=1'; do
	expect 2 sluice job run "$bad" -p liver --param "$(printf "$words")" --key ana
	tame sluice job run "$bad" -p liver --param "$(printf "$words")" --key ana
done
expect 2 sluice job run "$bad" -p liver --param "a=$(printf '%09000d' 1)" --key ana
expect 2 sluice job run "./././$(printf '%0600d' 1)" -p liver --key ana
tame sluice job run "$(printf 'a\377.lua')" -p liver --key ana
says 'not UTF-8'
tame sluice request new J-1 --context "$bad" --key ana
says 'one line of clean text'
expect 0 sluice request new J-1 --context "plain words for once" --key ana
for words in 'job ls' 'job ls --json' 'job show J-1' 'job show J-1 --json' 'request show R-1' 'request ls --json'; do
	# shellcheck disable=SC2086
	tame sluice $words --key ana
done
tame sluice review reject R-1 --comment "$bad" --key rui
expect 0 sluice review show R-1 --key rui
says 'min = 18'
says 'site = Süd'
tame sluice review show R-1 --key rui
tame sluice review show R-1 --json --key rui
says '"params":{"min":"18","site":"Süd"}'
tame sluice audit log --key olga
tame sluice audit log --json --key olga
release R-1 L-1
# A signature for openssl is raw bytes, any of them.
! LC_ALL=C grep -rlE --exclude='*.sig' "$(printf '\033|\342\200\256')" "$play/release" || fail "the bundle holds what acts"
expect 0 sluice audit verify
