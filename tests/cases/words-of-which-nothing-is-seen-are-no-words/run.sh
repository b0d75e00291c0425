. "$(dirname "$0")/../lib.sh"
study
held "$source_dir/examples/nafld/diagnoses.lua" liver
# Hangul filler, empty braille, ideographic space, no-break space, joiner, soft hyphen, zero-width space; and plain blanks.
set -- '\343\205\244' '\342\240\200' '\343\200\200' '\302\240' '\342\200\215' '\302\255' '\342\200\213' '   '
context="Table 1: a case of the test suite"
for octal in "$@"; do
	# shellcheck disable=SC2059 # the text is the format
	unseen=$(printf "$octal" && printf "$octal")
	expect 65 sluice request new J-1 --context "$context" --title "$unseen" --key ana
	says "a title is one line of clean text"
done
unseen=$(printf '\343\205\244 \342\240\200 \343\200\200 \302\240')
# A context of fillers is not three words; the description of a column is more than its name and a filler.
expect 3 sluice request new J-1 --context "$unseen" --key ana
says "does not say what it is for"
cat > share.lua <<L
output("old", from "study.persons" :group_by("male") :summarise { persons = "units()", old = "count_if(age > 60)" }
  :describe { male = "sex", persons = "persons", old = "OLD" })
L
sed "s/OLD/old$unseen/" share.lua > filler.lua
sed "s/OLD/persons above 60/" share.lua > said.lua
held filler.lua liver
expect 3 sluice request new "$(grep -o 'J-[0-9]*' out | head -1)" --context "$context" --key ana
says "it has no description, or only its own name"
held said.lua liver
ask "$(grep -o 'J-[0-9]*' out | head -1)"
waits=$(grep -o 'R-[0-9]*' out | head -1)
# Reviewers and officers as well.
expect 65 sluice review comment "$waits" "$unseen" --key rui
expect 65 sluice review return "$waits" --reason "$unseen" --key rui
expect 65 sluice review reject "$waits" --comment "$unseen" --key rui
expect 65 sluice review approve "$waits" --comment "$unseen" --key rui
sed "s/\"purpose\": \"[^\"]*\"/\"purpose\": \"$unseen\"/; s/\"serial\": 1/\"serial\": 2/" policy.json > blank.json
expect 1 sluice policy lint blank.json
says 'the purpose of project "liver" is blank'
expect 0 sluice policy sign blank.json --key olga
got=0
sluice policy apply blank.json --signature blank.json.sig > out 2> err || got=$?
[ "$got" -ne 0 ] || fail "a policy without a purpose is in force"
