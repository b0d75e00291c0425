/* publication.c - see publication.h. */
#include "enclave/pact/publication.h"

static const struct sl_field finding_fields[] = {
	SL_SCALAR(struct sl_finding, SL_KIND_U8, rule, 1, SL_RULE_COUNT_ - 1, "rule"),
	SL_SCALAR(struct sl_finding, SL_KIND_U8, severity, 0, SL_SEVERITY_REVIEW, "refuse 0, suppress 1, review 2"),
	SL_SCALAR(struct sl_finding, SL_KIND_U16, output, 0, SL_PLANS_MAX, "plan of the request"),
	SL_SCALAR(struct sl_finding, SL_KIND_U32, stat, 0, 0, "statistic; 2^32-1: the row or output"),
	SL_SCALAR(struct sl_finding, SL_KIND_U32, cell, 0, 0, "cell; 2^32-1: the output"),
	SL_SCALAR(struct sl_finding, SL_KIND_U64, units, 0, 0, "contributors"),
	SL_SCALAR(struct sl_finding, SL_KIND_I64, measured, 0, 0, "measured value"),
	SL_SCALAR(struct sl_finding, SL_KIND_I64, limit, 0, 0, "its limit"),
	SL_SCALAR(struct sl_finding, SL_KIND_U64, release, 0, 0x7fffffffffffffff, "of the number beside it; 0: this request"),
	SL_SCALAR(struct sl_finding, SL_KIND_U16, other_output, 0, SL_PUBLIC_FIRST + SL_PUBLIC_TOTALS_MAX - 1,
	          "its output; from 64 on: a public total"),
	SL_SCALAR(struct sl_finding, SL_KIND_U32, other_cell, 0, 0, "its cell; 2^32-1: none"),
};
SL_RECORD(sl_finding_record, sl_finding, finding_fields);

static const struct sl_field cell_fields[] = {
	SL_SCALAR(struct sl_published_cell, SL_KIND_U8, shown, 0, 1, "0: [c]"),
	SL_SCALAR(struct sl_published_cell, SL_KIND_I64, value, 0, 0, "on the column's grid"),
	SL_SCALAR(struct sl_published_cell, SL_KIND_U8, missing, 0, 1, "shown without a value"),
};
static SL_RECORD(cell_record, sl_published_cell, cell_fields);

static const struct sl_field output_fields[] = {
	SL_VEC(struct sl_published_output, cells, ncells, SL_CELLS_MAX * 4, cell_record, "cell-major"),
	SL_SCALAR(struct sl_published_output, SL_KIND_U64, population, 0, 0, "units, for the reviewer"),
	SL_SCALAR(struct sl_published_output, SL_KIND_U32, suppressed, 0, 0, "cells that are [c]"),
};
static SL_RECORD(output_record, sl_published_output, output_fields);

static const struct sl_field again_fields[] = {
	SL_SCALAR(struct sl_published_again, SL_KIND_U16, output, 0, SL_PLANS_MAX - 1, "plan of the request"),
	SL_SCALAR(struct sl_published_again, SL_KIND_U32, cell, 0, 0, "its cell, which is hidden"),
	SL_SCALAR(struct sl_published_again, SL_KIND_U64, release, 1, 0x7fffffffffffffff, "the earlier row: its release"),
	SL_SCALAR(struct sl_published_again, SL_KIND_U16, from_output, 0, SL_PLANS_MAX - 1, "its output"),
	SL_SCALAR(struct sl_published_again, SL_KIND_U32, from_cell, 0, 0, "its cell"),
	SL_TEXT(struct sl_published_again, from, SL_PUBLISHED_FROM_BYTES, "its place, in words; by the parent"),
	SL_VEC(struct sl_published_again, columns, ncolumns, 2 * SL_STATS_MAX, cell_record, "its numbers; by the parent"),
};
static SL_RECORD(again_record, sl_published_again, again_fields);

static const struct sl_field few_fields[] = {
	SL_SCALAR(struct sl_published_few, SL_KIND_U16, output, 0, SL_PLANS_MAX - 1, "of a finding of rule numerator"),
	SL_SCALAR(struct sl_published_few, SL_KIND_U32, cell, 0, 0, "its cell"),
	SL_SCALAR(struct sl_published_few, SL_KIND_U32, stat, 0, SL_STATS_MAX - 1, "its statistic"),
	SL_SCALAR(struct sl_published_few, SL_KIND_U16, table, 0, 0, "of the view"),
	SL_SCALAR(struct sl_published_few, SL_KIND_U16, column, 0, 0, "of the table"),
	SL_VEC(struct sl_published_few, values, nvalues, SL_PUBLISHED_VALUES_MAX, cell_record, "few have one of these"),
};
static SL_RECORD(few_record, sl_published_few, few_fields);

static const struct sl_field publication_fields[] = {
	SL_SCALAR(struct sl_publication, SL_KIND_U8, releasable, 0, 1, "nothing refuses"),
	SL_VEC(struct sl_publication, outputs, noutputs, SL_PLANS_MAX, output_record, "one per plan"),
	SL_VEC(struct sl_publication, findings, nfindings, SL_FINDINGS_MAX, sl_finding_record, "by output, cell, stat, rule"),
	SL_VEC(struct sl_publication, again, nagain, SL_CELLS_MAX, again_record, "by output, cell"),
	SL_VEC(struct sl_publication, few, nfew, SL_FINDINGS_MAX, few_record, "by output, cell, stat; for the reviewer"),
};
SL_RECORD(sl_publication_record, sl_publication, publication_fields);

static enum sl_rc refuse(struct sl_err *err, const char *why)
{
	return sl_err_set(err, SL_E_INPUT, "publication: %s", why);
}

static enum sl_rc check_output(const struct sl_published_output *o, uint64_t ncells, struct sl_err *err)
{
	uint32_t hidden = 0;

	if (o->ncells != ncells)
		return refuse(err, "not one value per cell and column");
	for (uint32_t i = 0; i < o->ncells; i++) {
		const struct sl_published_cell *c = &o->cells[i];
		hidden += !c->shown;
		if ((!c->shown || c->missing) && c->value != 0)
			return refuse(err, "a hidden cell carries a value");
		if (!c->shown && c->missing)
			return refuse(err, "a hidden cell says it is missing");
	}
	return hidden == o->suppressed ? SL_OK : refuse(err, "hidden cells miscounted");
}

static bool is_before(const struct sl_published_again *a, uint32_t output, uint32_t cell)
{
	return a->output < output || (a->output == output && a->cell < cell);
}

const struct sl_published_again *sl_publication_again(const struct sl_publication *p, uint32_t output, uint32_t cell)
{
	uint32_t lo = 0, hi = p->nagain;

	while (lo < hi) {
		uint32_t mid = lo + (hi - lo) / 2;
		if (is_before(&p->again[mid], output, cell))
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo < p->nagain && p->again[lo].output == output && p->again[lo].cell == cell ? &p->again[lo] : NULL;
}

/* Whether a stands before a number of an output. */
static bool few_is_before(const struct sl_published_few *a, uint32_t output, uint32_t cell, uint32_t stat)
{
	if (a->output != output || a->cell != cell)
		return a->output < output || (a->output == output && a->cell < cell);
	return a->stat < stat;
}

const struct sl_published_few *sl_publication_few(const struct sl_publication *p, const struct sl_finding *f)
{
	uint32_t lo = 0, hi = p->nfew;

	while (lo < hi) {
		uint32_t mid = lo + (hi - lo) / 2;
		if (few_is_before(&p->few[mid], f->output, f->cell, f->stat))
			lo = mid + 1;
		else
			hi = mid;
	}
	bool found = f->rule == SL_RULE_NUMERATOR && lo < p->nfew && p->few[lo].output == f->output &&
	             p->few[lo].cell == f->cell && p->few[lo].stat == f->stat;
	return found ? &p->few[lo] : NULL;
}

const struct sl_published_cell *sl_publication_told(const struct sl_publication *p, uint32_t output, uint32_t cell,
                                                    uint32_t column, uint32_t ncolumns)
{
	const struct sl_published_again *again = sl_publication_again(p, output, cell);

	return again != NULL && column < again->ncolumns ? &again->columns[column]
	                                                 : &p->outputs[output].cells[(size_t)cell * ncolumns + column];
}

enum sl_rc sl_publication_stored(const void *data, size_t len, struct sl_publication *out, struct sl_err *err)
{
	return sl_codec_decode_older(&sl_publication_record, data, len, out, err);
}

/* A number that is told again is printed like any other, and its row has none. */
static enum sl_rc check_again(const struct sl_publication *p, uint32_t i, const struct sl_plan *plans, size_t nplans,
                              const struct sl_view *view, struct sl_err *err)
{
	const struct sl_published_again *a = &p->again[i];

	if (a->output >= nplans || (i > 0 && !is_before(&p->again[i - 1], a->output, a->cell)))
		return refuse(err, "rows that are told again are out of order");
	const struct sl_plan *plan = &plans[a->output];
	uint32_t columns = plan->nstats + plan->ncalcs;
	if (a->cell >= sl_plan_cells(plan, view) || (a->ncolumns != 0 && a->ncolumns != columns))
		return refuse(err, "a row that is told again is of another shape");
	for (uint32_t c = 0; c < columns; c++)
		if (p->outputs[a->output].cells[(size_t)a->cell * columns + c].shown)
			return refuse(err, "a row that is told again has a number of its own");
	for (uint32_t c = 0; c < a->ncolumns; c++)
		if ((!a->columns[c].shown && a->columns[c].missing) ||
		    ((!a->columns[c].shown || a->columns[c].missing) && a->columns[c].value != 0))
			return refuse(err, "a hidden cell carries a value");
	return p->releasable ? SL_OK : refuse(err, "a row is told again where nothing is told");
}

/* So that whoever reads finds a name for each. */
static enum sl_rc check_few(const struct sl_publication *p, uint32_t i, const struct sl_plan *plans, size_t nplans,
                            const struct sl_view *view, struct sl_err *err)
{
	const struct sl_published_few *f = &p->few[i];

	if (f->output >= nplans || f->cell >= sl_plan_cells(&plans[f->output], view) ||
	    f->stat >= plans[f->output].nstats ||
	    (i > 0 && !few_is_before(&p->few[i - 1], f->output, f->cell, f->stat)))
		return refuse(err, "values of few are out of order");
	if (f->table >= view->ntables || f->column >= view->tables[f->table].ncolumns || f->nvalues == 0)
		return refuse(err, "values of few are of no column");
	const struct sl_column *c = &view->tables[f->table].columns[f->column];
	uint32_t ngroups = c->type == SL_TYPE_TEXT || c->type == SL_TYPE_BOOLEAN ? sl_column_ngroups(c, false) : 0;
	for (uint32_t v = 0; v < f->nvalues; v++) {
		bool is_code = c->type == SL_TYPE_TEXT || c->type == SL_TYPE_BOOLEAN;
		if (is_code && !f->values[v].missing && (f->values[v].value < 0 || f->values[v].value >= ngroups))
			return refuse(err, "a value of few is none of its column");
	}
	return SL_OK;
}

enum sl_rc sl_publication_check(const struct sl_publication *p, const struct sl_plan *plans, size_t nplans,
                                const struct sl_view *view, struct sl_err *err)
{
	if (p->noutputs != nplans)
		return refuse(err, "not one output per plan");
	for (uint32_t i = 0; i < p->noutputs; i++) {
		const struct sl_plan *plan = &plans[i];
		enum sl_rc rc = check_output(&p->outputs[i], sl_plan_cells(plan, view) * (plan->nstats + plan->ncalcs), err);
		if (rc != SL_OK)
			return rc;
	}
	for (uint32_t i = 0; i < p->nfindings; i++) {
		const struct sl_finding *f = &p->findings[i];
		if (f->output >= nplans)
			return refuse(err, "a finding about no output");
		const struct sl_plan *plan = &plans[f->output];
		if ((f->stat != SL_FINDING_WHOLE && f->stat >= plan->nstats) ||
		    (f->cell != SL_FINDING_WHOLE && f->cell >= sl_plan_cells(plan, view)))
			return refuse(err, "a finding about no cell");
		if (f->severity == SL_SEVERITY_REFUSE && p->releasable)
			return refuse(err, "releasable with a refusing finding");
	}
	for (uint32_t i = 0; i < p->nagain; i++) {
		enum sl_rc rc = check_again(p, i, plans, nplans, view, err);
		if (rc != SL_OK)
			return rc;
	}
	for (uint32_t i = 0; i < p->nfew; i++) {
		enum sl_rc rc = check_few(p, i, plans, nplans, view, err);
		if (rc != SL_OK)
			return rc;
	}
	return SL_OK;
}
