/* naive_differs.c - see naive.h: two results, field by field. */
#include <stdio.h>
#include <string.h>

#include "tests/agreement/naive.h"

/* A number as text; of 128 bits both halves. */
static void number_text(const struct sl_field *f, const void *record, char out[static 64])
{
	const unsigned char *at = (const unsigned char *)record + f->offset;
	int64_t v = 0;
	uint64_t halves[2];

	if (f->kind == SL_KIND_I128) {
		memcpy(halves, at, sizeof halves);
		snprintf(out, 64, "0x%016llx%016llx", (unsigned long long)halves[1], (unsigned long long)halves[0]);
		return;
	}
	memcpy(&v, at, f->kind == SL_KIND_U8 ? 1 : f->kind == SL_KIND_U16 ? 2 : f->kind == SL_KIND_U32 ? 4 : 8);
	snprintf(out, 64, "%lld", (long long)v);
}

static bool record_differs(const struct sl_record *rec, const void *a, const void *b, uint32_t n, const char *where,
                           char *out, size_t size)
{
	for (uint32_t i = 0; i < n; i++)
		for (size_t f = 0; f < rec->nfields; f++) {
			const struct sl_field *field = &rec->fields[f];
			char x[64], y[64];
			if (field->kind == SL_KIND_VEC || field->kind == SL_KIND_BYTES)
				continue;
			number_text(field, (const char *)a + i * rec->size, x);
			number_text(field, (const char *)b + i * rec->size, y);
			if (strcmp(x, y) == 0)
				continue;
			snprintf(out, size, "%s[%u].%s: engine %s, naive %s", where, i, field->name, x, y);
			return true;
		}
	return false;
}

bool naive_differs(const struct sl_result *engine, const struct sl_result *naive,
                   char *out, size_t size)
{
	if (engine->nevidence != naive->nevidence || engine->nmargins != naive->nmargins ||
	    engine->nmoments != naive->nmoments || engine->nquantiles != naive->nquantiles ||
	    engine->nvariables != naive->nvariables || engine->nsums != naive->nsums ||
	    engine->ndistinct != naive->ndistinct) {
		snprintf(out, size, "numbers of records");
		return true;
	}
	if (record_differs(&sl_result_record, engine, naive, 1, "result", out, size) ||
	    record_differs(&sl_evidence_record, engine->evidence, naive->evidence, naive->nevidence, "evidence", out, size) ||
	    record_differs(&sl_moments_record, engine->moments, naive->moments, naive->nmoments, "moments", out, size) ||
	    record_differs(&sl_variable_record, engine->variables, naive->variables, naive->nvariables, "variables", out,
	                   size) ||
	    record_differs(&sl_distinct_record, engine->distinct, naive->distinct, naive->ndistinct, "distinct", out, size) ||
	    record_differs(&sl_sum_record, engine->sums, naive->sums, naive->nsums, "sums", out, size) ||
	    record_differs(&sl_quantile_record, engine->quantiles, naive->quantiles, naive->nquantiles, "quantiles", out,
	                   size))
		return true;
	for (uint32_t m = 0; m < naive->nmargins; m++)
		for (uint32_t i = 0; i < naive->margins[m].ncells; i++)
			if (engine->margins[m].ncells != naive->margins[m].ncells ||
			    engine->margins[m].cells[i].units != naive->margins[m].cells[i].units) {
				snprintf(out, size, "margins[%u].cells[%u]", m, i);
				return true;
			}
	return false;
}
