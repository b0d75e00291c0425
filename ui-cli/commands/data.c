/*
 * data.c - the rows of commands for tables and their versions.
 */
#include "ui-cli/commands.h"

const struct sl_command sl_row_data_import = {
	.noun = "data",
	.verb = "import",
	.brief = "import the tables of a data package",
	.more = "All tables are imported together or none is. A column that the package does not name is not imported. A "
	        "new version in which few units differ from the one in force waits: data show says until when.",
	.words = { { .name = "datapackage.json", .file = true } },
	.flags = { { .name = "--table",
	             .value = "TABLE",
	             .many = true,
	             .help = "only this table; may be repeated" } },
	.need = SL_NEED_ACTOR,
	.action = SL_ACTION_DATA_IMPORT,
	.run = sl_cmd_data_import,
};

const struct sl_command sl_row_data_attach = {
	.noun = "data",
	.verb = "attach",
	.brief = "snapshot a table of an SQLite file",
	.more = "",
	.words = { { .name = "FILE.sqlite", .file = true } },
	.flags = { { .name = "--table", .value = "TABLE", .needed = true, .help = "the table's name in the file" },
	           { .name = "--as", .value = "DATASET.TABLE", .needed = true, .help = "its name in the package" },
	           { .name = "--package",
	             .value = "datapackage.json",
	             .needed = true,
	             .file = true,
	             .help = "the package that describes it" } },
	.need = SL_NEED_ACTOR,
	.action = SL_ACTION_DATA_IMPORT,
	.run = sl_cmd_data_attach,
};

const struct sl_command sl_row_data_append = {
	.noun = "data",
	.verb = "append",
	.brief = "add the rows of a file to a table",
	.more = "A new version holds the rows that were there, and behind those of each unit its new ones. The package "
	        "is the one the table was imported with; without --file the rows are those of its resource.",
	.words = { { .name = "datapackage.json", .file = true } },
	.flags = { { .name = "--table", .value = "TABLE", .needed = true, .help = "which table" },
	           { .name = "--file",
	             .value = "FILE.csv",
	             .file = true,
	             .help = "the new rows, with a header; .gz is unzipped" } },
	.need = SL_NEED_ACTOR,
	.action = SL_ACTION_DATA_IMPORT,
	.run = sl_cmd_data_append,
};

const struct sl_command sl_row_data_refresh = {
	.noun = "data",
	.verb = "refresh",
	.brief = "import tables again from where they came",
	.more = "Without a name, all tables. A source that holds what it held makes no new version. What one data package "
	        "describes is imported together or not at all. A new version in which few units differ from the one in "
	        "force waits: data show says until when.",
	.words = { { .name = "TABLE", .optional = true, .many = true } },
	.need = SL_NEED_ACTOR,
	.action = SL_ACTION_DATA_IMPORT,
	.run = sl_cmd_data_refresh,
};

const struct sl_command sl_row_data_verify = {
	.noun = "data",
	.verb = "verify",
	.brief = "check every byte that is kept against what was sealed",
	.more = "All versions that are kept, and the unit registries; or those of the tables named. Exit code 6 when "
	        "something is changed, cut, exchanged or gone: the line says which version, and column and row group "
	        "when they can be told.",
	.words = { { .name = "TABLE", .optional = true, .many = true } },
	.need = SL_NEED_ACTOR,
	.action = SL_ACTION_DATA_VERIFY,
	.session = true,
	.run = sl_cmd_data_verify,
};

const struct sl_command sl_row_data_forget = {
	.noun = "data",
	.verb = "forget",
	.brief = "destroy old versions of a table: their keys and their files",
	.more = "Without a flag, all versions older than the one in force. The key of each is taken out of state.db, "
	        "which is then written anew, and the log gets a leaf. Out of reach are copies of state.db made before, "
	        "for whoever has the vault key too, and the blocks that a disk has not used again. Releases stay.",
	.words = { { .name = "TABLE" } },
	.flags = { { .name = "--id", .value = "ID", .help = "only this version; its first eight digits are enough" },
	           { .name = "--all", .help = "also the version in force and those that wait: the table is empty then" } },
	.need = SL_NEED_ACTOR,
	.action = SL_ACTION_DATA_FORGET,
	.run = sl_cmd_data_forget,
};

const struct sl_command sl_row_data_ls = {
	.noun = "data",
	.verb = "ls",
	.brief = "list the tables",
	.more = "Where the catalogue says how often a table is imported (rhythm), DUE is the last day on which its next "
	        "import is in time, or since when it is late.",
	.flags = { { .name = "--late", .help = "only tables that are late; exit code 1 when there is one" } },
	.need = SL_NEED_ACTOR,
	.action = SL_ACTION_DATA_LIST,
	.session = true,
	.run = sl_cmd_data_ls,
};

const struct sl_command sl_row_data_search = {
	.noun = "data",
	.verb = "search",
	.brief = "find tables and columns by words of their names, titles, descriptions and values",
	.more = "All words have to stand there, in whatever order; case, accents and full-width letters do not count. A "
	        "word of a column may stand in its table's name or title. Names come first, then titles, descriptions, "
	        "and the values that a column may have. Exit code 1 when nothing is found.",
	.words = { { .name = "WORD", .many = true } },
	.flags = { { .name = "--all", .help = "all that is found; else the first 20" } },
	.need = SL_NEED_ACTOR,
	.action = SL_ACTION_DATA_LIST,
	.session = true,
	.run = sl_cmd_data_search,
};

const struct sl_command sl_row_data_show = {
	.noun = "data",
	.verb = "show",
	.brief = "show one table and its columns",
	.more = "",
	.words = { { .name = "TABLE" } },
	.need = SL_NEED_ACTOR,
	.action = SL_ACTION_DATA_LIST,
	.session = true,
	.run = sl_cmd_data_show,
};

const struct sl_command sl_row_data_dummy = {
	.noun = "data",
	.verb = "dummy",
	.brief = "write a granted table with invented rows, as CSV",
	.more = "DUMMY DATA: rows drawn from the catalogue's domains and ranges, of the columns that the project is "
	        "granted, with invented units. No row of any table is read, so nothing depends on what was imported; "
	        "the same seed gives the same bytes. The name of FILE has to say that it is a dummy.",
	.words = { { .name = "TABLE" } },
	.flags = { { .name = "--project", .value = "PROJECT", .needed = true, .help = "the project; -p for short" },
	           { .name = "--seed", .value = "S", .help = "other rows for another number; else 1" },
	           { .name = "--units", .value = "N", .help = "invented units, in every table the same; else 1000" },
	           { .name = "--rows",
	             .value = "N",
	             .help = "rows of a table with several rows a unit; else three a unit" },
	           { .name = "--out", .value = "FILE", .file = true, .help = "write it there, not to stdout" } },
	.need = SL_NEED_ACTOR,
	.action = SL_ACTION_JOB_RUN,
	.session = true,
	.run = sl_cmd_data_dummy,
};
