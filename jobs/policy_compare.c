/* policy_compare.c - see policy_compare.h. */
#include "jobs/policy_compare.h"

static enum sl_rc load(const struct sl_policy_file *f, struct sl_policy *out, struct sl_err *err)
{
	return sl_policy_load(f->name, f->text->data != NULL ? f->text->data : (const void *)"", f->text->len, out, err);
}

enum sl_rc sl_policy_compare(const struct sl_standing *standing, const struct sl_policy_file *now,
                             const struct sl_policy_file *next, struct sl_effects *out, uint64_t *now_serial,
                             uint64_t *next_serial, struct sl_err *err)
{
	struct sl_policy a = {0}, b = {0};
	enum sl_rc rc = load(now, &a, err);

	if (rc == SL_OK)
		rc = load(next, &b, err);
	if (rc == SL_OK)
		rc = sl_policy_diff(&a, &b, standing != NULL ? standing->catalogue_list : NULL,
		                    standing != NULL ? standing->ncatalogues : 0, out, err);
	*now_serial = a.serial;
	*next_serial = b.serial;
	sl_policy_free(&a);
	sl_policy_free(&b);
	return rc;
}
