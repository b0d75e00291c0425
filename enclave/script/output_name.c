/* output_name.c - see output_name.h. */
#include "enclave/script/output_name.h"

#include <string.h>

#include "enclave/base/text.h"

static uint32_t noutputs(const struct sl_plan *p)
{
	return p->nkeys + p->nstats + p->ncalcs;
}

static const char *output_name(const struct sl_plan *p, uint32_t i)
{
	if (i < p->nkeys)
		return p->keys[i].name;
	if (i < p->nkeys + p->nstats)
		return p->stats[i - p->nkeys].name;
	return p->calcs[i - p->nkeys - p->nstats].name;
}

uint32_t sl_output_name_find(const struct sl_plan *p, const char *name)
{
	for (uint32_t i = 0; i < noutputs(p); i++)
		if (strcmp(output_name(p, i), name) == 0)
			return i;
	return SL_OUTPUT_NONE;
}

/* The first column of a model or a histogram that the author called `name`: NULL where nothing is called so. */
static const char *first_of_several(const struct sl_plan *p, const char *name)
{
	size_t len = strlen(name);

	for (uint32_t s = 0; s < p->nstats; s++) {
		const char *column = p->stats[s].name;
		if (strncmp(column, name, len) == 0 && column[len] == '_' && column[len + 1] >= '0' && column[len + 1] <= '9')
			return column;
	}
	return NULL;
}

enum sl_rc sl_output_name_none(const struct sl_plan *p, const char *name, struct sl_err *err)
{
	const char *names[SL_KEYS_MAX + SL_STATS_MAX + SL_CALCS_MAX];

	for (uint32_t i = 0; i < noutputs(p); i++)
		names[i] = output_name(p, i);
	int near = sl_text_near(name, names, noutputs(p));
	enum sl_rc rc = sl_err_set(err, SL_E_INPUT, "the output has no column \"%.100s\"", name);
	const char *first = first_of_several(p, name);
	if (first != NULL)
		sl_err_remedy(err, "it makes several columns, \"%.100s\" and on: name the one you mean, or describe each", first);
	else if (near >= 0)
		sl_err_remedy(err, "did you mean \"%.100s\"?", names[near]);
	else
		sl_err_remedy(err, "its columns are the keys of group_by and the names of summarise and calc");
	return rc;
}

enum sl_rc sl_output_name_new(const struct sl_plan *p, struct sl_call *call, const char *name, char **out,
                              struct sl_err *err)
{
	call->culprit = name;
	if (sl_output_name_find(p, name) != SL_OUTPUT_NONE)
		return sl_err_set(err, SL_E_INPUT, "the output has a column \"%.100s\" already", name);
	return sl_relation_name(out, name, err);
}
