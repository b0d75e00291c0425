/*
 * policy.c - the rows of commands for policies: written, judged, put in force, asked.
 */
#include "ui-cli/commands.h"

const struct sl_command sl_row_policy_new = {
	.noun = "policy",
	.verb = "new",
	.brief = "print a policy to start from, with the catalogues pinned",
	.more = "",
	.need = SL_NEED_ACTOR,
	.action = SL_ACTION_POLICY_SHOW,
	.run = sl_cmd_policy_new,
};

const struct sl_command sl_row_policy_lint = {
	.noun = "policy",
	.verb = "lint",
	.brief = "say everything wrong or unwise in a policy file",
	.more = "With an enclave named, its catalogues are judged together with the policy. Exit code 1 when there "
	        "is an error.",
	.words = { { .name = "FILE|-", .file = true } },
	.need = SL_NEED_ENCLAVE_IF_NAMED,
	.session = true,
	.catalogues = true,
	.run = sl_cmd_policy_lint,
};

const struct sl_command sl_row_policy_sign = {
	.noun = "policy",
	.verb = "sign",
	.brief = "sign a policy file with your key (--key)",
	.more = "Writes FILE.sig; for \"-\" the signature goes to stdout.",
	.words = { { .name = "FILE|-", .file = true } },
	.need = SL_NEED_NOTHING,
	.run = sl_cmd_policy_sign,
};

const struct sl_command sl_row_policy_apply = {
	.noun = "policy",
	.verb = "apply",
	.brief = "put a signed policy in force",
	.more = "",
	.words = { { .name = "FILE", .file = true } },
	.flags = { { .name = "--signature",
	             .value = "FILE.sig",
	             .needed = true,
	             .many = true,
	             .file = true,
	             .help = "an officer's signature; as many as the policy in force asks for" } },
	.need = SL_NEED_ACTOR,
	.action = SL_ACTION_POLICY_APPLY,
	.run = sl_cmd_policy_apply,
};

const struct sl_command sl_row_policy_show = {
	.noun = "policy",
	.verb = "show",
	.brief = "print the policy in force",
	.more = "",
	.flags = { { .name = "--summary", .help = "people and projects as tables instead of the file" } },
	.need = SL_NEED_ACTOR,
	.action = SL_ACTION_POLICY_SHOW,
	.session = true,
	.run = sl_cmd_policy_show,
};

const struct sl_command sl_row_policy_matrix = {
	.noun = "policy",
	.verb = "matrix",
	.brief = "print which role may do what",
	.more = "The whole table; what is not in it nobody may do. No policy can change it.",
	.flags = { { .name = "--why", .help = "and why these and no others" },
	           { .name = "--moves", .help = "the states of a request instead, and whose each move is" } },
	.need = SL_NEED_NOTHING,
	.session = true,
	.run = sl_cmd_policy_matrix,
};

const struct sl_command sl_row_policy_eval = {
	.noun = "policy",
	.verb = "eval",
	.brief = "say what a policy says of a job, and why; touch no table",
	.more = "The job is judged as \"job run\" judges it, up to its first table. Exit code 0: permitted; 1: not "
	        "permitted, something is not granted; 3: forbidden, a rule speaks against it; another: the script or "
	        "the policy is wrong, and there is no answer.",
	.flags = { { .name = "--as", .value = "WHO", .needed = true, .help = "whose job it would be" },
	           { .name = "--job", .value = "FILE|-", .needed = true, .file = true, .help = "the script" },
	           { .name = "--project", .value = "PROJECT", .needed = true, .help = "the project; -p for short" },
	           { .name = "--param", .value = "NAME=VALUE", .many = true, .help = "a parameter of the script" },
	           { .name = "--policy", .value = "FILE", .file = true, .help = "a policy file; else the one in force" },
	           { .name = "--explain", .help = "each column and use: wanted, given" } },
	.need = SL_NEED_ACTOR,
	.action = SL_ACTION_POLICY_TRY,
	.session = true,
	.run = sl_cmd_policy_eval,
};

const struct sl_command sl_row_policy_diff = {
	.noun = "policy",
	.verb = "diff",
	.brief = "say what a policy would change, in effects: who gains and loses what",
	.more = "OLD and NEW are files; one file alone is compared with the policy in force. What changes nothing for "
	        "anybody is not told. With an enclave named, uses that its catalogues do not offer are no effect. "
	        "History is asked with round numbers: a replay says which.",
	.words = { { .name = "OLD", .file = true }, { .name = "NEW", .optional = true, .file = true } },
	.flags = { { .name = "--replay",
	             .help = "and over history: jobs that would be denied, releases that would not have passed" },
	           { .name = "--last", .value = "N", .help = "of history the newest N jobs and N releases; else 1000" } },
	.need = SL_NEED_ENCLAVE_IF_NAMED,
	.action = SL_ACTION_POLICY_TRY,
	.session = true,
	.catalogues = true,
	.run = sl_cmd_policy_diff,
};

const struct sl_command sl_row_policy_log = {
	.noun = "policy",
	.verb = "log",
	.brief = "list every policy that was in force, with the officers who signed it",
	.more = "Signatures are verified again, each against the policy before it.",
	.need = SL_NEED_ACTOR,
	.action = SL_ACTION_POLICY_SHOW,
	.session = true,
	.run = sl_cmd_policy_log,
};

const struct sl_command sl_row_policy_test = {
	.noun = "policy",
	.verb = "test",
	.brief = "try the cases beside a policy, and say which rules they try",
	.more = "CASES is a JSON file, see docs/policy.md; the scripts it names lie beside it. Exit code 1 when a case "
	        "comes out otherwise.",
	.words = { { .name = "CASES", .file = true } },
	.flags = { { .name = "--policy", .value = "FILE", .file = true, .help = "a policy file; else the one in force" } },
	.need = SL_NEED_ACTOR,
	.action = SL_ACTION_POLICY_TRY,
	.run = sl_cmd_policy_test,
};

const struct sl_command sl_row_policy_schema = {
	.noun = "policy",
	.verb = "schema",
	.brief = "print the JSON Schema of policy files, for editors and validators",
	.more = "Draft-07. It says less than \"policy lint\": docs/policy.md lists what a schema cannot say.",
	.flags = { { .name = "--catalogue", .help = "the schema of catalogues, datapackage.json, instead" } },
	.need = SL_NEED_NOTHING,
	.run = sl_cmd_policy_schema,
};

const struct sl_command sl_row_can_i = {
	.noun = "can-i",
	.verb = "",
	.brief = "say whether somebody may do something, and which rule decides",
	.more = "ACTION is a row of \"policy matrix\" or a command, as \"job run\". THING is a project, or the number of a "
	        "job, request, release, application or grant that you may see yourself or in the log; or a table, "
	        "DATASET.TABLE: to run jobs on it in any project of theirs, with the word of its owner. Without it only the "
	        "role is asked. Exit code 0 is yes, 1 is no. Nothing is done.",
	.words = { { .name = "ACTION" }, { .name = "THING", .optional = true, .many = true } },
	.flags = { { .name = "--as", .value = "WHO", .help = "a person of the policy; else yourself" } },
	.need = SL_NEED_ACTOR,
	.action = SL_ACTION_POLICY_SHOW,
	.session = true,
	.run = sl_cmd_can_i,
};
