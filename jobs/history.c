/* history.c - see history.h. */
#include "jobs/history.h"

#include <stdlib.h>
#include <string.h>

#include "enclave/base/text.h"
#include "enclave/vault/digest.h"
#include "jobs/job_run.h"
#include "jobs/pack.h"
#include "jobs/request_open.h"
#include "jobs/store/members.h"
#include "jobs/store/recovered.h"
#include "jobs/store/release.h"
#include "policy/history/outputs.h"

static enum sl_rc no_memory(struct sl_err *err)
{
	return sl_err_set(err, SL_E_NOMEM, "out of memory");
}

void sl_history_boxes_free(struct sl_history_boxes *b)
{
	for (uint32_t i = 0; b->boxes != NULL && i < b->n; i++)
		sl_buf_free(&b->boxes[i]);
	free(b->boxes);
	memset(b, 0, sizeof *b);
}

/* --- keys ------------------------------------------------------------------------------------------------ */

/* Of the box with this id, and of no other. */
static enum sl_rc derive_key(const struct sl_secret *vault, struct sl_members_key *k, struct sl_err *err)
{
	char info[64] = "sluice members v1 ";
	struct sl_secret key;

	sl_text_hex(k->id, sizeof k->id, info + strlen(info));
	enum sl_rc rc = sl_secret_derive(vault, info, &key, err);
	memcpy(k->key, key.b, sizeof k->key);
	sl_secret_wipe(&key);
	return rc;
}

static void free_keys(struct sl_members_key *keys, uint32_t n)
{
	if (keys != NULL)
		explicit_bzero(keys, n * sizeof *keys);
	free(keys);
}

/* Keys that have sealed nothing yet. */
static enum sl_rc new_keys(const struct sl_enclave *e, uint32_t n, struct sl_members_key **out, struct sl_err *err)
{
	struct sl_secret vault;
	enum sl_rc rc = sl_enclave_vault_key(e, &vault, err);

	*out = calloc((size_t)n + 1, sizeof **out);
	if (rc == SL_OK && *out == NULL)
		rc = no_memory(err);
	for (uint32_t i = 0; i < n && rc == SL_OK; i++) {
		rc = sl_random((*out)[i].id, sizeof (*out)[i].id, err);
		if (rc == SL_OK)
			rc = derive_key(&vault, &(*out)[i], err);
	}
	sl_secret_wipe(&vault);
	return rc;
}

/* Keys of boxes, whose ids they begin with. */
static enum sl_rc keys_of(const struct sl_enclave *e, const struct sl_buf *boxes, uint32_t n,
                          struct sl_members_key **out, struct sl_err *err)
{
	struct sl_secret vault;
	enum sl_rc rc = sl_enclave_vault_key(e, &vault, err);

	*out = calloc((size_t)n + 1, sizeof **out);
	if (rc == SL_OK && *out == NULL)
		rc = no_memory(err);
	for (uint32_t i = 0; i < n && rc == SL_OK; i++) {
		if (boxes[i].len < sizeof (*out)[i].id) {
			rc = sl_err_set(err, SL_E_INTEGRITY, "the units behind an output are damaged");
			break;
		}
		memcpy((*out)[i].id, boxes[i].data, sizeof (*out)[i].id);
		rc = derive_key(&vault, &(*out)[i], err);
	}
	sl_secret_wipe(&vault);
	return rc;
}

/* --- who stands behind a request's outputs --------------------------------------------------------------- */

static enum sl_rc run_members(const struct sl_job_ready *ready, struct sl_job_tables *tables,
                              struct sl_members_key *keys, struct sl_history_boxes *out, struct sl_err *err)
{
	struct sl_job_task task = { .task = SL_TASK_MEMBERS, .keys = keys };
	struct sl_buf list = { 0 };
	enum sl_keeper_fate fate;
	uint32_t layers;
	enum sl_rc rc = sl_job_engine(ready, tables, &task, &list, &layers, &fate, err);

	if (rc == SL_OK)
		rc = sl_pack_unlist(&list, SL_PLANS_MAX, &out->boxes, &out->n, err);
	if (rc == SL_OK && out->n != ready->nplans)
		rc = sl_err_set(err, SL_E_INTEGRITY, "sluice-engine sealed the units of %u outputs, not %u", out->n,
		                ready->nplans);
	sl_buf_free(&list);
	return rc;
}

enum sl_rc sl_history_members(struct sl_enclave *e, const struct sl_grant *grant, const struct sl_job_material *m,
                              uint32_t layers_required, struct sl_history_boxes *out, struct sl_err *err)
{
	/* All borrowed: it is the job as it ran, for the outputs asked for. */
	struct sl_job_ready ready = { .grant = *grant, .plans = m->plans, .wire = m->plan_wire, .nplans = m->nplans,
		                      .layers_required = layers_required };
	struct sl_job_tables tables = { 0 };
	struct sl_members_key *keys = NULL;

	memset(out, 0, sizeof *out);
	enum sl_rc rc = new_keys(e, m->nplans, &keys, err);
	if (rc == SL_OK)
		rc = sl_job_tables_pinned(e, &ready, m->versions_json, &tables, err);
	if (rc == SL_OK)
		rc = run_members(&ready, &tables, keys, out, err);
	sl_job_tables_free(&tables);
	free_keys(keys, m->nplans);
	if (rc != SL_OK)
		sl_history_boxes_free(out);
	return rc;
}

enum sl_rc sl_history_boxes_load(struct sl_enclave *e, int64_t request, uint32_t n, struct sl_history_boxes *out,
                                 struct sl_err *err)
{
	enum sl_rc rc = SL_OK;

	*out = (struct sl_history_boxes){ .boxes = calloc((size_t)n + 1, sizeof *out->boxes), .n = n };
	if (out->boxes == NULL)
		return no_memory(err);
	for (uint32_t i = 0; i < n && rc == SL_OK; i++)
		rc = sl_store_members_get(&e->db, request, i, &out->boxes[i], err);
	if (rc == SL_E_NO)
		rc = sl_err_set(err, SL_E_NO, "the units behind R-%lld were not kept", (long long)request);
	if (rc != SL_OK)
		sl_history_boxes_free(out);
	return rc;
}

/* --- what was released before ---------------------------------------------------------------------------- */

/* One unit space while it is gathered. */
struct gathering {
	struct sl_enclave *e;
	const char *space;
	struct sl_history history;
	uint32_t outputs_cap;
	struct sl_buf *boxes;      /* of history's outputs, then of the request's */
	uint32_t nboxes, boxes_cap;
};

static enum sl_rc add_box(struct gathering *g, struct sl_buf *box, struct sl_err *err)
{
	if (g->nboxes == g->boxes_cap) {
		uint32_t cap = g->boxes_cap == 0 ? 16 : g->boxes_cap * 2;
		struct sl_buf *more = realloc(g->boxes, cap * sizeof *more);
		if (more == NULL)
			return no_memory(err);
		g->boxes = more;
		g->boxes_cap = cap;
	}
	g->boxes[g->nboxes++] = *box;
	*box = (struct sl_buf){ 0 };
	return SL_OK;
}

static enum sl_rc add_output(struct gathering *g, const struct sl_opened *o, int64_t release, uint32_t i,
                             struct sl_buf *box, struct sl_err *err)
{
	struct sl_history *h = &g->history;

	if (h->noutputs == SL_MEMBERS_OUTPUTS_MAX - SL_PLANS_MAX)
		return sl_err_set(err, SL_E_LIMIT, "more than %u outputs were released of \"%s\"", h->noutputs, g->space);
	if (h->noutputs == g->outputs_cap) {
		uint32_t cap = g->outputs_cap == 0 ? 16 : g->outputs_cap * 2;
		struct sl_earlier_output *more = realloc(h->outputs, cap * sizeof *more);
		if (more == NULL)
			return no_memory(err);
		h->outputs = more;
		g->outputs_cap = cap;
	}
	enum sl_rc rc = sl_history_output(&o->material.plans[i], &o->material.view, &o->frozen.publication,
	                                  &o->frozen.rules, (uint64_t)release, i, &h->outputs[h->noutputs], err);
	if (rc != SL_OK)
		return rc;
	h->noutputs++;
	return add_box(g, box, err);
}

/* The outputs of one earlier release that are about the space. */
static enum sl_rc add_release(struct gathering *g, int64_t release, struct sl_err *err)
{
	struct sl_store_release row = { 0 };
	struct sl_history_boxes boxes = { 0 };
	struct sl_opened o = { 0 };
	enum sl_rc rc = sl_store_release_get(&g->e->db, release, &row, err);

	if (rc == SL_OK)
		rc = sl_opened_read(g->e, row.request, &o, err);
	if (rc == SL_OK)
		rc = sl_history_boxes_load(g->e, row.request, o.material.nplans, &boxes, err);
	if (rc == SL_E_NO)
		sl_err_remedy(err, "L-%lld was released before they were: nothing of \"%s\" can be compared with it",
		              (long long)release, g->space);
	for (uint32_t i = 0; i < o.material.nplans && rc == SL_OK; i++)
		if (strcmp(sl_plan_grant_space(&o.material.plans[i], &o.material.view), g->space) == 0)
			rc = add_output(g, &o, release, i, &boxes.boxes[i], err);
	sl_history_boxes_free(&boxes);
	sl_opened_free(&o);
	sl_store_release_free(&row);
	return rc;
}

/* The request's own outputs of the space; their boxes are copied. */
static enum sl_rc add_own(struct gathering *g, const struct sl_job_material *m, const struct sl_history_boxes *boxes,
                          struct sl_err *err)
{
	struct sl_history *h = &g->history;
	enum sl_rc rc = SL_OK;

	h->plans = calloc((size_t)m->nplans + 1, sizeof *h->plans);
	if (h->plans == NULL)
		return no_memory(err);
	for (uint32_t i = 0; i < m->nplans && rc == SL_OK; i++) {
		struct sl_buf copy = { 0 };
		if (strcmp(sl_plan_grant_space(&m->plans[i], &m->view), g->space) != 0)
			continue;
		h->plans[h->nplans++].plan = (uint16_t)i;
		sl_buf_put(&copy, boxes->boxes[i].data, boxes->boxes[i].len);
		rc = sl_buf_ok(&copy, "the units of an output", err);
		if (rc == SL_OK)
			rc = add_box(g, &copy, err);
		sl_buf_free(&copy);
	}
	return rc;
}

static enum sl_rc run_atoms(const struct gathering *g, struct sl_members_key *keys, const struct sl_limits *limits,
                            uint32_t layers_required, struct sl_buf *atoms, struct sl_err *err)
{
	struct sl_engine_setup setup = { .task = SL_TASK_ATOMS, .keys = keys, .nkeys = g->nboxes,
		                         .memory_bytes = limits->engine_memory_bytes, .cells_max = 1, .threads = 1 };
	struct sl_keeper_job job = { .program = SL_PROGRAM_ENGINE, .memory_bytes = limits->engine_memory_bytes,
		                     .deadline_ms = limits->engine_wall_ms, .cpu_ms = limits->engine_cpu_ms,
		                     .frames_max = limits->frames_max, .layers_required = layers_required,
		                     .setup_is_secret = true };
	struct sl_keeper_expect expect = { SL_FRAME_ATOMS, 1, 1, SL_MEMBERS_WIRE_MAX };
	struct sl_keeper_outcome outcome = { 0 };
	struct sl_buf wire = { .max = SL_SETUP_WIRE_MAX };
	struct sl_keeper_message *send = calloc((size_t)g->nboxes + 1, sizeof *send);
	enum sl_rc rc = send == NULL ? no_memory(err) : sl_codec_encode(&sl_engine_setup_record, &setup, &wire, err);

	explicit_bzero(keys, g->nboxes * sizeof *keys);
	if (rc == SL_OK) {
		send[0] = (struct sl_keeper_message){ SL_FRAME_ENGINE_SETUP, wire.data, wire.len };
		for (uint32_t i = 0; i < g->nboxes; i++)
			send[i + 1] = (struct sl_keeper_message){ SL_FRAME_MEMBERS, g->boxes[i].data, g->boxes[i].len };
		rc = sl_keeper_run(&job, send, (size_t)g->nboxes + 1, &expect, 1, &outcome, err);
	}
	if (rc == SL_OK && outcome.nframes != 1)
		rc = sl_err_set(err, SL_E_INTEGRITY, "sluice-engine sent no counts");
	if (rc == SL_OK) {
		*atoms = outcome.frames[0].body;
		outcome.frames[0].body = (struct sl_buf){ 0 };
	}
	sl_keeper_outcome_free(&outcome);
	sl_buf_free(&wire);
	free(send);
	return rc;
}

/* One output and no earlier one: there is nothing to count. */
static enum sl_rc count(const struct gathering *g, const struct sl_limits *limits, uint32_t layers_required,
                        struct sl_buf *atoms, struct sl_err *err)
{
	static const struct sl_atoms none;
	struct sl_members_key *keys = NULL;
	enum sl_rc rc;

	if (g->nboxes < 2)
		return sl_codec_encode(&sl_atoms_record, &none, atoms, err);
	rc = keys_of(g->e, g->boxes, g->nboxes, &keys, err);
	if (rc == SL_OK)
		rc = run_atoms(g, keys, limits, layers_required, atoms, err);
	free_keys(keys, g->nboxes);
	return rc;
}

static void gathering_free(struct gathering *g)
{
	for (uint32_t i = 0; i < g->history.noutputs; i++)
		sl_history_output_free(&g->history.outputs[i]);
	free(g->history.outputs);
	free(g->history.plans);
	for (uint32_t i = 0; i < g->nboxes; i++)
		sl_buf_free(&g->boxes[i]);
	free(g->boxes);
}

/* Who asks, and how far its processes may go. */
struct asking {
	struct sl_enclave *e;
	const struct sl_job_material *material;
	const struct sl_history_boxes *boxes;
	const struct sl_history_then *then;
	const struct sl_limits *limits;
	uint32_t layers_required;
};

static enum sl_rc gather_space(const struct asking *a, const char *name, struct sl_history_frames *out,
                               struct sl_err *err)
{
	struct gathering g = { .e = a->e, .space = name };
	struct sl_history_space *space = &out->spaces[out->nspaces++];
	int64_t *releases = NULL;
	uint32_t n = 0;
	enum sl_rc rc = a->then == NULL ? sl_store_space_releases(&a->e->db, name, &releases, &n, err)
	                                : sl_store_space_releases_then(&a->e->db, name, a->then->number, a->then->at,
	                                                               &releases, &n, err);

	space->history.max = SL_MEMBERS_WIRE_MAX;
	for (uint32_t i = 0; i < n && rc == SL_OK; i++) {
		rc = add_release(&g, releases[i], err);
		out->last_release = releases[i] > out->last_release ? releases[i] : out->last_release;
		out->releases++;
	}
	if (rc == SL_OK)
		rc = add_own(&g, a->material, a->boxes, err);
	if (rc == SL_OK)
		rc = sl_codec_encode(&sl_history_record, &g.history, &space->history, err);
	if (rc == SL_OK)
		rc = count(&g, a->limits, a->layers_required, &space->atoms, err);
	free(releases);
	gathering_free(&g);
	return rc;
}

/* Whether no output before i is of the same space. */
static bool is_first_of_space(const struct sl_job_material *m, uint32_t i)
{
	const char *space = sl_plan_grant_space(&m->plans[i], &m->view);

	for (uint32_t j = 0; j < i; j++)
		if (strcmp(sl_plan_grant_space(&m->plans[j], &m->view), space) == 0)
			return false;
	return true;
}

static enum sl_rc space_is_known(struct sl_enclave *e, const char *space, struct sl_err *err)
{
	struct sl_store_recovered *rows = NULL;
	uint32_t n = 0;
	enum sl_rc rc = sl_store_recovered_unknown(&e->db, space, &rows, &n, err);

	if (rc == SL_OK && n > 0) {
		rc = sl_err_set(err, SL_E_NO, "L-%lld left before the state was brought back from a backup, and who stands behind "
		                              "it is not known here, so nothing of \"%s\" can be compared with it: %s",
		                (long long)rows[0].release, space, rows[0].why);
		sl_err_rule(err, SL_HISTORY_UNKNOWN);
		sl_err_remedy(err, "an operator cures it, and enters L-%lld again with sluice recover", (long long)rows[0].release);
	}
	sl_store_recovered_list_free(rows, n);
	return rc;
}

enum sl_rc sl_history_is_known(struct sl_enclave *e, const struct sl_job_material *m, struct sl_err *err)
{
	enum sl_rc rc = SL_OK;

	for (uint32_t i = 0; i < m->nplans && rc == SL_OK; i++)
		if (is_first_of_space(m, i))
			rc = space_is_known(e, sl_plan_grant_space(&m->plans[i], &m->view), err);
	return rc;
}

enum sl_rc sl_history_gather(struct sl_enclave *e, const struct sl_job_material *m,
                             const struct sl_history_boxes *boxes, const struct sl_history_then *then,
                             const struct sl_limits *limits, uint32_t layers_required,
                             struct sl_history_frames *out, struct sl_err *err)
{
	struct asking a = { e, m, boxes, then, limits, layers_required };
	enum sl_rc rc = SL_OK;

	*out = (struct sl_history_frames){ .spaces = calloc((size_t)m->nplans + 1, sizeof *out->spaces) };
	if (out->spaces == NULL)
		return no_memory(err);
	for (uint32_t i = 0; i < m->nplans && rc == SL_OK; i++)
		if (is_first_of_space(m, i))
			rc = gather_space(&a, sl_plan_grant_space(&m->plans[i], &m->view), out, err);
	if (rc != SL_OK)
		sl_history_frames_free(out);
	return rc;
}

void sl_history_frames_free(struct sl_history_frames *f)
{
	for (uint32_t s = 0; f->spaces != NULL && s < f->nspaces; s++) {
		sl_buf_free(&f->spaces[s].history);
		sl_buf_free(&f->spaces[s].atoms);
	}
	free(f->spaces);
	memset(f, 0, sizeof *f);
}

enum sl_rc sl_history_since(struct sl_enclave *e, const struct sl_job_material *m, int64_t release, uint32_t *n,
                            struct sl_err *err)
{
	enum sl_rc rc = SL_OK;

	*n = 0;
	for (uint32_t i = 0; i < m->nplans && rc == SL_OK; i++) {
		int64_t *ids = NULL;
		uint32_t nids = 0;
		if (!is_first_of_space(m, i))
			continue;
		rc = sl_store_space_releases(&e->db, sl_plan_grant_space(&m->plans[i], &m->view), &ids, &nids, err);
		for (uint32_t k = 0; k < nids && rc == SL_OK; k++)
			*n += ids[k] > release;
		free(ids);
	}
	return rc;
}

void sl_history_tell(void *self, const struct sl_finding *f, struct sl_buf *out)
{
	struct sl_enclave *e = self;
	struct sl_store_release row = { 0 };
	struct sl_opened o = { 0 };
	enum sl_rc rc = sl_store_release_get(&e->db, (int64_t)f->release, &row, NULL);

	sl_buf_printf(out, "L-%llu", (unsigned long long)f->release);
	if (rc == SL_OK)
		rc = sl_opened_read(e, row.request, &o, NULL);
	if (rc == SL_OK && f->other_output < o.material.nplans &&
	    f->other_cell < sl_plan_cells(&o.material.plans[f->other_output], &o.material.view)) {
		const struct sl_plan *plan = &o.material.plans[f->other_output];
		sl_buf_printf(out, ", output \"%s\", ", plan->output);
		sl_render_cell(plan, &o.material.view, f->other_cell, out);
	}
	sl_opened_free(&o);
	sl_store_release_free(&row);
}
