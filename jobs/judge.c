/* judge.c - see judge.h. */
#include "jobs/judge.h"

#include <stdlib.h>
#include <string.h>

#include "enclave/keeper/keeper.h"
#include "jobs/again.h"
#include "jobs/job_run.h"

/* Setup, a plan and its result each, a history and its counts each. */
static size_t put_messages(const struct sl_judge_case *c, const struct sl_buf *setup, struct sl_keeper_message *send)
{
	size_t n = 0;

	send[n++] = (struct sl_keeper_message){ SL_FRAME_CHECK_SETUP, setup->data, setup->len };
	for (uint32_t i = 0; i < c->material->nplans; i++) {
		const struct sl_buf *plan = &c->material->plan_wire[i], *result = &c->material->result_wire[i];
		send[n++] = (struct sl_keeper_message){ SL_FRAME_PLAN, plan->data, plan->len };
		send[n++] = (struct sl_keeper_message){ SL_FRAME_RESULT, result->data, result->len };
	}
	for (uint32_t s = 0; s < c->history->nspaces; s++) {
		const struct sl_history_space *space = &c->history->spaces[s];
		send[n++] = (struct sl_keeper_message){ SL_FRAME_HISTORY, space->history.data, space->history.len };
		send[n++] = (struct sl_keeper_message){ SL_FRAME_ATOMS, space->atoms.data, space->atoms.len };
	}
	return n;
}

static enum sl_rc talk(const struct sl_judge_case *c, struct sl_keeper_outcome *outcome, struct sl_err *err)
{
	struct sl_check_setup setup = {
		.view = c->material->view,
		.rules = *c->rules,
		.nplans = c->material->nplans,
		.purpose = (char *)(uintptr_t)c->purpose,
		.context = (char *)(uintptr_t)c->context,
		.nspaces = c->history->nspaces,
		.secondary_work = c->limits->secondary_work,
	};
	struct sl_keeper_job job = {
		.program = SL_PROGRAM_CHECK,
		.memory_bytes = c->limits->check_memory_bytes,
		.deadline_ms = c->limits->check_wall_ms,
		.cpu_ms = c->limits->check_cpu_ms,
		.frames_max = c->limits->frames_max,
		.layers_required = c->layers_required,
	};
	static const struct sl_keeper_expect expect[] = {
		{ SL_FRAME_PUBLICATION, 1, 1, SL_PUBLICATION_WIRE_MAX },
		{ SL_FRAME_BEHIND, 1, 1, SL_BEHIND_WIRE_MAX },
	};
	struct sl_buf wire = { .max = SL_SETUP_WIRE_MAX };
	struct sl_keeper_message *send =
		calloc((size_t)2 * (c->material->nplans + c->history->nspaces) + 1, sizeof *send);
	enum sl_rc rc = send == NULL ? sl_err_set(err, SL_E_NOMEM, "out of memory")
	                             : sl_codec_encode(&sl_check_setup_record, &setup, &wire, err);

	if (rc == SL_OK)
		rc = sl_keeper_run(&job, send, put_messages(c, &wire, send), expect, 2, outcome, err);
	if (rc == SL_OK && outcome->nframes != 2)
		rc = sl_err_set(err, SL_E_INTEGRITY, "sluice-check sent no publication");
	sl_buf_free(&wire);
	free(send);
	return rc;
}

/* Both are there once: sl_keeper_run has counted them. */
static const struct sl_buf *body_of(const struct sl_keeper_outcome *outcome, enum sl_frame_type type)
{
	return &outcome->frames[outcome->frames[0].type == type ? 0 : 1].body;
}

/* A confined program puts no text before a reviewer, and what was printed it was never told. */
static bool is_numbers_alone(const struct sl_behind *b)
{
	for (uint32_t i = 0; i < b->noutputs; i++) {
		const struct sl_behind_output *o = &b->outputs[i];
		if (o->nwas != 0)
			return false;
		for (uint32_t c = 0; c < o->ncells; c++)
			if (o->cells[c].label != NULL && o->cells[c].label[0] != '\0')
				return false;
	}
	return true;
}

/* Nor was it told a number that left before. */
static bool is_places_alone(const struct sl_publication *p)
{
	for (uint32_t i = 0; i < p->nagain; i++)
		if (p->again[i].ncolumns != 0 || (p->again[i].from != NULL && p->again[i].from[0] != '\0'))
			return false;
	return true;
}

enum sl_rc sl_judge(const struct sl_judge_case *c, struct sl_publication *out, struct sl_behind *behind,
                    uint32_t *layers, struct sl_err *err)
{
	const struct sl_job_material *m = c->material;
	struct sl_keeper_outcome outcome = { 0 };
	struct sl_behind made = { 0 };
	enum sl_rc rc = talk(c, &outcome, err);

	memset(out, 0, sizeof *out);
	*layers = outcome.layers;
	if (rc == SL_OK) {
		const struct sl_buf *body = body_of(&outcome, SL_FRAME_PUBLICATION);
		rc = sl_codec_decode(&sl_publication_record, body->data, body->len, out, err);
	}
	if (rc == SL_OK)
		rc = sl_publication_check(out, m->plans, m->nplans, &m->view, err);
	if (rc == SL_OK && !is_places_alone(out))
		rc = sl_err_set(err, SL_E_INTEGRITY, "sluice-check sent what it does not know");
	if (rc == SL_OK && behind != NULL) {
		const struct sl_buf *body = body_of(&outcome, SL_FRAME_BEHIND);
		rc = sl_codec_decode(&sl_behind_record, body->data, body->len, &made, err);
	}
	if (rc == SL_OK && behind != NULL && !is_numbers_alone(&made))
		rc = sl_err_set(err, SL_E_INTEGRITY, "sluice-check sent what it does not know");
	if (rc == SL_OK && behind != NULL)
		rc = sl_behind_check(&made, m->plans, m->nplans, &m->view, err);
	if (rc != SL_OK) {
		sl_codec_free(&sl_publication_record, out);
		sl_codec_free(&sl_behind_record, &made);
	}
	if (behind != NULL)
		*behind = made;
	sl_keeper_outcome_free(&outcome);
	return rc;
}

static bool is_same(const struct sl_publication *a, const struct sl_publication *b)
{
	struct sl_buf x = { .max = SL_PUBLICATION_WIRE_MAX }, y = { .max = SL_PUBLICATION_WIRE_MAX };
	bool same = sl_codec_encode(&sl_publication_record, a, &x, NULL) == SL_OK &&
	            sl_codec_encode(&sl_publication_record, b, &y, NULL) == SL_OK && x.len == y.len &&
	            memcmp(x.data, y.data, x.len) == 0;

	sl_buf_free(&x);
	sl_buf_free(&y);
	return same;
}

enum sl_rc sl_judge_again(struct sl_enclave *e, const struct sl_standing *standing, const struct sl_opened *o)
{
	struct sl_job_material material = { 0 };
	struct sl_history_boxes boxes = { 0 };
	struct sl_history_frames history = { 0 };
	struct sl_publication now = { 0 };
	struct sl_grant grant = { 0 };
	uint32_t layers = 0, on;
	enum sl_rc rc = sl_standing_grant(standing, o->row.project, o->row.author, &grant, NULL);

	if (rc == SL_OK)
		rc = sl_job_layers(&standing->policy, &layers, NULL);
	if (rc == SL_OK)
		rc = sl_opened_material(e, o, &material, NULL);
	if (rc == SL_OK)
		rc = sl_history_boxes_load(e, o->row.id, material.nplans, o->frozen.known.ntotals, &boxes, NULL);
	const struct sl_history_case past = { &material, &boxes, &o->frozen.known };
	if (rc == SL_OK)
		rc = sl_history_gather(e, &past, NULL, &grant.limits, layers, &history, NULL);
	if (rc == SL_OK) {
		struct sl_judge_case c = { &material, &o->frozen.rules, o->frozen.purpose, o->row.context, &grant.limits, layers,
			                   &history };
		rc = sl_judge(&c, &now, NULL, &on, NULL);
	}
	if (rc == SL_OK)
		rc = sl_again_fill(e, &material, NULL, &now, NULL);
	bool holds = rc == SL_OK && now.releasable == 1 && is_same(&now, &o->frozen.publication);
	sl_codec_free(&sl_publication_record, &now);
	sl_history_frames_free(&history);
	sl_history_boxes_free(&boxes);
	sl_job_material_free(&material);
	sl_grant_free(&grant);
	return rc == SL_E_NOMEM ? rc : holds ? SL_OK : SL_E_NO;
}
