/* job_prepare.c - from a script to plans within the grant: no table is opened here. */
#include <stdlib.h>
#include <string.h>

#include "enclave/base/text.h"
#include "jobs/job_run.h"
#include "jobs/pack.h"
#include "policy/implied.h"

/* The arena holds the Lua state, the view and the received setup beside it. */
#define SCRIPT_ARENA_EXTRA ((uint64_t)192 << 20)

enum sl_rc sl_job_layers(const struct sl_policy *policy, uint32_t *mask, struct sl_err *err)
{
	*mask = 0;
	for (uint32_t i = 0; i < policy->nlayers; i++) {
		const struct sl_layer_row *row = sl_layers_find(policy->layers[i]);
		if (row == NULL)
			return sl_err_set(err, SL_E_INPUT, "the policy requires layer \"%s\", which there is none of",
			                  policy->layers[i]);
		*mask |= SL_LAYER_BIT(row->layer);
	}
	return SL_OK;
}

static enum sl_rc script_setup(const struct sl_job_spec *spec, const struct sl_grant *grant, struct sl_buf *out,
                               struct sl_err *err)
{
	char file[SL_NAME_BYTES];
	size_t n = strlen(spec->file), cut = n >= sizeof file ? n - (sizeof file - 1) : 0;

	if (spec->nscript > SL_SCRIPT_BYTES_MAX)
		return sl_err_set(err, SL_E_LIMIT, "%s: a script has at most %u bytes", spec->file, SL_SCRIPT_BYTES_MAX);
	memcpy(file, spec->file + cut, n - cut + 1);
	struct sl_script_setup setup = {
		.file = file,
		.script = (uint8_t *)(uintptr_t)spec->script,
		.nscript = (uint32_t)spec->nscript,
		.view = grant->view,
		.params = (struct sl_param *)(uintptr_t)spec->params,
		.nparams = spec->nparams,
		.memory_bytes = grant->limits.script_memory_bytes,
		.plans_max = grant->limits.plans_max,
		.nodes_max = grant->limits.nodes_max,
		.print_bytes_max = grant->limits.print_bytes_max,
	};
	out->max = SL_SETUP_WIRE_MAX;
	return sl_codec_encode(&sl_script_setup_record, &setup, out, err);
}

/* What the script printed: already escaped by an honest sluice-script; a line that is not clean is escaped here. */
static enum sl_rc keep_print(const struct sl_buf *body, struct sl_buf *printed, struct sl_err *err)
{
	const char *s = (const char *)body->data, *end = s + body->len;

	while (s < end) {
		const char *lf = memchr(s, '\n', (size_t)(end - s));
		const char *stop = lf != NULL ? lf : end;
		if (sl_text_is_clean(s, (size_t)(stop - s)))
			sl_buf_put(printed, s, (size_t)(stop - s));
		else
			sl_text_escape(printed, s, (size_t)(stop - s));
		if (lf != NULL)
			sl_buf_text(printed, "\n");
		s = lf != NULL ? lf + 1 : end;
	}
	return sl_buf_ok(printed, "printed text", err);
}

static enum sl_rc script_said(const struct sl_job_spec *spec, const struct sl_script_end *end, uint32_t nplans,
                              struct sl_err *err)
{
	if (end->ok && end->nplans != nplans)
		return sl_err_set(err, SL_E_INTEGRITY, "sluice-script sent %u plans and counted %u", nplans, end->nplans);
	if (end->ok)
		return SL_OK;
	(void)sl_err_set(err, SL_E_INPUT, "%s", end->message);
	sl_err_at(err, spec->file, end->line, 0);
	if (end->remedy != NULL && end->remedy[0] != '\0')
		sl_err_remedy(err, "%s", end->remedy);
	return SL_E_INPUT;
}

/* Every frame decoded; plans are judged only when the script ended well, so that its own error is what is told. */
static enum sl_rc take_frames(const struct sl_job_spec *spec, const struct sl_keeper_outcome *o,
                              struct sl_job_ready *ready, struct sl_job *out, struct sl_err *err)
{
	struct sl_buf printed = { 0 };
	enum sl_rc rc = SL_OK;
	bool ended = false;

	ready->plans = calloc((size_t)o->nframes + 1, sizeof *ready->plans);
	ready->wire = calloc((size_t)o->nframes + 1, sizeof *ready->wire);
	if (ready->plans == NULL || ready->wire == NULL)
		return sl_err_set(err, SL_E_NOMEM, "out of memory");
	for (uint32_t i = 0; i < o->nframes && rc == SL_OK; i++) {
		const struct sl_buf *body = &o->frames[i].body;
		if (o->frames[i].type == SL_FRAME_PRINT) {
			rc = keep_print(body, &printed, err);
		} else if (o->frames[i].type == SL_FRAME_SCRIPT_END) {
			rc = sl_codec_decode(&sl_script_end_record, body->data, body->len, &out->end, err);
			ended = true;
		} else {
			rc = sl_codec_decode(&sl_plan_record, body->data, body->len, &ready->plans[ready->nplans], err);
			ready->nplans += rc == SL_OK;
		}
	}
	if (rc == SL_OK) {
		free(out->printed);
		rc = sl_pack_dup(printed.len > 0 ? sl_buf_cstr(&printed) : "", &out->printed, err);
	}
	if (rc == SL_OK && !ended)
		rc = sl_err_set(err, SL_E_INTEGRITY, "sluice-script told no end");
	if (rc == SL_OK)
		rc = script_said(spec, &out->end, ready->nplans, err);
	sl_buf_free(&printed);
	return rc;
}

/* No row has been read: which limit it was may be told. */
static enum sl_rc tell_deadline(const struct sl_limits *limits, struct sl_err *err)
{
	sl_err_clear(err);
	(void)sl_err_set(err, SL_E_LIMIT, "the script did not end within script_wall_ms %u and script_cpu_ms %u",
	                 limits->script_wall_ms, limits->script_cpu_ms);
	sl_err_remedy(err, "a job only declares outputs: look for a pattern or a loop that does not end");
	return SL_E_LIMIT;
}

static enum sl_rc run_script(const struct sl_job_spec *spec, struct sl_job_ready *ready, struct sl_job *out,
                             struct sl_err *err)
{
	const struct sl_limits *limits = &ready->grant.limits;
	struct sl_buf setup = { 0 };
	struct sl_keeper_outcome outcome = { 0 };
	enum sl_rc rc = script_setup(spec, &ready->grant, &setup, err);

	if (rc != SL_OK)
		goto out;
	struct sl_keeper_job job = {
		.program = SL_PROGRAM_SCRIPT,
		.memory_bytes = limits->script_memory_bytes + SCRIPT_ARENA_EXTRA,
		.deadline_ms = limits->script_wall_ms,
		.cpu_ms = limits->script_cpu_ms,
		.frames_max = limits->frames_max,
		.layers_required = ready->layers_required,
	};
	struct sl_keeper_message send = { SL_FRAME_SCRIPT_SETUP, setup.data, setup.len };
	struct sl_keeper_expect expect[] = {
		{ SL_FRAME_PRINT, 0, 1, SL_PRINT_BYTES_MAX },
		{ SL_FRAME_PLAN, 0, limits->plans_max, SL_PLAN_WIRE_MAX },
		{ SL_FRAME_SCRIPT_END, 1, 1, 65536 },
	};
	rc = sl_keeper_run(&job, &send, 1, expect, 3, &outcome, err);
	if (outcome.fate == SL_FATE_DEADLINE)
		rc = tell_deadline(limits, err);
	ready->layers = out->layers = outcome.layers;
	if (rc == SL_OK)
		rc = take_frames(spec, &outcome, ready, out, err);
out:
	sl_keeper_outcome_free(&outcome);
	sl_buf_free(&setup);
	return rc;
}

/* Declared shapes: all an author sees of an output before it leaves. */
static enum sl_rc tell_outputs(const struct sl_job_ready *ready, struct sl_job *out, struct sl_err *err)
{
	enum sl_rc rc = SL_OK;

	out->outputs = calloc((size_t)ready->nplans + 1, sizeof *out->outputs);
	if (out->outputs == NULL)
		return sl_err_set(err, SL_E_NOMEM, "out of memory");
	for (uint32_t i = 0; i < ready->nplans && rc == SL_OK; i++) {
		const struct sl_plan *p = &ready->plans[i];
		out->outputs[i].cells = sl_plan_cells(p, &ready->grant.view);
		out->outputs[i].columns = p->nkeys + sl_plan_printed(p);
		rc = sl_pack_dup(p->output, &out->outputs[i].name, err);
		out->noutputs += rc == SL_OK;
	}
	return rc;
}

static enum sl_rc judge_plans(const struct sl_job_spec *spec, struct sl_job_ready *ready, struct sl_err *err)
{
	const struct sl_grant *g = &ready->grant;
	enum sl_rc rc = sl_plan_grant_set(ready->plans, ready->nplans, &g->limits, err);

	for (uint32_t i = 0; i < ready->nplans && rc == SL_OK; i++)
		rc = sl_plan_check(&ready->plans[i], &g->view, err);
	for (uint32_t i = 0; i < ready->nplans && rc == SL_OK; i++)
		rc = sl_implied_add(&ready->plans[i], &g->view, err);
	for (uint32_t i = 0; i < ready->nplans && rc == SL_OK; i++)
		rc = sl_plan_grant_check(&ready->plans[i], &g->view, &g->limits, &ready->wire[i], err);
	for (uint32_t i = 0; i < ready->nplans && rc == SL_OK; i++)
		rc = sl_owner_check_plan(&ready->plans[i], &g->view, g, err);
	if (rc == SL_OK)
		rc = sl_plan_grant_results(ready->plans, ready->nplans, &g->view, &g->limits, err);
	/* The line is the script's; the rules do not know its name. */
	if (rc != SL_OK && err != NULL && err->line > 0 && err->file[0] == '\0') {
		uint32_t line = err->line;
		err->line = 0;
		sl_err_at(err, spec->file, line, 0);
	}
	return rc;
}

enum sl_rc sl_job_prepare_under(const struct sl_actor *actor, const struct sl_job_spec *spec,
                                struct sl_job_ready *ready, struct sl_job *out, struct sl_err *err)
{
	enum sl_rc rc = sl_actor_may(actor, &ready->standing, SL_ACTION_JOB_RUN, err);

	if (rc == SL_OK)
		rc = sl_standing_grant(&ready->standing, spec->project, actor->person, &ready->grant, err);
	if (rc == SL_OK)
		rc = sl_job_layers(&ready->standing.policy, &ready->layers_required, err);
	if (rc == SL_OK)
		rc = sl_pack_dup(spec->project, &out->project, err);
	if (rc == SL_OK)
		rc = sl_pack_dup(actor->person, &out->author, err);
	if (rc == SL_OK)
		rc = sl_pack_dup(spec->file, &out->file, err);
	if (rc == SL_OK)
		rc = run_script(spec, ready, out, err);
	if (rc == SL_OK)
		rc = judge_plans(spec, ready, err);
	return rc == SL_OK ? tell_outputs(ready, out, err) : rc;
}

enum sl_rc sl_job_prepare(struct sl_enclave *e, const struct sl_actor *actor, const struct sl_job_spec *spec,
                          struct sl_job_ready *ready, struct sl_job *out, struct sl_err *err)
{
	enum sl_rc rc = sl_standing_project(e, spec->project, &ready->standing, err);

	return rc == SL_OK ? sl_job_prepare_under(actor, spec, ready, out, err) : rc;
}

enum sl_rc sl_job_prepare_taking(struct sl_enclave *e, const struct sl_actor *actor, struct sl_standing *standing,
                                 const struct sl_job_spec *spec, struct sl_job_ready *ready, struct sl_job *out,
                                 struct sl_err *err)
{
	ready->standing = *standing;
	memset(standing, 0, sizeof *standing);
	enum sl_rc rc = sl_standing_tables(e, spec->project, &ready->standing, err);

	return rc == SL_OK ? sl_job_prepare_under(actor, spec, ready, out, err) : rc;
}

void sl_job_ready_free(struct sl_job_ready *ready)
{
	for (uint32_t i = 0; i < ready->nplans; i++)
		sl_codec_free(&sl_plan_record, &ready->plans[i]);
	free(ready->plans);
	sl_pack_free(ready->wire, ready->nplans);
	sl_grant_free(&ready->grant);
	sl_standing_free(&ready->standing);
	memset(ready, 0, sizeof *ready);
}
