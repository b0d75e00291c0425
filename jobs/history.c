/* history.c - see history.h. */
#include "jobs/history.h"

#include <stdlib.h>
#include <string.h>

#include "jobs/again.h"
#include "jobs/history_members.h"
#include "jobs/history_versions.h"
#include "jobs/job_run.h"
#include "jobs/pack.h"
#include "jobs/request_open.h"
#include "jobs/sign/canon.h"
#include "jobs/store/members.h"
#include "jobs/store/recovered.h"
#include "jobs/store/release.h"
#include "policy/history/outputs.h"

#define VERSIONS_JSON_MAX ((size_t)1 << 20)

static enum sl_rc no_memory(struct sl_err *err)
{
	return sl_err_set(err, SL_E_NOMEM, "out of memory");
}

/* --- what was released before ---------------------------------------------------------------------------- */

/* One unit space while it is gathered. */
struct gathering {
	struct sl_enclave *e;
	const char *space;
	const char *project;       /* that asks */
	const struct sl_history_then *then;
	struct sl_history history;
	uint32_t outputs_cap;
	uint8_t (*seen)[32];       /* of each public total that is there: of which sets of which version it is */
	uint32_t nseen, seen_cap;
	struct sl_buf *boxes;      /* of history's outputs, then of the request's */
	uint32_t nboxes, boxes_cap;
	struct sl_members_print *prints;
	uint32_t nprints;
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

/* Of a box that stays its owner's. */
static enum sl_rc add_copy(struct gathering *g, const struct sl_buf *box, struct sl_err *err)
{
	struct sl_buf copy = { 0 };

	sl_buf_put(&copy, box->data, box->len);
	enum sl_rc rc = sl_buf_ok(&copy, "the units of an output", err);
	if (rc == SL_OK)
		rc = add_box(g, &copy, err);
	sl_buf_free(&copy);
	return rc;
}

static enum sl_rc make_room(struct gathering *g, struct sl_err *err)
{
	struct sl_history *h = &g->history;

	if (h->noutputs == SL_MEMBERS_OUTPUTS_MAX - SL_PLANS_MAX)
		return sl_err_set(err, SL_E_LIMIT, "more than %u outputs were released of \"%s\"", h->noutputs, g->space);
	if (h->noutputs < g->outputs_cap)
		return SL_OK;
	uint32_t cap = g->outputs_cap == 0 ? 16 : g->outputs_cap * 2;
	struct sl_earlier_output *more = realloc(h->outputs, cap * sizeof *more);
	if (more == NULL)
		return no_memory(err);
	h->outputs = more;
	g->outputs_cap = cap;
	return SL_OK;
}

/* again: numbers of the release may be told again; what a limit cuts off was not told, so none of that output. */
static enum sl_rc add_output(struct gathering *g, const struct sl_opened *o, int64_t release, bool again, uint32_t i,
                             struct sl_buf *box, struct sl_err *err)
{
	struct sl_history *h = &g->history;
	enum sl_rc rc = make_room(g, err);

	if (rc == SL_OK)
		rc = sl_history_output(&o->material.plans[i], &o->material.view, &o->frozen.publication, &o->frozen.rules,
		                       (uint64_t)release, i, &h->outputs[h->noutputs], err);
	if (rc != SL_OK)
		return rc;
	struct sl_earlier_output *added = &h->outputs[h->noutputs];
	rc = sl_history_versions(&o->material.plans[i], &o->material.view, o->material.versions_json, &added->versions,
	                         &added->nversions, err);
	if (rc != SL_OK) {
		sl_history_output_free(added);
		return rc;
	}
	h->outputs[h->noutputs++].again = again && o->material.plans[i].limit == 0;
	return add_box(g, box, err);
}

/* --- what is public ---------------------------------------------------------------------------------------- */

/* The sets of a total: of which version of the table, and by which columns as the catalogue had them. */
static enum sl_rc digest_total(const struct sl_public *known, uint32_t i, const json_t *versions,
                               uint8_t out[static 32], struct sl_err *err)
{
	const struct sl_plan *plan = &known->totals[i].plan;
	const char *table = known->view.tables[plan->sources[0].table].name;
	struct sl_buf b = { 0 };
	enum sl_rc rc = SL_OK;

	sl_buf_printf(&b, "%s %s", table, sl_pack_text(versions, table));
	for (uint32_t k = 0; k < plan->nkeys && rc == SL_OK; k++)
		rc = sl_codec_encode(&sl_column_record, sl_plan_key_column(plan, &known->view, k), &b, err);
	if (rc == SL_OK)
		rc = sl_buf_ok(&b, "a public total", err);
	if (rc == SL_OK)
		rc = sl_seal_sha256(b.data, b.len, out, err);
	sl_buf_free(&b);
	return rc;
}

/* Of several requests that read one version the same is public: once is enough. */
static enum sl_rc is_seen(struct gathering *g, const uint8_t digest[static 32], bool *seen, struct sl_err *err)
{
	*seen = false;
	for (uint32_t i = 0; i < g->nseen && !*seen; i++)
		*seen = memcmp(g->seen[i], digest, sizeof g->seen[i]) == 0;
	if (*seen)
		return SL_OK;
	if (g->nseen == g->seen_cap) {
		uint32_t cap = g->seen_cap == 0 ? 16 : g->seen_cap * 2;
		uint8_t(*more)[32] = realloc(g->seen, cap * sizeof *more);
		if (more == NULL)
			return no_memory(err);
		g->seen = more;
		g->seen_cap = cap;
	}
	memcpy(g->seen[g->nseen++], digest, sizeof *g->seen);
	return SL_OK;
}

/* Those of the space. release 0: the request's own. */
static enum sl_rc add_public(struct gathering *g, const struct sl_history_case *c, int64_t release, struct sl_err *err)
{
	struct sl_history *h = &g->history;
	json_t *versions = NULL;
	enum sl_rc rc = SL_OK;

	if (c->known->ntotals > 0)
		rc = sl_canon_read("versions", c->material->versions_json, strlen(c->material->versions_json), VERSIONS_JSON_MAX,
		                   &versions, err);
	for (uint32_t i = 0; i < c->known->ntotals && rc == SL_OK; i++) {
		const struct sl_plan *plan = &c->known->totals[i].plan;
		uint8_t digest[32];
		bool seen = strcmp(sl_plan_grant_space(plan, &c->known->view), g->space) != 0;
		if (!seen)
			rc = digest_total(c->known, i, versions, digest, err);
		if (rc == SL_OK && !seen)
			rc = is_seen(g, digest, &seen, err);
		if (rc != SL_OK || seen)
			continue;
		rc = make_room(g, err);
		if (rc == SL_OK)
			rc = sl_history_public(plan, &c->known->view, (uint64_t)release, SL_PUBLIC_FIRST + i,
			                       &h->outputs[h->noutputs], err);
		h->noutputs += rc == SL_OK;
		if (rc == SL_OK)
			rc = add_copy(g, &c->boxes->boxes[c->boxes->noutputs + i], err);
	}
	json_decref(versions);
	return rc;
}

/* The outputs of one earlier release that are about the space. */
static enum sl_rc add_release(struct gathering *g, int64_t release, struct sl_err *err)
{
	struct sl_store_release row = { 0 };
	struct sl_history_boxes boxes = { 0 };
	struct sl_opened o = { 0 };
	bool again = false;
	enum sl_rc rc = sl_store_release_get(&g->e->db, release, &row, err);

	if (rc == SL_OK)
		rc = sl_again_may(g->e, &row, g->project, g->then, &again, err);
	if (rc == SL_OK)
		rc = sl_opened_read(g->e, row.request, &o, err);
	if (rc == SL_OK)
		rc = sl_history_boxes_load(g->e, row.request, o.material.nplans, o.frozen.known.ntotals, &boxes, err);
	if (rc == SL_E_NO)
		sl_err_remedy(err, "L-%lld was released before they were: nothing of \"%s\" can be compared with it",
		              (long long)release, g->space);
	if (rc == SL_OK)
		rc = add_public(g, &(struct sl_history_case){ &o.material, &boxes, &o.frozen.known }, release, err);
	for (uint32_t i = 0; i < o.material.nplans && rc == SL_OK; i++)
		if (strcmp(sl_plan_grant_space(&o.material.plans[i], &o.material.view), g->space) == 0)
			rc = add_output(g, &o, release, again, i, &boxes.boxes[i], err);
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
		if (strcmp(sl_plan_grant_space(&m->plans[i], &m->view), g->space) != 0)
			continue;
		struct sl_history_plan *own = &h->plans[h->nplans++];
		own->plan = (uint16_t)i;
		rc = sl_history_versions(&m->plans[i], &m->view, m->versions_json, &own->versions, &own->nversions, err);
		if (rc == SL_OK)
			rc = add_copy(g, &boxes->boxes[i], err);
	}
	return rc;
}

static enum sl_rc run_atoms(const struct gathering *g, struct sl_members_key *keys, const struct sl_limits *limits,
                            uint32_t layers_required, struct sl_buf *atoms, struct sl_err *err)
{
	struct sl_engine_setup setup = { .task = SL_TASK_ATOMS, .keys = keys, .nkeys = g->nboxes,
		                         .nearlier = g->history.noutputs, .prints = g->prints, .nprints = g->nprints,
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
	static const struct sl_atoms_packed none;
	struct sl_members_key *keys = NULL;
	enum sl_rc rc;

	if (g->nboxes < 2)
		return sl_codec_encode(&sl_atoms_packed_record, &none, atoms, err);
	rc = sl_history_keys(g->e, g->boxes, g->nboxes, &keys, err);
	if (rc == SL_OK)
		rc = run_atoms(g, keys, limits, layers_required, atoms, err);
	sl_history_keys_free(keys, g->nboxes);
	return rc;
}

static void gathering_free(struct gathering *g)
{
	for (uint32_t i = 0; i < g->history.noutputs; i++)
		sl_history_output_free(&g->history.outputs[i]);
	free(g->history.outputs);
	for (uint32_t i = 0; i < g->history.nplans; i++)
		free(g->history.plans[i].versions);
	free(g->history.plans);
	free(g->prints);
	free(g->seen);
	sl_history_boxes_free(&(struct sl_history_boxes){ .boxes = g->boxes, .n = g->nboxes });
}

/* Who asks, and how far its processes may go. */
struct asking {
	struct sl_enclave *e;
	const struct sl_history_case *of;
	const struct sl_history_then *then;
	const struct sl_limits *limits;
	uint32_t layers_required;
};

static enum sl_rc gather_space(const struct asking *a, const char *name, struct sl_history_frames *out,
                               struct sl_err *err)
{
	struct gathering g = { .e = a->e, .space = name, .project = a->of->material->project, .then = a->then };
	struct sl_history_space *space = &out->spaces[out->nspaces++];
	int64_t *releases = NULL;
	uint32_t n = 0;
	enum sl_rc rc = a->then == NULL ? sl_store_space_releases(&a->e->db, name, &releases, &n, err)
	                                : sl_store_space_releases_then(&a->e->db, name, a->then->number, a->then->at,
	                                                               &releases, &n, err);

	space->history.max = SL_MEMBERS_WIRE_MAX;
	/* Its own come first: then what a finding names stays the same, whatever leaves in between. */
	if (rc == SL_OK)
		rc = add_public(&g, a->of, 0, err);
	for (uint32_t i = 0; i < n && rc == SL_OK; i++) {
		rc = add_release(&g, releases[i], err);
		out->last_release = releases[i] > out->last_release ? releases[i] : out->last_release;
		out->releases++;
	}
	if (rc == SL_OK)
		rc = add_own(&g, a->of->material, a->of->boxes, err);
	if (rc == SL_OK)
		rc = sl_history_prints(&g.history, a->of->material, &g.prints, &g.nprints, err);
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

enum sl_rc sl_history_gather(struct sl_enclave *e, const struct sl_history_case *c, const struct sl_history_then *then,
                             const struct sl_limits *limits, uint32_t layers_required, struct sl_history_frames *out,
                             struct sl_err *err)
{
	struct asking a = { e, c, then, limits, layers_required };
	const struct sl_job_material *m = c->material;
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

	if (rc == SL_OK)
		rc = sl_opened_read(e, row.request, &o, NULL);
	if (f->other_output >= SL_PUBLIC_FIRST && rc == SL_OK) {
		sl_public_tell(&o.frozen.known, (uint32_t)f->other_output - SL_PUBLIC_FIRST, f->other_cell, out);
		sl_buf_printf(out, ", as L-%llu read it", (unsigned long long)f->release);
	} else {
		sl_buf_printf(out, "L-%llu", (unsigned long long)f->release);
	}
	if (rc == SL_OK && f->other_output < o.material.nplans &&
	    f->other_cell < sl_plan_cells(&o.material.plans[f->other_output], &o.material.view)) {
		const struct sl_plan *plan = &o.material.plans[f->other_output];
		sl_buf_printf(out, ", output \"%s\", ", plan->output);
		sl_render_cell(plan, &o.material.view, f->other_cell, out);
	}
	sl_opened_free(&o);
	sl_store_release_free(&row);
}
