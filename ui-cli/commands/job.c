/*
 * job.c - the rows of commands for jobs.
 */
#include "ui-cli/commands.h"

const struct sl_command sl_row_job_new = {
	.noun = "job",
	.verb = "new",
	.brief = "write a script to begin with, of the tables that a project is granted",
	.more = "Its comments name the tables, their columns and what each may be used for; its one output passes job check "
	        "as it is. Beside it come hints for the Lua language server, sluice-PROJECT.d.lua, which is written anew "
	        "each time; the script never replaces a file. FILE is job.lua when none is named; - prints it.",
	.words = { { .name = "FILE|-", .optional = true, .file = true } },
	.flags = { { .name = "--project", .value = "PROJECT", .needed = true, .help = "the project; -p for short" },
	           { .name = "--hints", .help = "print the hints alone" } },
	.need = SL_NEED_ACTOR,
	.action = SL_ACTION_JOB_RUN,
	.session = true,
	.run = sl_cmd_job_new,
};

const struct sl_command sl_row_job_check = {
	.noun = "job",
	.verb = "check",
	.brief = "run a script against the project's grant; touch no table",
	.more = "With --dummy the outputs are also computed and checked as a request's would be, by the same programs, on "
	        "invented rows (sluice data dummy), and shown with every finding, marked DUMMY DATA. Which cells are hidden "
	        "on real rows does not follow from it; nothing of it is kept.",
	.words = { { .name = "FILE|-", .file = true } },
	.flags = { { .name = "--project", .value = "PROJECT", .needed = true, .help = "the project; -p for short" },
	           { .name = "--param", .value = "NAME=VALUE", .many = true, .help = "a parameter of the script" },
	           { .name = "--dummy", .help = "compute and check the outputs on invented rows" },
	           { .name = "--seed", .value = "S", .help = "other rows for another number; else 1" },
	           { .name = "--units", .value = "N", .help = "invented units, in every table the same; else 1000" },
	           { .name = "--rows",
	             .value = "N",
	             .help = "rows of a table with several rows a unit; else three a unit" },
	           { .name = "--context", .value = "TEXT", .help = "judge these words too, as those of request new" } },
	.need = SL_NEED_ACTOR,
	.action = SL_ACTION_JOB_RUN,
	.session = true,
	.run = sl_cmd_job_check,
};

const struct sl_command sl_row_job_run = {
	.noun = "job",
	.verb = "run",
	.brief = "run a job; its result is sealed and held",
	.more = "Nobody sees a result before its release. What is told here is only the shape that the script "
	        "declares.",
	.words = { { .name = "FILE|-", .file = true } },
	.flags = { { .name = "--project", .value = "PROJECT", .needed = true, .help = "the project; -p for short" },
	           { .name = "--param", .value = "NAME=VALUE", .many = true, .help = "a parameter of the script" } },
	.need = SL_NEED_ACTOR,
	.action = SL_ACTION_JOB_RUN,
	.session = true,
	.run = sl_cmd_job_run,
};

const struct sl_command sl_row_job_ls = {
	.noun = "job",
	.verb = "ls",
	.brief = "list jobs",
	.more = "Operators and auditors see below it the jobs that told of rows by how they ended, or whose request could "
	        "not be judged, and that nobody has looked at (sluice explain unseen-jobs).",
	.need = SL_NEED_ACTOR,
	.action = SL_ACTION_JOB_LIST,
	.session = true,
	.run = sl_cmd_job_ls,
};

const struct sl_command sl_row_job_show = {
	.noun = "job",
	.verb = "show",
	.brief = "show one job with its script",
	.more = "By an operator or auditor who is no analyst of the project it is a look (sluice explain unseen-jobs).",
	.words = { { .name = "J-1" } },
	.need = SL_NEED_ACTOR,
	.action = SL_ACTION_JOB_LIST,
	.session = true,
	.run = sl_cmd_job_show,
};

const struct sl_command sl_row_job_replay = {
	.noun = "job",
	.verb = "replay",
	.brief = "run a recorded job again and say whether its result is the same",
	.more = "The same plans on the versions it read, with every layer of confinement that was on then; no number of the "
	        "result is shown. Exit code 6 when one differs: output and first cell are named; 1 when a version was "
	        "forgotten.",
	.words = { { .name = "J-1" } },
	.need = SL_NEED_ACTOR,
	.action = SL_ACTION_DATA_VERIFY,
	.session = true,
	.run = sl_cmd_job_replay,
};
