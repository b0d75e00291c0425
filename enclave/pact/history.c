/* history.c - see history.h. */
#include "enclave/pact/history.h"


static const struct sl_field part_fields[] = {
	SL_SCALAR(struct sl_predicate_part, SL_KIND_I128, hash, 0, 0, "a condition, hashed"),
};
static SL_RECORD(part_record, sl_predicate_part, part_fields);

static const struct sl_field set_fields[] = {
	SL_VEC(struct sl_earlier_set, parts, nparts, SL_PREDICATE_PARTS_MAX, part_record, "conditions, rising"),
	SL_SCALAR(struct sl_earlier_set, SL_KIND_U8, shown, 0, 1, "some number of it left"),
	SL_SCALAR(struct sl_earlier_set, SL_KIND_U8, primary, 0, 1, "hidden for how many it counts"),
	SL_SCALAR(struct sl_earlier_set, SL_KIND_U32, measures, 0, 0, "bits of its output's measures that left"),
	SL_SCALAR(struct sl_earlier_set, SL_KIND_U8, counted, 0, 1, "how many it has was printed"),
	SL_SCALAR(struct sl_earlier_set, SL_KIND_I64, count, 0, 0, "as that"),
	SL_SCALAR(struct sl_earlier_set, SL_KIND_U32, told, 0, 0, "bits of its output's statistics that left"),
};
static SL_RECORD(set_record, sl_earlier_set, set_fields);

static const struct sl_field reading_fields[] = {
	SL_SCALAR(struct sl_reading, SL_KIND_I128, column, 0, 0, "a column, hashed"),
	SL_SCALAR(struct sl_reading, SL_KIND_I128, way, 0, 0, "what is made of it, hashed"),
	SL_SCALAR(struct sl_reading, SL_KIND_U8, measure, 0, SL_STATS_NAMED_MAX - 1, "the measure that is told, or the print"),
};
static SL_RECORD(reading_record, sl_reading, reading_fields);

static const struct sl_field half_fields[] = {
	SL_SCALAR(struct sl_half, SL_KIND_I128, of, 0, 0, "what it is of, hashed"),
	SL_SCALAR(struct sl_half, SL_KIND_U8, stat, 0, SL_STATS_NAMED_MAX - 1, "the statistic"),
	SL_SCALAR(struct sl_half, SL_KIND_U8, quotient, 0, 1, "a mean or share, not a total"),
	SL_SCALAR(struct sl_half, SL_KIND_U8, set, 0, SL_STATS_MAX,
	          "of a share of which some may not be known: its set of a cell; else 0"),
};
static SL_RECORD(half_record, sl_half, half_fields);

static const struct sl_field sensitive_fields[] = {
	SL_REC(struct sl_sensitive, part, part_record, "the condition"),
	SL_SCALAR(struct sl_sensitive, SL_KIND_U8, negates, 0, 1, "it keeps those who have not what a flag says"),
};
static SL_RECORD(sensitive_record, sl_sensitive, sensitive_fields);

static const struct sl_field printed_set_fields[] = {
	SL_SCALAR(struct sl_printed_set, SL_KIND_U32, prints, 0, 0, "bits of the prints that are of it"),
};
static SL_RECORD(printed_set_record, sl_printed_set, printed_set_fields);

static const struct sl_field version_fields[] = {
	SL_SCALAR(struct sl_table_version, SL_KIND_I128, table, 0, 0, "its name, hashed"),
	SL_SCALAR(struct sl_table_version, SL_KIND_I128, version, 0, 0, "which, hashed"),
};
static SL_RECORD(version_record, sl_table_version, version_fields);

static const struct sl_field union_fields[] = {
	SL_REC(struct sl_condition_union, of, part_record, "what has the values"),
	SL_REC(struct sl_condition_union, whole, part_record, "the condition"),
	SL_REC(struct sl_condition_union, known, part_record, "that there is a value; 0: always"),
	SL_VEC(struct sl_condition_union, values, nvalues, SL_CONDITION_VALUES_MAX, part_record,
	       "conditions of one value each"),
};
static SL_RECORD(union_record, sl_condition_union, union_fields);

static const struct sl_field output_fields[] = {
	SL_SCALAR(struct sl_earlier_output, SL_KIND_U64, release, 0, 0x7fffffffffffffff, "release; 0: the request"),
	SL_SCALAR(struct sl_earlier_output, SL_KIND_U16, output, 0, SL_PUBLIC_FIRST + SL_PUBLIC_TOTALS_MAX - 1,
	          "its place in the release; from 64 on: a public total"),
	SL_SCALAR(struct sl_earlier_output, SL_KIND_U32, per_cell, 1, SL_STATS_MAX + 1, "sets of a cell"),
	SL_VEC(struct sl_earlier_output, sets, nsets, SL_SETS_MAX, set_record, "sets"),
	SL_SCALAR(struct sl_earlier_output, SL_KIND_U64, of_known, 0, 0, "bits of a cell's sets from 1: who has a value"),
	SL_VEC(struct sl_earlier_output, measures, nmeasures, SL_STATS_NAMED_MAX, part_record, "what it tells besides counts"),
	SL_VEC(struct sl_earlier_output, readings, nreadings, SL_READINGS_MAX, reading_record, "what they read"),
	SL_VEC(struct sl_earlier_output, halves, nhalves, SL_HALVES_MAX, half_record, "totals, and means and shares"),
	SL_VEC(struct sl_earlier_output, sensitive, nsensitive, SL_PREDICATE_PARTS_MAX, sensitive_record,
	       "conditions that read a sensitive column"),
	SL_VEC(struct sl_earlier_output, stats, nstats, SL_STATS_MAX, part_record, "its statistics"),
	SL_VEC(struct sl_earlier_output, unions, nunions, SL_PREDICATE_PARTS_MAX, union_record, "lists of values"),
	SL_VEC(struct sl_earlier_output, printed, nprinted, SL_READINGS_MAX, reading_record, "what its prints are of"),
	SL_VEC(struct sl_earlier_output, by_set, nby_set, SL_STATS_MAX + 1, printed_set_record, "prints, by a cell's sets"),
	SL_VEC(struct sl_earlier_output, versions, nversions, SL_SOURCES_MAX, version_record, "versions it is of"),
	SL_REC(struct sl_earlier_output, tables, part_record, "its tables"),
	SL_REC(struct sl_earlier_output, rules, sl_rules_record, "the rules it left under"),
	SL_SCALAR(struct sl_earlier_output, SL_KIND_U8, again, 0, 1, "its numbers may be told again"),
};
static SL_RECORD(output_record, sl_earlier_output, output_fields);

static const struct sl_field plan_fields[] = {
	SL_SCALAR(struct sl_history_plan, SL_KIND_U16, plan, 0, SL_PLANS_MAX - 1, "of the request"),
	SL_VEC(struct sl_history_plan, versions, nversions, SL_SOURCES_MAX, version_record, "versions it is of"),
};
static SL_RECORD(plan_record, sl_history_plan, plan_fields);

static const struct sl_field history_fields[] = {
	SL_VEC(struct sl_history, plans, nplans, SL_PLANS_MAX, plan_record, "the request's outputs of the space"),
	SL_VEC(struct sl_history, outputs, noutputs, SL_MEMBERS_OUTPUTS_MAX, output_record, "earlier outputs"),
};
SL_RECORD(sl_history_record, sl_history, history_fields);

bool sl_earlier_is_public(const struct sl_earlier_output *o)
{
	return o->output >= SL_PUBLIC_FIRST;
}

bool sl_versions_differ(const struct sl_table_version *a, uint32_t na, const struct sl_table_version *b, uint32_t nb)
{
	for (uint32_t i = 0; i < na; i++)
		for (uint32_t k = 0; k < nb; k++)
			if (a[i].table == b[k].table && a[i].version != b[k].version)
				return true;
	return false;
}

enum sl_rc sl_history_check(const struct sl_history *h, struct sl_err *err)
{
	for (uint32_t i = 0; i < h->noutputs; i++) {
		const struct sl_earlier_output *o = &h->outputs[i];
		if (o->release == 0 && !sl_earlier_is_public(o))
			return sl_err_set(err, SL_E_INPUT, "an earlier output of no release");
		if (o->nby_set != 0 && o->nby_set != o->per_cell)
			return sl_err_set(err, SL_E_INPUT, "an earlier output that has not said what its sets are");
		if (o->per_cell <= 64 && o->of_known >> (o->per_cell - 1) != 0)
			return sl_err_set(err, SL_E_INPUT, "an earlier output that has no such sets of who has a value");
		for (uint32_t n = 0; n < o->nhalves; n++)
			if (o->halves[n].set >= o->per_cell || o->nsets % o->per_cell != 0)
				return sl_err_set(err, SL_E_INPUT, "an earlier output of whose sets a share is not");
	}
	return SL_OK;
}
