/* public.c - see public.h. */
#include "enclave/pact/public.h"

static const struct sl_field total_fields[] = {
	SL_TEXT(struct sl_public_total, name, SL_TITLE_BYTES, "of the catalogue"),
	SL_REC(struct sl_public_total, plan, sl_plan_record, "units by its columns"),
};
static SL_RECORD(total_record, sl_public_total, total_fields);

static const struct sl_field public_fields[] = {
	SL_REC(struct sl_public, view, sl_view_record, "their tables and columns"),
	SL_VEC(struct sl_public, totals, ntotals, SL_PUBLIC_TOTALS_MAX, total_record, "public totals"),
};
SL_RECORD(sl_public_record, sl_public, public_fields);

enum sl_rc sl_public_check(const struct sl_public *p, struct sl_err *err)
{
	enum sl_rc rc = sl_view_check(&p->view, err);

	for (uint32_t i = 0; i < p->ntotals && rc == SL_OK; i++) {
		rc = sl_plan_check(&p->totals[i].plan, &p->view, err);
		if (rc == SL_OK && (p->totals[i].plan.nsources != 1 || sl_plan_is_filtered(&p->totals[i].plan)))
			rc = sl_err_set(err, SL_E_INPUT, "a public total is of one whole table");
	}
	return rc;
}
