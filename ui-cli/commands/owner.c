/*
 * owner.c - the rows of commands for what owners are asked, what they answer, and what became of their tables.
 */
#include "ui-cli/commands.h"
#include "ui-cli/commands/flags.h"

const struct sl_command sl_row_data_request = {
	.noun = "data",
	.verb = "request",
	.brief = "ask the owners of tables for their use in a project",
	.more = "For tables of class on_application: without a grant of the owner nobody uses them, whatever the policy "
	        "says. One application a table; the owner sees project, purpose, columns and uses.",
	.words = { { .name = "TABLE", .many = true } },
	.flags = { { .name = "--project", .value = "PROJECT", .needed = true, .help = "the project; -p for short" },
	           { .name = "--reason",
	             .value = "TEXT",
	             .needed = true,
	             .help = "what it is needed for; the owner reads it" },
	           { .name = "--until", .value = "DAY", .help = "YYYY-MM-DD, the last day it is wanted" } },
	.need = SL_NEED_ACTOR,
	.action = SL_ACTION_DATA_REQUEST,
	.session = true,
	.run = sl_cmd_data_request,
};

const struct sl_command sl_row_data_requests = {
	.noun = "data",
	.verb = "requests",
	.brief = "list applications to owners and what became of them; or show one",
	.more = "An analyst sees those of their projects, an owner those for their tables, officers and auditors all.",
	.words = { { .name = "A-1", .optional = true } },
	.need = SL_NEED_ACTOR,
	.action = SL_ACTION_DATA_REQUESTS,
	.session = true,
	.run = sl_cmd_data_requests,
};

const struct sl_command sl_row_data_grant = {
	.noun = "data",
	.verb = "grant",
	.brief = "grant an application, until a day; signed",
	.more = "The grant is for the project's purpose and analysts of now, and for the columns and uses that policy and "
	        "catalogue both give, or fewer. What the policy does not give, no grant does.",
	.words = { { .name = "A-1" } },
	.flags = { { .name = "--until", .value = "DAY", .help = "YYYY-MM-DD, the last day; needed unless --signed" },
	           { .name = "--columns",
	             .value = "COLUMN",
	             .many = true,
	             .help = "only this column; may be repeated" },
	           SL_FLAG_SIGNED },
	.need = SL_NEED_ACTOR,
	.action = SL_ACTION_DATA_GRANT,
	.session = true,
	.run = sl_cmd_data_grant,
};

const struct sl_command sl_row_data_refuse = {
	.noun = "data",
	.verb = "refuse",
	.brief = "refuse an application",
	.more = "",
	.words = { { .name = "A-1" } },
	.flags = { { .name = "--reason", .value = "TEXT", .needed = true, .help = "why; the applicant reads it" } },
	.need = SL_NEED_ACTOR,
	.action = SL_ACTION_DATA_GRANT,
	.session = true,
	.run = sl_cmd_data_refuse,
};

const struct sl_command sl_row_data_withdraw = {
	.noun = "data",
	.verb = "withdraw",
	.brief = "withdraw a grant: no new job uses the table, and nothing more leaves",
	.more = "Held jobs and open requests that used the table stop at the gate. What was released before stays released.",
	.words = { { .name = "G-1" } },
	.flags = { { .name = "--reason", .value = "TEXT", .needed = true, .help = "why; the applicant reads it" } },
	.need = SL_NEED_ACTOR,
	.action = SL_ACTION_DATA_GRANT,
	.session = true,
	.run = sl_cmd_data_withdraw,
};

const struct sl_command sl_row_data_statement = {
	.noun = "data",
	.verb = "statement",
	.brief = "print what an owner signs: to grant an application, or about a release",
	.more = "Sign it elsewhere: ssh-keygen -Y sign -n grant@sluice -f KEY FILE; then FILE and FILE.sig, one behind the "
	        "other, are what --signed takes. --until and --columns are for an application, the others for a request.",
	.words = { { .name = "A-1|R-1" } },
	.flags = { { .name = "--until", .value = "DAY", .help = "YYYY-MM-DD, the last day" },
	           { .name = "--columns",
	             .value = "COLUMN",
	             .many = true,
	             .help = "only this column; may be repeated" },
	           { .name = "--decision", .value = "approve|reject", .help = "which decision" },
	           SL_FLAG_REVISION, SL_FLAG_COMMENT },
	.need = SL_NEED_ACTOR,
	.action = SL_ACTION_DATA_GRANT,
	.session = true,
	.run = sl_cmd_data_statement,
};

const struct sl_command sl_row_data_review = {
	.noun = "data",
	.verb = "review",
	.brief = "list requests that ask for your approval as an owner; or show what one would publish",
	.more = "A table asks for its owner's approval by `owner_approval` in the catalogue, or a project for that of all "
	        "owners. Shown are the published numbers alone; findings and hidden cells are the reviewers'.",
	.words = { { .name = "R-1", .optional = true } },
	.need = SL_NEED_ACTOR,
	.action = SL_ACTION_DATA_APPROVE,
	.session = true,
	.run = sl_cmd_data_review,
};

const struct sl_command sl_row_data_approve = {
	.noun = "data",
	.verb = "approve",
	.brief = "approve a request as an owner of its tables; beside the reviewers",
	.more = "The last approval needed, a reviewer's or an owner's, releases. A request that its author has revised is "
	        "approved with --revision, the number that was looked at.",
	.words = { { .name = "R-1" } },
	.flags = { SL_FLAG_COMMENT, SL_FLAG_REVISION, SL_FLAG_SIGNED },
	.need = SL_NEED_ACTOR,
	.action = SL_ACTION_DATA_APPROVE,
	.session = true,
	.run = sl_cmd_data_approve,
};

const struct sl_command sl_row_data_reject = {
	.noun = "data",
	.verb = "reject",
	.brief = "reject a request as an owner of its tables",
	.more = "",
	.words = { { .name = "R-1" } },
	.flags = { SL_FLAG_WHY, SL_FLAG_SIGNED },
	.need = SL_NEED_ACTOR,
	.action = SL_ACTION_DATA_APPROVE,
	.session = true,
	.run = sl_cmd_data_reject,
};

const struct sl_command sl_row_data_ledger = {
	.noun = "data",
	.verb = "ledger",
	.brief = "tell what became of a table: grants, jobs, what was released, who has it",
	.more = "For its owner and for auditors. Every line is a leaf of the log; of what was not released only how often. "
	        "With --export the lines are written with their proofs; \"sluice audit verify --ledger\" verifies them.",
	.words = { { .name = "TABLE" } },
	.flags = { { .name = "--export",
	             .value = "FILE|-",
	             .file = true,
	             .help = "write it for those who verify without the enclave" } },
	.need = SL_NEED_ACTOR,
	.action = SL_ACTION_DATA_LEDGER,
	.session = true,
	.run = sl_cmd_data_ledger,
};

const struct sl_command sl_row_data_quality = {
	.noun = "data",
	.verb = "quality",
	.brief = "tell what is missing, outside its domain or twice in a table, beside the version before",
	.more = "Of the newest version that is kept, in force or not. \"!\" marks a share that moved by two points or more, "
	        "or begins where there was none, and a number of rows or units that moved by a fifth or more. For "
	        "operators, officers and owners of the table; others are told bands of shares, where the catalogue opens "
	        "them.",
	.words = { { .name = "TABLE" } },
	.need = SL_NEED_ACTOR,
	.action = SL_ACTION_DATA_QUALITY,
	.session = true,
	.run = sl_cmd_data_quality,
};
