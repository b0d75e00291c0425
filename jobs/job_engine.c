/* job_engine.c - the one process that reads rows: descriptors and subkeys in, opaque results out. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#include "enclave/base/text.h"
#include "enclave/vault/keys.h"
#include "jobs/data.h"
#include "jobs/job_run.h"
#include "jobs/pack.h"
#include "jobs/sign/canon.h"
#include "jobs/store/table.h"

#define VERSIONS_JSON_MAX ((size_t)1 << 20)

static bool is_read(const struct sl_job_ready *ready, uint32_t table)
{
	for (uint32_t p = 0; p < ready->nplans; p++)
		for (uint32_t s = 0; s < ready->plans[p].nsources; s++)
			if (ready->plans[p].sources[s].table == table)
				return true;
	return false;
}

/*
 * Keys of the granted columns and no others: what was not granted cannot be opened. s NULL: no segment. gt NULL: it
 * holds the unit and the view's columns.
 */
static enum sl_rc fill_table(const struct sl_grant_table *gt, const struct sl_table *vt,
                             const struct sl_data_segment *s, struct sl_engine_table *out, struct sl_err *err)
{
	enum sl_rc rc;

	out->columns = calloc((size_t)vt->ncolumns + 1, sizeof *out->columns);
	if (out->columns == NULL)
		return sl_err_set(err, SL_E_NOMEM, "out of memory");
	out->ncolumns = vt->ncolumns;
	if (s == NULL)
		return SL_OK;
	memcpy(out->segment_id, s->segment_id, sizeof out->segment_id);
	memcpy(out->version, s->version, sizeof out->version);
	out->segment_bytes = s->bytes;
	rc = sl_keys_manifest(s->key, out->manifest_key, err);
	if (rc == SL_OK)
		rc = sl_keys_column(s->key, 0, out->unit_key, err);
	for (uint32_t i = 0; i < vt->ncolumns && rc == SL_OK; i++) {
		uint16_t at = gt != NULL ? gt->fields[i]->load_column : (uint16_t)(i + 1);
		out->columns[i].segment_column = at;
		rc = sl_keys_column(s->key, at, out->columns[i].subkey, err);
	}
	return rc;
}

/* A reference table has none: its rows are in the view. What no output reads needs none, and no version in force. */
static enum sl_rc no_segment(struct sl_data_segment *s, struct sl_err *err)
{
	s->fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
	return s->fd >= 0 ? SL_OK : sl_err_errno(err, SL_E_IO, errno, "cannot open /dev/null");
}

/* The version with this id, or SL_E_NO. */
static enum sl_rc open_version(struct sl_enclave *e, const char *table, const char *id, struct sl_data_segment *s,
                               struct sl_err *err)
{
	struct sl_versions all = { 0 };
	char text[80] = "sha256:";
	enum sl_rc rc = sl_versions_load(&e->db, table, &all, err);
	const struct sl_version *found = NULL;

	for (uint32_t i = 0; i < all.n && rc == SL_OK; i++) {
		sl_text_hex(all.items[i].id, 32, text + 7);
		if (all.items[i].forgotten == 0 && strcmp(text, id) == 0)
			found = &all.items[i];
	}
	*s = (struct sl_data_segment){ .fd = -1 };
	if (rc == SL_OK && found == NULL) {
		rc = sl_err_set(err, SL_E_NO, "the version of %s that the job read is not kept any more", table);
		sl_err_remedy(err, "run the job again");
	} else if (rc == SL_OK) {
		rc = sl_data_version_open(e, found, s, err);
	}
	sl_versions_free(&all);
	return rc;
}

/* What is imported. versions: those a job read, or NULL for those in force. */
struct imported {
	struct sl_enclave *e;
	const struct sl_view *view;
	const json_t *versions;
};

static enum sl_rc open_imported(void *self, uint32_t table, struct sl_data_segment *s, struct sl_err *err)
{
	const struct imported *im = self;
	const char *name = im->view->tables[table].name;

	if (im->versions == NULL)
		return sl_data_segment_open(im->e, name, s, err);
	return open_version(im->e, name, sl_pack_text(im->versions, name), s, err);
}

static enum sl_rc open_table(const struct sl_job_ready *ready, const struct sl_job_segments *from, uint32_t i,
                             struct sl_job_tables *out, struct sl_err *err)
{
	const struct sl_table *vt = &ready->grant.view.tables[i];
	struct sl_data_segment *s = &out->segments[i];
	bool sealed = vt->space[0] != '\0' && is_read(ready, i);
	s->fd = -1;
	enum sl_rc rc = sealed ? from->open(from->self, i, s, err) : no_segment(s, err);

	if (rc != SL_OK)
		return rc;
	out->fds[i] = s->fd;
	out->n = i + 1;
	rc = fill_table(from->granted_alone ? NULL : &ready->grant.tables[i], vt, sealed ? s : NULL, &out->tables[i], err);
	/* The engine has its subkeys; the key they come from is not needed any more. */
	explicit_bzero(s->key, sizeof s->key);
	return rc;
}

static enum sl_rc tell_versions(const struct sl_job_ready *ready, struct sl_job_tables *t, struct sl_err *err)
{
	json_t *o = json_object();
	char text[80];

	for (uint32_t i = 0; i < t->n && o != NULL; i++) {
		if (!is_read(ready, i))
			continue;
		memcpy(text, "sha256:", 7);
		sl_text_hex(t->segments[i].version, 32, text + 7);
		if (json_object_set_new(o, ready->grant.view.tables[i].name, json_string(text)) != 0) {
			json_decref(o);
			o = NULL;
		}
	}
	return sl_pack_cstr(o, &t->versions, err);
}

enum sl_rc sl_job_tables_from(const struct sl_job_ready *ready, const struct sl_job_segments *from,
                              struct sl_job_tables *out, struct sl_err *err)
{
	uint32_t n = ready->grant.view.ntables;
	enum sl_rc rc = SL_OK;

	memset(out, 0, sizeof *out);
	out->tables = calloc((size_t)n + 1, sizeof *out->tables);
	out->segments = calloc((size_t)n + 1, sizeof *out->segments);
	out->fds = calloc((size_t)n + 1, sizeof *out->fds);
	if (out->tables == NULL || out->segments == NULL || out->fds == NULL)
		rc = sl_err_set(err, SL_E_NOMEM, "out of memory");
	for (uint32_t i = 0; i < n && rc == SL_OK; i++)
		rc = open_table(ready, from, i, out, err);
	if (rc == SL_OK)
		rc = tell_versions(ready, out, err);
	if (rc != SL_OK)
		sl_job_tables_free(out);
	return rc;
}

static enum sl_rc open_tables(struct sl_enclave *e, const struct sl_job_ready *ready, const json_t *versions,
                              struct sl_job_tables *out, struct sl_err *err)
{
	struct imported im = { e, &ready->grant.view, versions };
	const struct sl_job_segments from = { .open = open_imported, .self = &im };

	return sl_job_tables_from(ready, &from, out, err);
}

enum sl_rc sl_job_tables_open(struct sl_enclave *e, const struct sl_job_ready *ready, struct sl_job_tables *out,
                              struct sl_err *err)
{
	return open_tables(e, ready, NULL, out, err);
}

enum sl_rc sl_job_tables_pinned(struct sl_enclave *e, const struct sl_job_ready *ready, const char *versions_json,
                                struct sl_job_tables *out, struct sl_err *err)
{
	json_t *versions = NULL;
	enum sl_rc rc = sl_canon_read("versions", versions_json, strlen(versions_json), VERSIONS_JSON_MAX, &versions, err);

	memset(out, 0, sizeof *out);
	if (rc == SL_OK)
		rc = open_tables(e, ready, versions, out, err);
	json_decref(versions);
	return rc;
}

void sl_job_tables_free(struct sl_job_tables *t)
{
	for (uint32_t i = 0; i < t->n; i++) {
		sl_data_segment_close(&t->segments[i]);
		if (t->tables[i].columns != NULL)
			explicit_bzero(t->tables[i].columns, t->tables[i].ncolumns * sizeof *t->tables[i].columns);
		free(t->tables[i].columns);
		explicit_bzero(&t->tables[i], sizeof t->tables[i]);
	}
	free(t->tables);
	free(t->segments);
	free(t->fds);
	free(t->versions);
	memset(t, 0, sizeof *t);
}

enum sl_rc sl_job_results_task(const struct sl_enclave *e, uint8_t draws, uint8_t key[static SL_ROUNDING_KEY_BYTES],
                               struct sl_job_task *task, struct sl_err *err)
{
	struct sl_secret vault;
	enum sl_rc rc;

	*task = (struct sl_job_task){ .task = SL_TASK_RESULTS, .draws = draws, .rounding_key = draws ? key : NULL };
	memset(key, 0, SL_ROUNDING_KEY_BYTES);
	if (!draws)
		return SL_OK;
	rc = sl_enclave_vault_key(e, &vault, err);
	if (rc == SL_OK)
		rc = sl_keys_rounding(vault.b, key, err);
	sl_secret_wipe(&vault);
	return rc;
}

/* Keys of who stands behind the outputs: as the tables' subkeys. */
static void wipe_members_keys(const struct sl_job_task *task, uint32_t nplans)
{
	for (uint32_t i = 0; task->task == SL_TASK_MEMBERS && i < nplans; i++)
		explicit_bzero(task->keys[i].key, sizeof task->keys[i].key);
}

/* They are encoded; from here on only the engine holds them. */
static void wipe_subkeys(struct sl_job_tables *t)
{
	for (uint32_t i = 0; i < t->n; i++) {
		struct sl_engine_table *et = &t->tables[i];
		explicit_bzero(et->manifest_key, sizeof et->manifest_key);
		explicit_bzero(et->unit_key, sizeof et->unit_key);
		for (uint32_t c = 0; c < et->ncolumns; c++)
			explicit_bzero(et->columns[c].subkey, sizeof et->columns[c].subkey);
	}
}

enum sl_rc sl_job_engine(const struct sl_job_ready *ready, struct sl_job_tables *tables, const struct sl_job_task *task,
                         struct sl_buf *results, uint32_t *layers, enum sl_keeper_fate *fate, struct sl_err *err)
{
	const struct sl_limits *limits = &ready->grant.limits;
	bool members = task->task == SL_TASK_MEMBERS;
	struct sl_engine_setup setup = {
		.task = (uint8_t)task->task,
		.keys = members ? task->keys : NULL,
		.nkeys = members ? ready->nplans : 0,
		.view = ready->grant.view,
		.tables = tables->tables,
		.ntables = tables->n,
		.nplans = ready->nplans,
		.memory_bytes = limits->engine_memory_bytes,
		.cells_max = limits->cells_max,
		.threads = limits->threads,
		.draws = task->draws,
	};
	struct sl_buf wire = { .max = SL_SETUP_WIRE_MAX };
	struct sl_keeper_outcome outcome = { 0 };
	struct sl_keeper_message *send = calloc((size_t)ready->nplans + 1, sizeof *send);
	enum sl_rc rc = send == NULL ? sl_err_set(err, SL_E_NOMEM, "out of memory")
	                             : SL_OK;

	if (task->rounding_key != NULL)
		memcpy(setup.rounding_key, task->rounding_key, sizeof setup.rounding_key);
	if (rc == SL_OK)
		rc = sl_codec_encode(&sl_engine_setup_record, &setup, &wire, err);
	explicit_bzero(setup.rounding_key, sizeof setup.rounding_key);
	wipe_subkeys(tables);
	wipe_members_keys(task, ready->nplans);
	if (rc != SL_OK)
		goto out;
	send[0] = (struct sl_keeper_message){ SL_FRAME_ENGINE_SETUP, wire.data, wire.len };
	for (uint32_t i = 0; i < ready->nplans; i++)
		send[i + 1] = (struct sl_keeper_message){ SL_FRAME_PLAN, ready->wire[i].data, ready->wire[i].len };
	struct sl_keeper_job job = {
		.program = SL_PROGRAM_ENGINE,
		.data_fds = tables->fds,
		.ndata = tables->n,
		.memory_bytes = limits->engine_memory_bytes,
		.deadline_ms = limits->engine_wall_ms,
		.cpu_ms = limits->engine_cpu_ms,
		.frames_max = limits->frames_max,
		.threads = limits->threads,
		.layers_required = ready->layers_required,
		.setup_is_secret = true,
		.bodies = results,
	};
	struct sl_keeper_expect expect = { members ? SL_FRAME_MEMBERS : SL_FRAME_RESULT, ready->nplans, ready->nplans,
		                           members ? SL_MEMBERS_WIRE_MAX : (size_t)limits->output_bytes_max };
	sl_buf_u32(results, ready->nplans); /* the form of sl_pack_list: as many answers come, or none */
	rc = sl_keeper_run(&job, send, ready->nplans + 1, &expect, 1, &outcome, err);
	*layers = outcome.layers;
	*fate = outcome.fate;
	if (rc == SL_OK)
		rc = sl_buf_ok(results, "results", err);
out:
	if (rc != SL_OK)
		sl_buf_free(results);
	sl_keeper_outcome_free(&outcome);
	sl_buf_free(&wire);
	free(send);
	return rc;
}
