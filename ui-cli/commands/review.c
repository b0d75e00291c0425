/*
 * review.c - the rows of commands for requests, for their reviewers.
 */
#include "ui-cli/commands.h"
#include "ui-cli/commands/flags.h"

const struct sl_command sl_row_review_ls = {
	.noun = "review",
	.verb = "ls",
	.brief = "list the requests that wait for a review",
	.more = "",
	.need = SL_NEED_ACTOR,
	.action = SL_ACTION_REVIEW_SHOW,
	.session = true,
	.run = sl_cmd_review_ls,
};

const struct sl_command sl_row_review_show = {
	.noun = "review",
	.verb = "show",
	.brief = "show what would leave: what to look at first, findings, tables, script, log",
	.more = "",
	.words = { { .name = "R-1" } },
	.flags = { { .name = "--all", .help = "every row and finding, also of a large request" },
	           SL_FLAG_RAW, SL_FLAG_HTML, SL_FLAG_JUDGE_AGAIN,
	           { .name = "--revision", .value = "N",
	             .help = "an earlier revision, as it was, and what of its tables was changed since" } },
	.need = SL_NEED_ACTOR,
	.action = SL_ACTION_REVIEW_SHOW,
	.session = true,
	.run = sl_cmd_review_show,
};

const struct sl_command sl_row_review_next = {
	.noun = "review",
	.verb = "next",
	.brief = "show the oldest request that you may decide and have not",
	.more = "",
	.flags = { SL_FLAG_RAW, SL_FLAG_HTML, SL_FLAG_JUDGE_AGAIN },
	.need = SL_NEED_ACTOR,
	.action = SL_ACTION_REVIEW_SHOW,
	.session = true,
	.run = sl_cmd_review_next,
};

const struct sl_command sl_row_review_return = {
	.noun = "review",
	.verb = "return",
	.brief = "return a request to its author, with a question",
	.more = "Nothing leaves until its author answers with another revision, on which votes begin anew.",
	.words = { { .name = "R-1" } },
	.flags = { { .name = "--reason",
	             .value = "TEXT",
	             .needed = true,
	             .unless = "--signed",
	             .help = "what to change or explain; the author reads it; a statement has its own" },
	           SL_FLAG_SIGNED },
	.need = SL_NEED_ACTOR,
	.action = SL_ACTION_REVIEW_DECIDE,
	.session = true,
	.run = sl_cmd_review_return,
};

const struct sl_command sl_row_review_comment = {
	.noun = "review",
	.verb = "comment",
	.brief = "say something about a request to its author, or among reviewers",
	.more = "",
	.words = { { .name = "R-1" }, { .name = "TEXT" } },
	.flags = { { .name = "--private", .help = "for reviewers and auditors alone" } },
	.need = SL_NEED_ACTOR,
	.action = SL_ACTION_REVIEW_DECIDE,
	.session = true,
	.run = sl_cmd_review_comment,
};

const struct sl_command sl_row_review_statement = {
	.noun = "review",
	.verb = "statement",
	.brief = "print the statement that a decision signs",
	.more = "Sign it elsewhere: ssh-keygen -Y sign -n review@sluice -f KEY FILE; then FILE and FILE.sig, one "
	        "behind the "
	        "other, are what --signed takes.",
	.words = { { .name = "R-1" } },
	.flags = { { .name = "--decision", .value = "approve|return|reject", .needed = true, .help = "which decision" },
	           SL_FLAG_ACKNOWLEDGE, SL_FLAG_REVISION, SL_FLAG_COMMENT },
	.need = SL_NEED_ACTOR,
	.action = SL_ACTION_REVIEW_DECIDE,
	.session = true,
	.run = sl_cmd_review_statement,
};

const struct sl_command sl_row_review_approve = {
	.noun = "review",
	.verb = "approve",
	.brief = "approve a request; the last approval needed releases it",
	.more = "Every rule with a finding of severity review is acknowledged by name. A request that its author has revised "
	        "is approved with --revision, the number that was looked at. Of several requests each is "
	        "approved by itself, with a statement and a line of its own; one in which anything was found, also what is "
	        "hidden, or that was revised is refused, and the others go on: exit code 1.",
	.words = { { .name = "R-1", .many = true } },
	.flags = { SL_FLAG_ACKNOWLEDGE, SL_FLAG_REVISION, SL_FLAG_COMMENT, SL_FLAG_SIGNED },
	.need = SL_NEED_ACTOR,
	.action = SL_ACTION_REVIEW_DECIDE,
	.session = true,
	.run = sl_cmd_review_approve,
};

const struct sl_command sl_row_review_reject = {
	.noun = "review",
	.verb = "reject",
	.brief = "reject a request",
	.more = "",
	.words = { { .name = "R-1" } },
	.flags = { SL_FLAG_WHY, SL_FLAG_SIGNED },
	.need = SL_NEED_ACTOR,
	.action = SL_ACTION_REVIEW_DECIDE,
	.session = true,
	.run = sl_cmd_review_reject,
};
