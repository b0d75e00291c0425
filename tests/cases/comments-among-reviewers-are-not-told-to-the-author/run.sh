. "$(dirname "$0")/../lib.sh"
study
people tom
sed -e 's|"serial": 1|"serial": 2|' \
	-e "s|\"people\": {|&\"tom\": {\"roles\": [\"auditor\"], \"key\": \"$(cut -d' ' -f1,2 tom.pub)\"},|" policy.json > two.json
expect 0 sluice policy sign two.json --key olga
expect 0 sluice policy apply two.json --signature two.json.sig
held "$source_dir/examples/nafld/diagnoses.lua" liver
expect 0 sluice request new J-1 --context "Table 1: a case of the test suite" --draft --key ana
expect 1 sluice request comment R-1 "not yet" --key ana
says request-state
expect 0 sluice request submit R-1 --key ana
expect 0 sluice review comment R-1 "which years?" --key rui
expect 0 sluice review comment R-1 "the third row has eight" --private --key rui
says "to reviewers and auditors alone"
expect 0 sluice request comment R-1 'all of them; \033[31m' --key ana
expect 2 sluice request comment R-1 "hidden" --private --key ana
expect 65 sluice request comment R-1 "$(printf 'red \033[31m')" --key ana
expect 65 sluice request comment R-1 "" --key ana
expect 3 sluice request comment R-1 "mine" --key olga
expect 0 sluice request show R-1 --key ana
says "which years?"
silent "has eight"
for who in rui tom; do
	expect 0 sluice request show R-1 --key $who
	says "which years?"
	says 'all of them; \\033[31m'
	says "PRIVATE comment"
	says "the third row has eight"
done
# By no command: lists, JSON, the log.
for command in "request ls" "request ls --json" "request show R-1 --json"; do
	# shellcheck disable=SC2086
	expect 0 sluice $command --key ana
	silent "has eight"
done
expect 0 sluice audit log --key tom
says request.commented
silent "has eight"
silent "which years"
# It changes nothing: the approval that was asked for still releases it.
expect 0 sluice review approve R-1 --key rui
says "released as L-1"
expect 0 sluice audit verify
