/*
 * history_members.c - who stands behind a request's outputs, and behind what is public of its tables: sealed, kept and
 * loaded. See history.h.
 */
#include <stdlib.h>
#include <string.h>

#include "enclave/base/text.h"
#include "enclave/vault/digest.h"
#include "jobs/history_members.h"
#include "jobs/job_run.h"
#include "jobs/pack.h"
#include "jobs/store/members.h"

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

void sl_history_keys_free(struct sl_members_key *keys, uint32_t n)
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

enum sl_rc sl_history_keys(const struct sl_enclave *e, const struct sl_buf *boxes, uint32_t n,
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

/* Behind those that are there. */
static enum sl_rc run_members(const struct sl_job_ready *ready, struct sl_job_tables *tables,
                              struct sl_members_key *keys, struct sl_history_boxes *out, struct sl_err *err)
{
	struct sl_job_task task = { .task = SL_TASK_MEMBERS, .keys = keys };
	struct sl_buf list = { 0 }, *boxes = NULL;
	enum sl_keeper_fate fate;
	uint32_t layers, n = 0;
	enum sl_rc rc = sl_job_engine(ready, tables, &task, &list, &layers, &fate, err);

	if (rc == SL_OK)
		rc = sl_pack_unlist(&list, SL_PLANS_MAX, &boxes, &n, err);
	if (rc == SL_OK && n != ready->nplans)
		rc = sl_err_set(err, SL_E_INTEGRITY, "sluice-engine sealed the units of %u outputs, not %u", n, ready->nplans);
	for (uint32_t i = 0; i < n && rc == SL_OK; i++) {
		out->boxes[out->n++] = boxes[i];
		boxes[i] = (struct sl_buf){ 0 };
	}
	sl_pack_free(boxes, n);
	sl_buf_free(&list);
	return rc;
}

/* One run of the engine over what is ready, on the versions that the job read. */
static enum sl_rc seal(struct sl_enclave *e, const struct sl_job_ready *ready, const char *versions_json,
                       struct sl_history_boxes *out, struct sl_err *err)
{
	struct sl_job_tables tables = { 0 };
	struct sl_members_key *keys = NULL;
	enum sl_rc rc = new_keys(e, ready->nplans, &keys, err);

	if (rc == SL_OK)
		rc = sl_job_tables_pinned(e, ready, versions_json, &tables, err);
	if (rc == SL_OK)
		rc = run_members(ready, &tables, keys, out, err);
	sl_job_tables_free(&tables);
	sl_history_keys_free(keys, ready->nplans);
	return rc;
}

/*
 * A process of its own, with the catalogue's columns and the keys of those: what a project was granted has no part in
 * it, and what its jobs are made of never meets it.
 */
static enum sl_rc seal_public(struct sl_enclave *e, const struct sl_grant *grant, const struct sl_public *known,
                              struct sl_grant_table *tables, const char *versions_json, uint32_t layers_required,
                              struct sl_history_boxes *out, struct sl_err *err)
{
	struct sl_job_ready ready = { .layers_required = layers_required, .nplans = known->ntotals,
		                      .grant = { .view = known->view, .tables = tables, .limits = grant->limits } };
	enum sl_rc rc = SL_OK;

	if (known->ntotals == 0)
		return SL_OK;
	if (ready.grant.limits.cells_max < SL_CAT_PUBLIC_CELLS_MAX)
		ready.grant.limits.cells_max = SL_CAT_PUBLIC_CELLS_MAX;
	ready.plans = calloc(known->ntotals, sizeof *ready.plans);
	ready.wire = calloc(known->ntotals, sizeof *ready.wire);
	if (ready.plans == NULL || ready.wire == NULL)
		rc = no_memory(err);
	for (uint32_t i = 0; i < known->ntotals && rc == SL_OK; i++) {
		ready.plans[i] = known->totals[i].plan;
		ready.wire[i].max = SL_PLAN_WIRE_MAX;
		rc = sl_codec_encode(&sl_plan_record, &ready.plans[i], &ready.wire[i], err);
	}
	if (rc == SL_OK)
		rc = seal(e, &ready, versions_json, out, err);
	free(ready.plans);
	sl_pack_free(ready.wire, ready.wire != NULL ? known->ntotals : 0);
	return rc;
}

static enum sl_rc make_room(uint32_t noutputs, uint32_t npublic, struct sl_history_boxes *out, struct sl_err *err)
{
	*out = (struct sl_history_boxes){ .noutputs = noutputs };
	out->boxes = calloc((size_t)noutputs + npublic + 1, sizeof *out->boxes);
	return out->boxes != NULL ? SL_OK : no_memory(err);
}

enum sl_rc sl_history_members(struct sl_enclave *e, const struct sl_standing *standing, const struct sl_grant *grant,
                              const struct sl_job_material *m, uint32_t layers_required, struct sl_history_boxes *out,
                              struct sl_public *known, struct sl_err *err)
{
	/* All borrowed: it is the job as it ran, for the outputs asked for. */
	struct sl_job_ready ready = { .grant = *grant, .plans = m->plans, .wire = m->plan_wire, .nplans = m->nplans,
		                      .layers_required = layers_required };
	const struct sl_references refs = sl_standing_references(standing);
	struct sl_grant_table *tables = NULL;

	*out = (struct sl_history_boxes){ 0 };
	enum sl_rc rc = sl_public_compile(m->plans, m->nplans, grant, &refs, known, &tables, err);
	if (rc == SL_OK)
		rc = make_room(m->nplans, known->ntotals, out, err);
	if (rc == SL_OK)
		rc = seal(e, &ready, m->versions_json, out, err);
	if (rc == SL_OK)
		rc = seal_public(e, grant, known, tables, m->versions_json, layers_required, out, err);
	sl_public_tables_free(tables, known->view.ntables);
	if (rc != SL_OK) {
		sl_history_boxes_free(out);
		sl_codec_free(&sl_public_record, known);
	}
	return rc;
}

uint32_t sl_history_box_number(uint32_t noutputs, uint32_t i)
{
	return i < noutputs ? i : SL_PUBLIC_FIRST + (i - noutputs);
}

enum sl_rc sl_history_boxes_load(struct sl_enclave *e, int64_t request, uint32_t noutputs, uint32_t npublic,
                                 struct sl_history_boxes *out, struct sl_err *err)
{
	enum sl_rc rc = make_room(noutputs, npublic, out, err);

	for (uint32_t i = 0; i < noutputs + npublic && rc == SL_OK; i++) {
		rc = sl_store_members_get(&e->db, request, sl_history_box_number(noutputs, i), &out->boxes[i], err);
		out->n++;
	}
	if (rc == SL_E_NO)
		rc = sl_err_set(err, SL_E_NO, "the units behind R-%lld were not kept", (long long)request);
	if (rc != SL_OK)
		sl_history_boxes_free(out);
	return rc;
}
