/* explain.c - see explain.h. A test holds it against the ids that the sources give. */
#include "jobs/explain.h"

#include "jobs/history.h"
#include "jobs/release.h"
#include "jobs/unseen.h"
#include "policy/gate.h"
#include "policy/grant.h"
#include "policy/moves.h"
#include "policy/implied.h"
#include "policy/plan_grant.h"
#include "policy/rules/rule.h"

#define REFUSAL "refusal"
#define LINT_ERROR "policy lint, error"
#define LINT_WARNING "policy lint, warning"
#define AUTHOR "the author of the job"
#define OFFICER "an officer, by a new policy"

/* As struct sl_explained begins. */
struct word {
	const char *id, *kind, *meaning, *who, *remedy;
	int exit;
};

static const struct word words[] = {
	/* who somebody is, and what their roles allow */
	{ "role", REFUSAL, "none of the person's roles allows this", OFFICER,
	  "`sluice policy matrix` tells which role may", -1 },
	{ "author", REFUSAL, "only the author of a request may ask this of it", "the author",
	  "let the author do it", -1 },
	{ "not-a-reviewer", REFUSAL, "the person is no reviewer in the policy in force", OFFICER,
	  "ask a reviewer", -1 },
	{ SL_MOVES_PARTY, REFUSAL, "the move is somebody else's: the request's author's, a reviewer's, an officer's",
	  "whoever may make the move", "`sluice policy matrix --moves` tells whose each move is", -1 },
	{ SL_MOVES_STATE, REFUSAL, "the request is in a state from which this is not done", "whoever asks",
	  "`sluice policy matrix --moves` tells what can be done from each state", -1 },
	{ "flagged", REFUSAL, "something was found in the request, and it is approved by itself and not beside others",
	  "the reviewer", "read what was found, `sluice review show R-1`, and approve it alone", -1 },
	{ SL_RELEASE_REVOKED, REFUSAL, "the release was taken back: whoever has it should not use it", "nobody",
	  "`sluice release ls` has the reason and who has it; for other numbers, request anew", -1 },
	{ SL_HISTORY_UNKNOWN, REFUSAL, "something left of these persons that a restored state does not know enough of",
	  "an operator", "cure what the refusal names, then `sluice recover --release DIR` with that bundle", -1 },
	{ "session-command", REFUSAL, "this is not done over a session", "the operator",
	  "do it on the enclave's own account; help lists what a session may do", -1 },
	{ "session-flag", REFUSAL, "this flag is not for a session", "whoever asks",
	  "leave it out: directory and person are the session's", -1 },
	{ "session-path", REFUSAL, "a path would name a file of the enclave's own account", "whoever asks",
	  "give \"-\" and send the file on standard input", -1 },
	/* policies that are put in force */
	{ "policy-officers", REFUSAL, "not enough officers of the policy in force signed", "the officers",
	  "sign the same bytes: `sluice policy sign`", -1 },
	{ "policy-succession", REFUSAL, "the policy does not follow the one in force", "the officers",
	  "give it a higher serial, and the enclave's name", -1 },
	/* what a project and its analyst were granted */
	{ SL_GRANT_NO_SUCH_PERSON, REFUSAL, "the policy in force has nobody of this name", OFFICER,
	  "ask to be named", -1 },
	{ SL_GRANT_NO_SUCH_PROJECT, REFUSAL, "the policy in force has no such project", OFFICER,
	  "see `sluice policy show --summary`", -1 },
	{ SL_GRANT_NOT_AN_ANALYST, REFUSAL, "the person is no analyst of the project", OFFICER,
	  "ask to be named there", -1 },
	{ SL_GRANT_EXPIRED, REFUSAL, "the project has expired; lint warns of it", OFFICER,
	  "give it a later end", -1 },
	{ SL_GRANT_APPROVALS, REFUSAL, "the project asks for no approvals, so nothing could leave it", OFFICER,
	  "set `approvals` to one or more", -1 },
	{ SL_GRANT_CATALOGUE_MISSING, REFUSAL, "a catalogue is pinned that is not here", "the operator",
	  "import its data", -1 },
	{ SL_GRANT_CATALOGUE_MOVED, REFUSAL, "the catalogue is not the one that is pinned", OFFICER,
	  "pin the catalogue of now", -1 },
	{ SL_GRANT_NO_SUCH_TABLE, REFUSAL, "no catalogue has this table", OFFICER,
	  "see `sluice data ls` for the names", -1 },
	{ SL_GRANT_NO_SUCH_COLUMN, REFUSAL, "the table has no such column", OFFICER,
	  "see `sluice data show TABLE`", -1 },
	{ SL_GRANT_CLASS, REFUSAL, "the table's class does not allow it to this project", "the data owner",
	  "ask the owner of the table", -1 },
	{ SL_GRANT_NOTHING, REFUSAL, "of what the policy grants, the catalogue offers nothing", OFFICER,
	  "grant uses that the catalogue offers", -1 },
	{ SL_GRANT_NO_OWNER_GRANT, REFUSAL, "the table is used on application, and no grant of its owner is in force",
	  "the data owner", "apply: `sluice data request TABLE -p PROJECT --reason TEXT`", -1 },
	{ SL_GRANT_OWNER_USE, REFUSAL, "the owner's grant does not give this use of the column", "the data owner",
	  "do without it, or apply again", -1 },
	{ SL_GRANT_JOINS, REFUSAL, "an owner does not let the two tables be joined", "the data owner",
	  "make two outputs, or ask the owner to list the other table under `joins` in the catalogue", -1 },
	{ SL_GRANT_NOT_OWNER, REFUSAL, "the person does not speak for the organisation that owns the table", OFFICER,
	  "ask an owner of the table", -1 },
	{ SL_GRANT_OWN_PROJECT, REFUSAL, "an analyst of a project decides nothing for it, though they own the table",
	  "another owner", "let another owner of the same organisation decide", -1 },
	{ "quality", REFUSAL, "what a table is like depends on its rows, and its catalogue does not open it to the person",
	  "the data owner", "ask an owner of the table", -1 },
	{ "not-granted", REFUSAL, "a column or its use was asked for and not granted", OFFICER,
	  "ask for the use, or do without the column", -1 },
	{ "disclosure", REFUSAL, "under this policy a rule would refuse or hide what was published", OFFICER,
	  "see which rule: `sluice policy diff`", -1 },
	{ "grant-changed", REFUSAL, "the author's grant is not the one the job ran under", AUTHOR,
	  "run the job again", -1 },
	{ SL_UNSEEN_REQUESTS, REFUSAL,
	  "so many requests of the project were judged that no reviewer has looked at: each told its author one bit of rows",
	  "a reviewer", "look: `sluice review ls` names those that wait for nobody, `sluice review show R-1` is a look",
	  -1 },
	{ SL_UNSEEN_JOBS, REFUSAL,
	  "so many jobs of the project run, did not complete, took long or may take longer than sixteen slots or a limit, or "
	  "had a request that could not be judged, and nobody has looked: how each ended told its author of rows",
	  "an operator or auditor", "look: `sluice job ls` names them, `sluice job show J-1` is a look; where most jobs may "
	  "take longer than sixteen slots an officer raises `slot_ms`", -1 },
	/* what a script plans */
	{ SL_PLAN_USE_GROUP, REFUSAL, "the column may not be grouped by", "the data owner, and an officer",
	  "ask for the use \"group\", or do without", -1 },
	{ SL_PLAN_USE_FILTER, REFUSAL, "the column may not be filtered by", "the data owner, and an officer",
	  "ask for the use \"filter\", or do without", -1 },
	{ SL_PLAN_USE_MEASURE, REFUSAL, "the column may not be measured", "the data owner, and an officer",
	  "ask for the use \"measure\", or do without", -1 },
	{ SL_PLAN_CELLS, REFUSAL, "the output has more cells than the limit", AUTHOR,
	  "group by fewer or wider keys", -1 },
	{ SL_PLAN_NODES, REFUSAL, "the plan has more steps than the limit", AUTHOR, "split the script", -1 },
	{ SL_PLAN_MEMORY, REFUSAL, "the plan needs more memory than the limit", AUTHOR,
	  "group by fewer or wider keys", -1 },
	{ SL_PLAN_OUTPUTS, REFUSAL, "the script makes more outputs than the limit", AUTHOR, "split the script", -1 },
	{ SL_PLAN_BYTES, REFUSAL, "the output is larger than the limit", AUTHOR,
	  "make fewer cells or statistics", -1 },
	{ SL_PLAN_TWICE, REFUSAL, "two outputs have one name", AUTHOR, "give each output its own name", -1 },
	{ SL_PLAN_IMPLIED, REFUSAL, "its numbers tell more counts, of variables with two values, than can be looked after",
	  AUTHOR, "take fewer variables with two values into a model, or an output of its own", -1 },
	/* what lint says of a policy */
	{ "unit-column", LINT_ERROR, "the privacy unit's column is granted; it never is", OFFICER,
	  "take it out", -1 },
	{ "reference-table", LINT_ERROR, "a reference table is granted like a sensitive one", OFFICER,
	  "take it out", -1 },
	{ "key-twice", LINT_ERROR, "two people have one key", OFFICER, "give each person a key of their own", -1 },
	{ "powers", LINT_ERROR, "one person has two powers that are kept apart", OFFICER,
	  "take one away, or sign an exception", -1 },
	{ "officers", LINT_ERROR, "fewer officers than must sign: nobody could ever sign another policy", OFFICER,
	  "name more officers, or lower `officers_needed`", -1 },
	{ "blank-purpose", LINT_ERROR, "nothing is to be seen of a project's purpose", OFFICER,
	  "say what the project is for: reviewers judge by it", -1 },
	{ "too-few-reviewers", LINT_ERROR, "fewer reviewers may decide than approvals are asked", OFFICER,
	  "name more reviewers, or ask for fewer approvals", -1 },
	{ "no-organisation", LINT_WARNING,
	  "reviews are between organisations, and an analyst or a reviewer has none: nothing of theirs is decided", OFFICER,
	  "say `organisation` of them", -1 },
	{ "released-numbers-more", LINT_WARNING,
	  "a project may have more numbers of a unit space than `disclosure` lets the others have", OFFICER,
	  "see that it is meant", -1 },
	{ "random-numerator", LINT_WARNING,
	  "counts are rounded at random and `numerator` is off: many near counts have an average", OFFICER,
	  "leave `numerator` on", -1 },
	{ "exception", LINT_WARNING, "an exception lets one person hold two powers", OFFICER,
	  "see that it is meant", -1 },
	{ "exception-idle", LINT_WARNING, "an exception that nothing needs", OFFICER, "take it out", -1 },
	{ "use-not-offered", LINT_WARNING,
	  "a use is granted that the catalogue does not offer: it grants nothing", OFFICER,
	  "take it out, or ask the data owner", -1 },
	{ "level-group", LINT_WARNING,
	  "a column of high level may group, or is granted for it, and is not marked sensitive",
	  "the data owner, or an officer",
	  "mark it sensitive in the catalogue, or do not grant it for grouping", -1 },
	{ "public-large", LINT_WARNING, "a total that is public has many combinations: what is compared with it is asked less",
	  "the data owner", "declare it by fewer columns, if that is what is public", -1 },
	{ "no-owner", LINT_WARNING, "a table has no owner", "the data owner", "name the owner in the catalogue", -1 },
	{ "no-domain", LINT_WARNING, "a column of text has no domain and is not imported", "the data owner",
	  "declare an enum in the catalogue", -1 },
	{ "formula", LINT_WARNING, "spreadsheets would compute a label", "the data owner",
	  "let no label begin like a formula", -1 },
	{ "no-role", LINT_WARNING, "a person has no role", OFFICER, "give a role, or take the person out", -1 },
	{ "no-title", LINT_WARNING, "a column has no title; authors must describe it themselves", "the data owner",
	  "give it one in the catalogue", -1 },
	{ "no-unit", LINT_WARNING, "a column does not say what it is measured in; authors must, each time",
	  "the data owner",
	  "add `measured_in`", -1 },
	{ "no-use", LINT_WARNING, "a column is granted no use, and so nothing", OFFICER,
	  "name the uses, or take it out", -1 },
	{ "empty-project", LINT_WARNING, "a project has no tables or no analysts", OFFICER,
	  "fill it in, or take it out", -1 },
	{ "not-enforced", LINT_WARNING, "a constraint of the catalogue is not checked at import", "the data owner",
	  "do not rely on it", -1 },
	{ "officer-reviews", LINT_WARNING, "an officer is a reviewer as well", OFFICER, "name somebody else", -1 },
	{ "reviewer-is-analyst", LINT_WARNING,
	  "a reviewer is an analyst of the project, and cannot decide there", OFFICER,
	  "name a reviewer from outside", -1 },
	{ "rule-off", LINT_WARNING, "a rule of disclosure is switched off", OFFICER,
	  "switch it on, unless it is meant", -1 },
	{ "dominance-off", LINT_WARNING, "dominance is off: a sum may be nearly one unit's own value", OFFICER,
	  "set it, unless it is meant", -1 },
	{ "p-percent-off", LINT_WARNING, "p % is off: one unit may estimate another too closely", OFFICER,
	  "set it, unless it is meant", -1 },
	{ "slot-off", LINT_WARNING, "a job's end is told at once, so how long it took tells about rows", OFFICER,
	  "leave `slot_ms` out, or take the time that most jobs need", -1 },
	{ "secondary-slow", LINT_WARNING,
	  "the choice of what is hidden besides may take longer than the check is given",
	  OFFICER, "raise `check_cpu_ms`, or lower `secondary_work`", -1 },
	{ "threshold-low", LINT_WARNING, "so low a threshold lets two units read each other off a cell", OFFICER,
	  "set it to three or more", -1 },
	/* how a command ended */
	{ "ok", "exit code", "done", "", "", 0 },
	{ "no", "exit code", "the answer is no, or nothing of that name is here for who asks", "whoever asks",
	  "read the message: it says what is not so", 1 },
	{ "usage", "exit code", "wrong words on the command line", "whoever asks", "`sluice help COMMAND`", 2 },
	{ "denied", "exit code", "policy or grant refuses", "as its rule says", "`sluice explain RULE`", 3 },
	{ "not-identified", "exit code", "nobody was identified, or not who they say", "whoever asks",
	  "say who you are with your key: --key PATH", 4 },
	{ "undecided", "exit code", "not decided yet, or the signer is not known",
	  "reviewers; or whoever has the anchor",
	  "wait for the reviewers; give the anchor", 5 },
	{ "integrity", "exit code", "bytes are not the bytes that were signed or sealed", "the operator",
	  "keep what is there, and find out who changed it; then bring a backup back", 6 },
	{ "limit", "exit code", "a declared limit was met", "the author; or an officer, by a new limit",
	  "ask for less, or for a higher limit", 7 },
	{ "input", "exit code", "bad input, told with file and line", "whoever wrote it",
	  "mend the line it names", 65 },
	{ "host", "exit code", "the host lacks a layer that is required", "the operator",
	  "`sluice doctor` tells what to do", 69 },
	{ "no-memory", "exit code", "memory ran out", "the operator", "give the host more memory", 70 },
	{ "bug", "exit code", "an invariant broke", "the people who make Sluice",
	  "keep the message and report it", 70 },
	{ "io", "exit code", "disk or system call failed", "the operator",
	  "see that the disk has room and works", 74 },
	{ "busy", "exit code", "somebody else holds it", "whoever asks",
	  "try again when the other command is done", 75 },
	{ "interrupted", "exit code", "it was interrupted", "whoever asks", "run it again", 130 },
};

#define NWORDS (sizeof words / sizeof words[0])

static const char *cured_by(enum sl_condition condition)
{
	switch (condition) {
	case SL_CONDITION_POLICY:
	case SL_CONDITION_GRANT:
	case SL_CONDITION_EXPIRY:
		return "the author with a new request, or an officer";
	case SL_CONDITION_OWNER_GRANT:
	case SL_CONDITION_OWNER_APPROVAL:
		return "the data owner";
	case SL_CONDITION_APPROVALS:
	case SL_CONDITION_BOUND:
	case SL_CONDITION_FINDINGS:
	case SL_CONDITION_INDEPENDENT:
	case SL_CONDITION_NO_REJECTION:
		return "the reviewers";
	case SL_CONDITION_LOG:
		return "the operator";
	case SL_CONDITION_RELEASED:
		return "the author, with a smaller request; or an officer, by a new policy";
	default:
		return "the author, with a new request";
	}
}

bool sl_explain_at(size_t i, struct sl_explained *out)
{
	/* Row 0 of the rules is none. */
	if (i < SL_RULE_COUNT_ - 1) {
		const struct sl_rule_row *r = &sl_rules_table[i + 1];
		*out = (struct sl_explained){ r->id, "disclosure rule", r->reason, AUTHOR, r->remedy, -1, r->unit, r->allowed };
		return true;
	}
	i -= SL_RULE_COUNT_ - 1;
	if (i < SL_CONDITION_COUNT_) {
		const struct sl_condition_row *r = &sl_conditions_table[i];
		*out = (struct sl_explained){ r->id, "condition of the gate, met when", r->reason, cured_by(r->condition),
			r->remedy, -1, NULL, NULL };
		return true;
	}
	i -= SL_CONDITION_COUNT_;
	if (i >= NWORDS)
		return false;
	*out = (struct sl_explained){ words[i].id, words[i].kind, words[i].meaning, words[i].who, words[i].remedy,
		words[i].exit, NULL, NULL };
	return true;
}
