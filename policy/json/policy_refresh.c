/* policy_refresh.c - from which day on a small refresh of a table is in force. */
#include <stdlib.h>
#include <string.h>

#include "policy/json/policy_read.h"

static enum sl_rc read_one(const struct sl_json_at *at, const struct sl_policy *p, struct sl_refresh_day *d,
                           struct sl_err *err)
{
	enum sl_rc rc = sl_policy_check_table_name(at, p, err);

	sl_json_where(at, true, &d->line, &d->col);
	if (rc == SL_OK && (d->table = strdup(at->key)) == NULL)
		rc = sl_err_set(err, SL_E_NOMEM, "out of memory");
	return rc == SL_OK ? sl_policy_read_day(at, &d->day, err) : rc;
}

enum sl_rc sl_policy_read_refresh_days(const struct sl_json_at *at, struct sl_policy *p, struct sl_err *err)
{
	struct sl_json_at m;
	enum sl_rc rc = sl_json_is_object(at, SL_TABLES_MAX, err);

	if (rc != SL_OK)
		return rc;
	p->refresh_days = sl_json_calloc(json_object_size(at->value), sizeof *p->refresh_days, err);
	if (p->refresh_days == NULL)
		return SL_E_NOMEM;
	for (void *iter = NULL; rc == SL_OK && sl_json_next(at, &iter, &m);)
		rc = read_one(&m, p, &p->refresh_days[p->nrefresh_days++], err);
	return rc;
}
