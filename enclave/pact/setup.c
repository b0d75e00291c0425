/* setup.c - see setup.h. */
#include "enclave/pact/setup.h"

#include <string.h>

#include "enclave/pact/result.h"

static const struct sl_field param_fields[] = {
	SL_TEXT(struct sl_param, name, SL_IDENT_BYTES, "name"),
	SL_TEXT(struct sl_param, text, SL_PARAM_BYTES, "value as written"),
};
SL_RECORD(sl_param_record, sl_param, param_fields);

static const struct sl_field script_setup_fields[] = {
	SL_TEXT(struct sl_script_setup, file, SL_TITLE_BYTES, "name for messages"),
	SL_BLOB(struct sl_script_setup, script, nscript, SL_SCRIPT_BYTES_MAX, "the script"),
	SL_REC(struct sl_script_setup, view, sl_view_record, "what it may name"),
	SL_VEC(struct sl_script_setup, params, nparams, SL_PARAMS_MAX, sl_param_record, "parameters"),
	SL_SCALAR(struct sl_script_setup, SL_KIND_U64, memory_bytes, 0, 0, "of the Lua state"),
	SL_SCALAR(struct sl_script_setup, SL_KIND_U32, plans_max, 1, SL_PLANS_MAX, "outputs"),
	SL_SCALAR(struct sl_script_setup, SL_KIND_U32, nodes_max, 0, 0, "expression operators in one plan"),
	SL_SCALAR(struct sl_script_setup, SL_KIND_U32, print_bytes_max, 0, SL_PRINT_BYTES_MAX, "printed text"),
};
SL_RECORD(sl_script_setup_record, sl_script_setup, script_setup_fields);

static const struct sl_field script_end_fields[] = {
	SL_SCALAR(struct sl_script_end, SL_KIND_U8, ok, 0, 1, "it ran to its end"),
	SL_SCALAR(struct sl_script_end, SL_KIND_U32, nplans, 0, 0, "plans sent"),
	SL_SCALAR(struct sl_script_end, SL_KIND_U32, line, 0, 0, "line of the error"),
	SL_TEXT(struct sl_script_end, message, 4096, "the error"),
	SL_TEXT(struct sl_script_end, source_line, SL_TITLE_BYTES, "the line"),
	SL_TEXT(struct sl_script_end, remedy, SL_TITLE_BYTES, "what would be right"),
};
SL_RECORD(sl_script_end_record, sl_script_end, script_end_fields);

static const struct sl_field engine_column_fields[] = {
	SL_SCALAR(struct sl_engine_column, SL_KIND_U16, segment_column, 0, 0, "column of the segment"),
	SL_BYTES(struct sl_engine_column, subkey, 32, "its subkey"),
};
static SL_RECORD(engine_column_record, sl_engine_column, engine_column_fields);

static const struct sl_field engine_table_fields[] = {
	SL_BYTES(struct sl_engine_table, segment_id, 16, "segment"),
	SL_BYTES(struct sl_engine_table, version, 32, "version id"),
	SL_SCALAR(struct sl_engine_table, SL_KIND_U64, segment_bytes, 0, 0, "size of the file"),
	SL_BYTES(struct sl_engine_table, manifest_key, 32, "opens the manifest"),
	SL_BYTES(struct sl_engine_table, unit_key, 32, "opens the unit ordinals"),
	SL_VEC(struct sl_engine_table, columns, ncolumns, SL_COLUMNS_MAX, engine_column_record, "granted columns"),
};
static SL_RECORD(engine_table_record, sl_engine_table, engine_table_fields);

static const struct sl_field members_key_fields[] = {
	SL_BYTES(struct sl_members_key, id, 16, "names the sealed units"),
	SL_BYTES(struct sl_members_key, key, 32, "seals them"),
};
static SL_RECORD(members_key_record, sl_members_key, members_key_fields);

static const struct sl_field members_print_fields[] = {
	SL_SCALAR(struct sl_members_print, SL_KIND_U32, output, 0, SL_MEMBERS_OUTPUTS_MAX - 1, "whose"),
	SL_SCALAR(struct sl_members_print, SL_KIND_U32, column, 0, 0, "equal: the same column"),
	SL_SCALAR(struct sl_members_print, SL_KIND_U8, renewed, 0, 1, "1: an earlier output that read another version"),
};
static SL_RECORD(members_print_record, sl_members_print, members_print_fields);

static const struct sl_field engine_setup_fields[] = {
	SL_SCALAR(struct sl_engine_setup, SL_KIND_U8, task, 0, SL_TASK_COUNT_ - 1, "results 0, members 1, atoms 2"),
	SL_REC(struct sl_engine_setup, view, sl_view_record, "types and domains"),
	SL_VEC(struct sl_engine_setup, tables, ntables, SL_TABLES_MAX, engine_table_record, "as view.tables"),
	SL_SCALAR(struct sl_engine_setup, SL_KIND_U32, nplans, 0, SL_PLANS_MAX, "plans that follow"),
	SL_SCALAR(struct sl_engine_setup, SL_KIND_U64, memory_bytes, 0, 0, "arena"),
	SL_SCALAR(struct sl_engine_setup, SL_KIND_U32, cells_max, 1, SL_CELLS_MAX, "cells of one output"),
	SL_SCALAR(struct sl_engine_setup, SL_KIND_U32, threads, 1, 64, "threads"),
	SL_VEC(struct sl_engine_setup, keys, nkeys, SL_MEMBERS_OUTPUTS_MAX, members_key_record, "of members, in their order"),
	SL_SCALAR(struct sl_engine_setup, SL_KIND_U32, nearlier, 0, SL_MEMBERS_OUTPUTS_MAX, "earlier outputs among them"),
	SL_VEC(struct sl_engine_setup, prints, nprints, SL_MEMBERS_OUTPUTS_MAX * SL_PRINTS_MAX, members_print_record,
	       "columns of their prints"),
	SL_SCALAR(struct sl_engine_setup, SL_KIND_U8, draws, 0, SL_DRAWS_COUNT_ - 1, "none 0, of counts 1, and of limits 2"),
	SL_BYTES(struct sl_engine_setup, rounding_key, SL_ROUNDING_KEY_BYTES, "what their draws are keyed with"),
};
SL_RECORD(sl_engine_setup_record, sl_engine_setup, engine_setup_fields);

#define RULE(k, m, lo, hi, doc) SL_SCALAR(struct sl_rules, k, m, lo, hi, doc)
static const struct sl_field rules_fields[] = {
	RULE(SL_KIND_U32, threshold, 0, 0, "contributors needed"),
	RULE(SL_KIND_U32, dominance_n, 0, 3, "n of (n,k)"),
	RULE(SL_KIND_U32, dominance_k, 0, 100000, "k, percent on scale 3"),
	RULE(SL_KIND_U32, p_percent, 0, 1000000, "p, percent on scale 3"),
	RULE(SL_KIND_U8, numerator, 0, 1, "1: off"),
	RULE(SL_KIND_U8, group_disclosure, 0, 1, "1: off"),
	RULE(SL_KIND_U8, within_group, 0, 1, "1: off"),
	RULE(SL_KIND_U8, all_equal, 0, 1, "1: off"),
	RULE(SL_KIND_U8, small_complement, 0, 1, "1: off"),
	RULE(SL_KIND_U8, context, 0, 1, "1: off"),
	RULE(SL_KIND_U32, group_percent, 0, 100000, "percent on scale 3"),
	RULE(SL_KIND_U8, zeros_show, 0, 1, "empty cells print 0"),
	RULE(SL_KIND_U32, dof, 0, 0, "degrees of freedom needed"),
	RULE(SL_KIND_U8, transform, 0, SL_TRANSFORM_COUNT_ - 1, "none 0, counts rounded 1, midpoints 2, at random 3"),
	RULE(SL_KIND_U32, transform_base, 0, 1000, "to multiples of, or between them"),
	RULE(SL_KIND_U8, jitter, 0, SL_JITTER_MAX, "the threshold is up to so many more"),
	RULE(SL_KIND_U8, near, 0, SL_NEAR_COUNT_ - 1, "beside a row that differs by few: refuse 0, its numbers 1"),
};
SL_RECORD(sl_rules_record, sl_rules, rules_fields);

static const struct sl_field check_setup_fields[] = {
	SL_REC(struct sl_check_setup, view, sl_view_record, "types and domains"),
	SL_REC(struct sl_check_setup, rules, sl_rules_record, "parameters"),
	SL_SCALAR(struct sl_check_setup, SL_KIND_U32, nplans, 1, SL_PLANS_MAX, "plans that follow"),
	SL_TEXT(struct sl_check_setup, purpose, 4096, "of the project"),
	SL_TEXT(struct sl_check_setup, context, 16384, "of the request"),
	SL_SCALAR(struct sl_check_setup, SL_KIND_U32, nspaces, 0, SL_PLANS_MAX, "HISTORY and ATOMS that follow"),
	SL_SCALAR(struct sl_check_setup, SL_KIND_U32, secondary_work, 0, SL_SECONDARY_WORK_MAX,
	          "millions of numbers that choosing what else to hide may look at"),
};
SL_RECORD(sl_check_setup_record, sl_check_setup, check_setup_fields);

static const struct sl_field end_fields[] = {
	SL_SCALAR(struct sl_end, SL_KIND_U8, ok, 0, 1, "done"),
	SL_SCALAR(struct sl_end, SL_KIND_U8, reason, 0, SL_END_IO, "done 1, memory 2, limit 3, input 4, integrity 5, io 6"),
	SL_TEXT(struct sl_end, text, 1024, "for the operator"),
};
SL_RECORD(sl_end_record, sl_end, end_fields);

enum sl_rc sl_rules_stored(const void *data, size_t len, struct sl_rules *out, struct sl_err *err)
{
	uint8_t bytes[sizeof *out] = {0};
	size_t all = sl_codec_fixed_bytes(&sl_rules_record);

	SL_REQUIRE(all <= sizeof bytes);
	if (len + sizeof out->near != all && len + sizeof out->near + sizeof out->jitter != all)
		return sl_codec_decode(&sl_rules_record, data, len, out, err);
	memcpy(bytes, data, len);
	return sl_codec_decode(&sl_rules_record, bytes, all, out, err);
}
