/*
 * request.c - the rows of commands for requests, for their authors.
 */
#include "ui-cli/commands.h"

const struct sl_command sl_row_request_new = {
	.noun = "request",
	.verb = "new",
	.brief = "ask for a held job's outputs to be released",
	.more = "The outputs are checked for disclosure and frozen as they would leave; then reviewers decide.",
	.words = { { .name = "J-1" } },
	.flags = { { .name = "--context",
	             .value = "TEXT",
	             .needed = true,
	             .help = "what the numbers are for; it is published with them" },
	           { .name = "--title", .value = "TEXT", .help = "a few words that lists show it by" },
	           { .name = "--output",
	             .value = "NAME",
	             .many = true,
	             .help = "only this output; may be repeated" },
	           { .name = "--draft", .help = "have it judged; reviewers see it, and decide when it is submitted" } },
	.need = SL_NEED_ACTOR,
	.action = SL_ACTION_REQUEST_NEW,
	.session = true,
	.run = sl_cmd_request_new,
};

const struct sl_command sl_row_request_submit = {
	.noun = "request",
	.verb = "submit",
	.brief = "let the reviewers decide on a draft",
	.more = "It is signed now, as it was judged.",
	.words = { { .name = "R-1" } },
	.need = SL_NEED_ACTOR,
	.action = SL_ACTION_REQUEST_NEW,
	.session = true,
	.run = sl_cmd_request_submit,
};

const struct sl_command sl_row_request_revise = {
	.noun = "request",
	.verb = "revise",
	.brief = "make another revision of a request; votes begin anew",
	.more = "The publication is made and judged again, of the same job. What is not given stays as it was. Approvals "
	        "name what they approved: those of an earlier revision never count.",
	.words = { { .name = "R-1" } },
	.flags = { { .name = "--context", .value = "TEXT", .help = "other words on what the numbers are for" },
	           { .name = "--title", .value = "TEXT", .help = "other words that lists show it by" },
	           { .name = "--output", .value = "NAME", .many = true, .help = "only this output; may be repeated" },
	           { .name = "--draft", .help = "have it judged; reviewers see it, and decide when it is submitted" } },
	.need = SL_NEED_ACTOR,
	.action = SL_ACTION_REQUEST_NEW,
	.session = true,
	.run = sl_cmd_request_revise,
};

const struct sl_command sl_row_request_withdraw = {
	.noun = "request",
	.verb = "withdraw",
	.brief = "ask for it no more",
	.more = "Until it is released.",
	.words = { { .name = "R-1" } },
	.need = SL_NEED_ACTOR,
	.action = SL_ACTION_REQUEST_NEW,
	.session = true,
	.run = sl_cmd_request_withdraw,
};

const struct sl_command sl_row_request_comment = {
	.noun = "request",
	.verb = "comment",
	.brief = "say something about a request to those who decide",
	.more = "",
	.words = { { .name = "R-1" }, { .name = "TEXT" } },
	.need = SL_NEED_ACTOR,
	.action = SL_ACTION_REQUEST_NEW,
	.session = true,
	.run = sl_cmd_review_comment,
};

const struct sl_command sl_row_request_ls = {
	.noun = "request",
	.verb = "ls",
	.brief = "list requests",
	.more = "",
	.need = SL_NEED_ACTOR,
	.action = SL_ACTION_REQUEST_LIST,
	.session = true,
	.run = sl_cmd_request_ls,
};

const struct sl_command sl_row_request_show = {
	.noun = "request",
	.verb = "show",
	.brief = "show one request",
	.more = "",
	.words = { { .name = "R-1" } },
	.need = SL_NEED_ACTOR,
	.action = SL_ACTION_REQUEST_LIST,
	.session = true,
	.run = sl_cmd_request_show,
};
