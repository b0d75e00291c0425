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

static const struct sl_field publication_fields[] = {
	SL_SCALAR(struct sl_publication, SL_KIND_U8, releasable, 0, 1, "nothing refuses"),
	SL_VEC(struct sl_publication, outputs, noutputs, SL_PLANS_MAX, output_record, "one per plan"),
	SL_VEC(struct sl_publication, findings, nfindings, SL_FINDINGS_MAX, sl_finding_record, "by output, cell, stat, rule"),
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
	return SL_OK;
}
