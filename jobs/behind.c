/* behind.c - see behind.h. */
#include "jobs/behind.h"

#include <stdlib.h>

#include "enclave/base/text.h"
#include "jobs/pack.h"
#include "jobs/store/release.h"
#include "policy/history/predicate.h"

/* The release that is open. */
struct earlier {
	int64_t release;
	struct sl_opened opened;
};

static enum sl_rc open_release(struct sl_enclave *e, int64_t release, struct sl_opened *out, struct sl_err *err)
{
	struct sl_store_release row = { 0 };
	enum sl_rc rc = sl_store_release_get(&e->db, release, &row, err);

	if (rc == SL_OK)
		rc = sl_opened_read(e, row.request, out, err);
	else if (rc == SL_E_NO)
		rc = sl_err_set(err, SL_E_INTEGRITY, "an earlier number of L-%lld, which there is not", (long long)release);
	sl_store_release_free(&row);
	return rc;
}

/* Per statistic of ours, 1 + which one of the earlier output is the same; 0: none. */
static enum sl_rc match(const struct sl_job_material *ours, uint32_t i, const struct sl_job_material *theirs,
                        uint32_t j, uint32_t same[static SL_STATS_MAX], struct sl_err *err)
{
	struct sl_predicate_part *mine = NULL, *other = NULL;
	uint32_t nmine = 0, nother = 0;
	enum sl_rc rc = sl_predicate_stats(&ours->plans[i], &ours->view, &mine, &nmine, err);

	if (rc == SL_OK)
		rc = sl_predicate_stats(&theirs->plans[j], &theirs->view, &other, &nother, err);
	for (uint32_t s = 0; s < nmine && rc == SL_OK; s++) {
		same[s] = 0;
		for (uint32_t t = nother; t-- > 0;)
			same[s] = other[t].hash == mine[s].hash ? t + 1 : same[s];
	}
	free(mine);
	free(other);
	return rc;
}

/* Its keys are not those of our cell, so they are told. What is too long for that is cut, whole characters. */
static enum sl_rc tell_label(const struct sl_opened *from, struct sl_behind_cell *cell, struct sl_err *err)
{
	const struct sl_plan *plan = &from->material.plans[cell->output];
	struct sl_buf b = { 0 };

	if (cell->before != SL_BEFORE_OVERLAP)
		return SL_OK;
	sl_buf_printf(&b, "%s: ", plan->output);
	sl_render_cell(plan, &from->material.view, cell->cell, &b);
	enum sl_rc rc = sl_buf_ok(&b, "the keys of an earlier cell", err);
	if (rc == SL_OK) {
		b.len = sl_text_cut((const char *)b.data, b.len, SL_BEHIND_LABEL_BYTES);
		free(cell->label);
		cell->label = NULL;
		rc = sl_pack_dup(sl_buf_cstr(&b), &cell->label, err);
	}
	sl_buf_free(&b);
	return rc;
}

/* Every cell of ours that was found in this output of this release. */
static enum sl_rc fill_from(const struct sl_opened *from, const struct sl_behind_cell *like,
                            const struct sl_job_material *ours, uint32_t i, struct sl_behind_output *out,
                            struct sl_err *err)
{
	uint32_t same[SL_STATS_MAX] = { 0 }, nstats = ours->plans[i].nstats;

	if (like->output >= from->material.nplans)
		return sl_err_set(err, SL_E_INTEGRITY, "an earlier number of an output that there is not");
	const struct sl_plan *plan = &from->material.plans[like->output];
	const struct sl_published_output *then = &from->frozen.publication.outputs[like->output];
	uint32_t columns = plan->nstats + plan->ncalcs;
	enum sl_rc rc = match(ours, i, &from->material, like->output, same, err);
	for (uint32_t c = 0; c < out->ncells && rc == SL_OK; c++) {
		struct sl_behind_cell *cell = &out->cells[c];
		if (cell->before == SL_BEFORE_NONE || cell->release != like->release || cell->output != like->output)
			continue;
		if (cell->cell >= then->ncells / columns)
			return sl_err_set(err, SL_E_INTEGRITY, "an earlier number of a cell that there is not");
		for (uint32_t s = 0; s < nstats; s++) {
			if (same[s] == 0)
				continue;
			const struct sl_published_cell *was = &then->cells[(size_t)cell->cell * columns + same[s] - 1];
			out->was[(size_t)c * nstats + s] = (struct sl_behind_was){ .known = 1, .shown = was->shown,
				.missing = was->missing, .value = was->value };
		}
		rc = tell_label(from, cell, err);
	}
	return rc;
}

/* A cell that is like an earlier one has at least one statistic with it in common. */
static bool is_done(const struct sl_behind_output *out, uint32_t cell)
{
	uint32_t nstats = out->nnumbers / out->ncells;
	bool done = out->cells[cell].before == SL_BEFORE_NONE;

	for (uint32_t s = 0; s < nstats && !done; s++)
		done = out->was[(size_t)cell * nstats + s].known != 0;
	return done;
}

static enum sl_rc fill(struct sl_enclave *e, struct earlier *at, const struct sl_job_material *ours, uint32_t i,
                       struct sl_behind_output *out, struct sl_err *err)
{
	enum sl_rc rc = SL_OK;

	for (uint32_t c = 0; c < out->ncells && rc == SL_OK; c++) {
		const struct sl_behind_cell *cell = &out->cells[c];
		if (is_done(out, c))
			continue;
		if (at->release != (int64_t)cell->release) {
			sl_opened_free(&at->opened);
			at->release = 0;
			rc = open_release(e, (int64_t)cell->release, &at->opened, err);
		}
		if (rc == SL_OK) {
			at->release = (int64_t)cell->release;
			rc = fill_from(&at->opened, cell, ours, i, out, err);
		}
	}
	return rc;
}

enum sl_rc sl_behind_keep(struct sl_enclave *e, const struct sl_job_material *material, struct sl_behind *b,
                          struct sl_buf *out, struct sl_err *err)
{
	struct earlier at = { 0 };
	enum sl_rc rc = SL_OK;

	for (uint32_t i = 0; i < b->noutputs && rc == SL_OK; i++) {
		struct sl_behind_output *o = &b->outputs[i];
		if (o->compared == 0)
			continue;
		free(o->was);
		o->was = calloc((size_t)o->nnumbers + 1, sizeof *o->was);
		o->nwas = o->was != NULL ? o->nnumbers : 0;
		rc = o->was != NULL ? fill(e, &at, material, i, o, err) : sl_err_set(err, SL_E_NOMEM, "out of memory");
	}
	sl_opened_free(&at.opened);
	return rc == SL_OK ? sl_codec_encode(&sl_behind_record, b, out, err) : rc;
}

enum sl_rc sl_behind_open(const struct sl_opened *o, struct sl_behind *out, struct sl_err *err)
{
	*out = (struct sl_behind){ 0 };
	if (o->frozen.behind.len == 0)
		return SL_OK;
	enum sl_rc rc = sl_behind_stored(o->frozen.behind.data, o->frozen.behind.len, out, err);
	if (rc == SL_OK)
		rc = sl_behind_check(out, o->material.plans, o->material.nplans, &o->material.view, err);
	if (rc != SL_OK)
		sl_codec_free(&sl_behind_record, out);
	return rc == SL_E_INPUT ? sl_err_set(err, SL_E_INTEGRITY, "what is kept behind the request's numbers is damaged") : rc;
}
