/* history_versions.c - see history_versions.h. */
#include "jobs/history_versions.h"

#include <stdlib.h>
#include <string.h>

#include "jobs/pack.h"
#include "jobs/sign/canon.h"
#include "policy/history/reading.h"

#define VERSIONS_JSON_MAX ((size_t)1 << 20)

static enum sl_rc no_memory(struct sl_err *err)
{
	return sl_err_set(err, SL_E_NOMEM, "out of memory for the versions of tables");
}

static enum sl_rc hash(const char *text, sl_i128 *out, struct sl_err *err)
{
	uint8_t digest[32];
	unsigned __int128 bits = 0;
	enum sl_rc rc = sl_seal_sha256(text, strlen(text), digest, err);

	for (int i = 0; rc == SL_OK && i < 16; i++)
		bits = bits << 8 | digest[i];
	*out = (sl_i128)bits;
	return rc;
}

enum sl_rc sl_history_versions(const struct sl_plan *plan, const struct sl_view *view, const char *versions_json,
                               struct sl_table_version **out, uint32_t *n, struct sl_err *err)
{
	json_t *versions = NULL;
	enum sl_rc rc = sl_canon_read("versions", versions_json, strlen(versions_json), VERSIONS_JSON_MAX, &versions, err);

	*n = 0;
	*out = calloc((size_t)plan->nsources + 1, sizeof **out);
	if (rc == SL_OK && *out == NULL)
		rc = no_memory(err);
	for (uint32_t s = 0; s < plan->nsources && rc == SL_OK; s++) {
		const char *table = view->tables[plan->sources[s].table].name;
		struct sl_table_version *v = &(*out)[(*n)++];
		rc = hash(table, &v->table, err);
		if (rc == SL_OK)
			rc = hash(sl_pack_text(versions, table), &v->version, err);
	}
	json_decref(versions);
	if (rc != SL_OK) {
		free(*out);
		*out = NULL;
		*n = 0;
	}
	return rc;
}

/* Prints that are listed, and the columns that they are of: the place of a column is its number. */
struct listing {
	struct sl_members_print *list;
	uint32_t n, cap;
	sl_i128 *columns;
	uint32_t ncolumns, columns_cap;
};

static enum sl_rc number_of(struct listing *l, sl_i128 way, uint32_t *number, struct sl_err *err)
{
	for (*number = 0; *number < l->ncolumns; ++*number)
		if (l->columns[*number] == way)
			return SL_OK;
	if (l->ncolumns == l->columns_cap) {
		uint32_t cap = l->columns_cap == 0 ? 16 : l->columns_cap * 2;
		sl_i128 *more = realloc(l->columns, cap * sizeof *more);
		if (more == NULL)
			return no_memory(err);
		l->columns = more;
		l->columns_cap = cap;
	}
	l->columns[l->ncolumns++] = way;
	return SL_OK;
}

static enum sl_rc add_print(struct listing *l, uint32_t output, sl_i128 way, bool renewed, struct sl_err *err)
{
	uint32_t number;
	enum sl_rc rc = number_of(l, way, &number, err);

	if (rc == SL_OK && l->n == l->cap) {
		uint32_t cap = l->cap == 0 ? 16 : l->cap * 2;
		struct sl_members_print *more = realloc(l->list, cap * sizeof *more);
		if (more == NULL)
			return no_memory(err);
		l->list = more;
		l->cap = cap;
	}
	if (rc == SL_OK)
		l->list[l->n++] = (struct sl_members_print){ output, number, renewed };
	return rc;
}

/* The readings of one output, by print: of a fold there may be several of one. */
static enum sl_rc add_output(struct listing *l, uint32_t output, const struct sl_reading *printed, uint32_t n,
                             bool renewed, struct sl_err *err)
{
	enum sl_rc rc = SL_OK;
	uint32_t print = 0;

	for (uint32_t i = 0; i < n && rc == SL_OK; i++)
		if (printed[i].way != 0 && printed[i].measure == print) {
			rc = add_print(l, output, printed[i].way, renewed, err);
			print++;
		}
	return rc;
}

static bool is_renewed(const struct sl_history *h, uint32_t output)
{
	const struct sl_earlier_output *o = &h->outputs[output];
	bool renewed = false;

	for (uint32_t k = 0; k < h->nplans; k++)
		renewed = renewed || sl_versions_differ(o->versions, o->nversions, h->plans[k].versions, h->plans[k].nversions);
	return renewed;
}

static enum sl_rc add_own(struct listing *l, const struct sl_history *h, const struct sl_job_material *m,
                          struct sl_err *err)
{
	enum sl_rc rc = SL_OK;

	for (uint32_t k = 0; k < h->nplans && rc == SL_OK; k++) {
		struct sl_reading *printed = NULL;
		uint32_t n = 0;
		rc = sl_reading_printed(&m->plans[h->plans[k].plan], &m->view, &printed, &n, err);
		if (rc == SL_OK)
			rc = add_output(l, h->noutputs + k, printed, n, false, err);
		free(printed);
	}
	return rc;
}

enum sl_rc sl_history_prints(const struct sl_history *h, const struct sl_job_material *m,
                             struct sl_members_print **out, uint32_t *n, struct sl_err *err)
{
	struct listing l = { 0 };
	enum sl_rc rc = SL_OK;
	bool any = false;

	for (uint32_t i = 0; i < h->noutputs && !any; i++)
		any = is_renewed(h, i) && h->outputs[i].nprinted > 0;
	for (uint32_t i = 0; any && i < h->noutputs && rc == SL_OK; i++)
		rc = add_output(&l, i, h->outputs[i].printed, h->outputs[i].nprinted, is_renewed(h, i), err);
	if (rc == SL_OK && any)
		rc = add_own(&l, h, m, err);
	free(l.columns);
	if (rc != SL_OK) {
		free(l.list);
		l = (struct listing){ 0 };
	}
	*out = l.list;
	*n = l.n;
	return rc;
}
