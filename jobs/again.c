/* again.c - see again.h. */
#include "jobs/again.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "jobs/pack.h"
#include "policy/check.h"
#include "policy/history/predicate.h"
#include "policy/render_rows.h"

enum sl_rc sl_again_may(struct sl_enclave *e, const struct sl_store_release *row, const char *project,
                        const struct sl_history_then *then, bool *may, struct sl_err *err)
{
	struct sl_store_revoked revoked = { 0 };

	*may = false;
	if (strcmp(row->project, project) != 0)
		return SL_OK;
	enum sl_rc rc = sl_store_revoked_get(&e->db, row->id, &revoked, err);
	if (rc == SL_E_NO) {
		*may = true;
		return SL_OK;
	}
	if (rc == SL_OK) {
		*may = then != NULL && revoked.at > then->at;
		sl_store_revoked_free(&revoked);
	}
	return rc;
}

/* One output of an earlier release, beside one of the publication. */
struct source {
	bool open;
	uint64_t release;
	uint16_t output, from_output;
	struct sl_opened o;
	uint32_t *row_of;   /* per cell: its row in the file, whose header is the first; 0: it has none */
	uint32_t stat_of[SL_STATS_MAX][SL_STATS_MAX]; /* [s]: 1 + statistics of the earlier one that are s; 0 ends them */
};

struct filling {
	struct sl_enclave *e;
	const struct sl_job_material *material;
	const struct sl_history_then *then;
	struct source from;
};

static void close_source(struct source *s)
{
	sl_opened_free(&s->o);
	free(s->row_of);
	*s = (struct source){ .open = false };
}

static enum sl_rc not_there(const struct sl_published_again *a, struct sl_err *err)
{
	return sl_err_set(err, SL_E_INTEGRITY, "L-%" PRIu64 " has no number that may be told again in place of another",
	                  a->release);
}

static enum sl_rc open_release(struct filling *f, const struct sl_published_again *a, struct sl_err *err)
{
	struct sl_store_release row = { 0 };
	bool may = false;
	enum sl_rc rc = sl_store_release_get(&f->e->db, (int64_t)a->release, &row, err);

	if (rc == SL_E_NO)
		return not_there(a, err);
	if (rc == SL_OK)
		rc = sl_again_may(f->e, &row, f->material->project, f->then, &may, err);
	if (rc == SL_OK && !may)
		rc = not_there(a, err);
	if (rc == SL_OK)
		rc = sl_opened_read(f->e, row.request, &f->from.o, err);
	sl_store_release_free(&row);
	return rc;
}

static enum sl_rc find_rows(struct filling *f, uint32_t output, struct sl_err *err)
{
	const struct sl_opened *o = &f->from.o;
	char name[SL_PACK_NAME];
	struct sl_render r = sl_opened_render(f->e, o, name);
	struct sl_render_rows rows = { 0 };
	uint64_t n = sl_plan_cells(&o->material.plans[output], &o->material.view);
	enum sl_rc rc = sl_render_rows_of(&r, output, &rows, err);

	f->from.row_of = calloc((size_t)n + 1, sizeof *f->from.row_of);
	if (rc == SL_OK && f->from.row_of == NULL)
		rc = sl_err_set(err, SL_E_NOMEM, "out of memory for what is told again");
	for (uint32_t i = 0; rc == SL_OK && i < rows.nrows; i++)
		f->from.row_of[rows.cells[i]] = i + 2;
	free(rows.cells);
	return rc;
}

/* The same statistic, printed as finely. */
static bool is_same_stat(const struct filling *f, const struct sl_plan *now, uint32_t s, const struct sl_plan *then,
                         uint32_t t, const struct sl_predicate_part *a, const struct sl_predicate_part *b)
{
	struct sl_input_type x = sl_check_column_type(now, &f->material->view, s),
			     y = sl_check_column_type(then, &f->from.o.material.view, t);

	return a[s].hash == b[t].hash && x.type == y.type && x.scale == y.scale;
}

static enum sl_rc match_stats(struct filling *f, const struct sl_plan *now, const struct sl_plan *then,
                              struct sl_err *err)
{
	struct sl_predicate_part *a = NULL, *b = NULL;
	uint32_t na = 0, nb = 0;
	enum sl_rc rc = sl_predicate_stats(now, &f->material->view, &a, &na, err);

	if (rc == SL_OK)
		rc = sl_predicate_stats(then, &f->from.o.material.view, &b, &nb, err);
	for (uint32_t s = 0; rc == SL_OK && s < na; s++)
		for (uint32_t t = 0, n = 0; t < nb; t++)
			if (is_same_stat(f, now, s, then, t, a, b))
				f->from.stat_of[s][n++] = t + 1;
	free(a);
	free(b);
	return rc;
}

static enum sl_rc open_source(struct filling *f, const struct sl_published_again *a, struct sl_err *err)
{
	struct source *s = &f->from;

	if (s->open && s->release == a->release && s->output == a->output && s->from_output == a->from_output)
		return SL_OK;
	close_source(s);
	enum sl_rc rc = open_release(f, a, err);
	if (rc == SL_OK && (a->output >= f->material->nplans || a->from_output >= s->o.material.nplans))
		rc = not_there(a, err);
	if (rc == SL_OK)
		rc = find_rows(f, a->from_output, err);
	if (rc == SL_OK)
		rc = match_stats(f, &f->material->plans[a->output], &s->o.material.plans[a->from_output], err);
	s->open = rc == SL_OK;
	s->release = a->release;
	s->output = a->output;
	s->from_output = a->from_output;
	return rc;
}

static enum sl_rc copy_numbers(struct filling *f, struct sl_published_again *a, struct sl_err *err)
{
	const struct sl_plan *now = &f->material->plans[a->output], *then = &f->from.o.material.plans[a->from_output];
	const struct sl_published_output *out = &f->from.o.frozen.publication.outputs[a->from_output];
	uint32_t width = then->nstats + then->ncalcs, told = 0;

	a->columns = calloc((size_t)now->nstats + now->ncalcs, sizeof *a->columns);
	if (a->columns == NULL)
		return sl_err_set(err, SL_E_NOMEM, "out of memory for what is told again");
	a->ncolumns = now->nstats + now->ncalcs;
	for (uint32_t s = 0; s < now->nstats; s++)
		for (uint32_t n = 0; n < SL_STATS_MAX && f->from.stat_of[s][n] != 0 && !a->columns[s].shown; n++) {
			a->columns[s] = out->cells[(size_t)a->from_cell * width + f->from.stat_of[s][n] - 1];
			told += a->columns[s].shown;
		}
	sl_check_calcs(now, a->columns);
	return told > 0 ? SL_OK : not_there(a, err);
}

static enum sl_rc fill_row(struct filling *f, struct sl_published_again *a, struct sl_err *err)
{
	char path[SL_RENDER_NAME_BYTES], from[SL_PUBLISHED_FROM_BYTES];
	enum sl_rc rc = open_source(f, a, err);

	if (rc != SL_OK)
		return rc;
	const struct sl_opened *o = &f->from.o;
	const struct sl_plan *then = &o->material.plans[a->from_output];
	if (a->from_cell >= sl_plan_cells(then, &o->material.view) || f->from.row_of[a->from_cell] == 0)
		return not_there(a, err);
	sl_render_csv_name(then, path);
	(void)snprintf(from, sizeof from, "L-%" PRIu64 "/%s#row=%u", a->release, path, f->from.row_of[a->from_cell]);
	rc = sl_pack_dup(from, &a->from, err);
	return rc == SL_OK ? copy_numbers(f, a, err) : rc;
}

/* Of rows that are as sluice-check sends them. */
static enum sl_rc fill_rows(struct sl_enclave *e, const struct sl_job_material *material,
                            const struct sl_history_then *then, struct sl_published_again *rows, uint32_t n,
                            struct sl_err *err)
{
	struct filling f = { .e = e, .material = material, .then = then };
	enum sl_rc rc = SL_OK;

	for (uint32_t i = 0; i < n && rc == SL_OK; i++) {
		free(rows[i].from);
		free(rows[i].columns); /* of none */
		rows[i].from = NULL;
		rows[i].columns = NULL;
		rows[i].ncolumns = 0;
		rc = fill_row(&f, &rows[i], err);
	}
	close_source(&f.from);
	return rc;
}

enum sl_rc sl_again_fill(struct sl_enclave *e, const struct sl_job_material *material,
                         const struct sl_history_then *then, struct sl_publication *p, struct sl_err *err)
{
	for (uint32_t i = 0; i < p->nagain; i++)
		SL_REQUIRE(p->again[i].ncolumns == 0);
	return fill_rows(e, material, then, p->again, p->nagain, err);
}

static bool is_same(const struct sl_published_again *a, const struct sl_published_again *b)
{
	bool same = strcmp(a->from, b->from) == 0 && a->ncolumns == b->ncolumns;

	for (uint32_t c = 0; same && c < a->ncolumns; c++)
		same = a->columns[c].shown == b->columns[c].shown && a->columns[c].value == b->columns[c].value &&
		       a->columns[c].missing == b->columns[c].missing;
	return same;
}

enum sl_rc sl_again_holds(struct sl_enclave *e, const struct sl_opened *o)
{
	const struct sl_publication *p = &o->frozen.publication;
	struct sl_published_again *rows = calloc((size_t)p->nagain + 1, sizeof *rows);
	bool holds;

	if (rows == NULL)
		return SL_E_NOMEM;
	for (uint32_t i = 0; i < p->nagain; i++) {
		rows[i] = p->again[i];
		rows[i].from = NULL;
		rows[i].columns = NULL;
		rows[i].ncolumns = 0;
	}
	enum sl_rc rc = fill_rows(e, &o->material, NULL, rows, p->nagain, NULL);
	holds = rc == SL_OK;
	for (uint32_t i = 0; i < p->nagain; i++) {
		holds = holds && is_same(&rows[i], &p->again[i]);
		free(rows[i].from);
		free(rows[i].columns);
	}
	free(rows);
	return rc == SL_E_NOMEM ? rc : holds ? SL_OK : SL_E_NO;
}
