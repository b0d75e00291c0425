/* owner_holding.c - see owner_holding.h. */
#include "jobs/owner_holding.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "enclave/base/num.h"
#include "jobs/owner.h"

static bool gives(const struct sl_project *p, const char *table)
{
	for (uint32_t i = 0; i < p->ntables; i++)
		if (strcmp(p->tables[i].name, table) == 0)
			return true;
	return false;
}

enum sl_rc sl_owner_holdings(const struct sl_standing *s, const char *person, const struct sl_cat_table *table,
                             struct sl_owner_holding **out, uint32_t *n, struct sl_err *err)
{
	const struct sl_policy *policy = s->has_policy ? &s->policy : NULL;
	int64_t today = sl_enclave_today();
	enum sl_rc rc = SL_OK;

	*n = 0;
	*out = NULL;
	if (policy == NULL || person == NULL || sl_policy_person(policy, person) == NULL)
		return SL_OK;
	*out = calloc((size_t)policy->nprojects + 1, sizeof **out);
	if (*out == NULL)
		return sl_err_set(err, SL_E_NOMEM, "out of memory");
	for (uint32_t i = 0; i < policy->nprojects && rc == SL_OK; i++) {
		const struct sl_project *p = &policy->projects[i];
		const struct sl_owner_question q = { policy, p, table, person, today, s->owner_grants, s->nowner_grants };
		const struct sl_table no_columns = { 0 };
		if (p->expires < today || !sl_project_has_analyst(p, person) || !gives(p, table->name))
			continue;
		struct sl_owner_holding *h = &(*out)[*n];
		h->project = p;
		rc = sl_owner_ask(&q, &no_columns, &h->word, err);
		free(h->word.uses);
		h->word.uses = NULL;
		*n += rc == SL_OK;
	}
	if (rc != SL_OK) {
		free(*out);
		*out = NULL;
		*n = 0;
	}
	return rc;
}

const struct sl_owner_holding *sl_owner_best(const struct sl_owner_holding *h, uint32_t n)
{
	const struct sl_owner_holding *best = NULL;

	for (uint32_t i = 0; i < n; i++)
		if (best == NULL || h[i].word.say > best->word.say)
			best = &h[i];
	return best;
}

void sl_owner_holding_text(const struct sl_owner_word *word, char out[static SL_OWNER_HOLDING_TEXT])
{
	char day[SL_DECIMAL_TEXT] = "";

	if (word->say == SL_OWNER_GRANTS || word->say == SL_OWNER_EXPIRED)
		(void)sl_format_date(word->until, day);
	if (word->grant == 0)
		(void)snprintf(out, SL_OWNER_HOLDING_TEXT, "%s", word->say == SL_OWNER_NOT_ASKED ? "not asked" : "none");
	else if (word->say == SL_OWNER_GRANTS)
		(void)snprintf(out, SL_OWNER_HOLDING_TEXT, "G-%" PRId64 " until %s", word->grant, day);
	else
		(void)snprintf(out, SL_OWNER_HOLDING_TEXT, "G-%" PRId64 " %s%s%s", word->grant,
		               sl_owner_say_name((enum sl_owner_say)word->say), day[0] != '\0' ? " on " : "", day);
}
