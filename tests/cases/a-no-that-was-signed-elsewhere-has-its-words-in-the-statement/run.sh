. "$(dirname "$0")/../lib.sh"
people olga rui ana
study
held "$source_dir/examples/nafld/diagnoses.lua" liver
# elsewhere DECISION WORDS: the statement, signed on another machine; in `signed`.
elsewhere() {
	rm -f said.json.sig
	sluice review statement R-1 --decision "$1" --comment "$2" --key rui > said.json
	ssh-keygen -q -Y sign -n review@sluice -f rui said.json
	cat said.json said.json.sig > signed
}
ask J-1
# No words, no statement; and no decision without either.
for decision in return reject; do
	expect 65 sluice review statement R-1 --decision $decision --key rui
	says "with words, for its author to know why"
	expect 65 sluice review statement R-1 --decision $decision --comment "$(printf '\343\205\244')" --key rui
done
expect 2 sluice review return R-1 --key rui
says "--reason TEXT is missing"
expect 2 sluice review reject R-1 --key rui
says "--comment TEXT is missing"
expect 65 sluice review reject R-1 --comment " " --key rui
elsewhere return "which years are these?"
# The statement is of one decision alone, and other words beside it are other words.
expect 6 sluice review reject R-1 --signed signed --key rui
expect 6 sluice review return R-1 --reason "which years?" --signed signed --key rui
expect 0 sluice review return R-1 --signed signed --key rui
expect 0 sluice request show R-1 --key ana
says "which years are these?"
expect 0 sluice request revise R-1 --context "Table 1: of all years there are" --key ana
elsewhere reject "once is enough"
expect 0 sluice review reject R-1 --signed - --key rui < signed
expect 0 sluice request show R-1 --key ana
says "rejected"
says "once is enough"
