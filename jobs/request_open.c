/* request_open.c - see request_open.h. */
#include "jobs/request_open.h"

#include <stdlib.h>
#include <string.h>

#include "enclave/base/text.h"
#include "jobs/history.h"
#include "jobs/pack.h"
#include "jobs/sign/canon.h"

#define OUTPUTS_JSON_MAX ((size_t)1 << 20)
/* publication, rules, salt, purpose, newest release beside it, what stands behind it, left as, what is public */
#define FROZEN_ITEMS 8
#define FROZEN_FIRST 4 /* of them: the others came later, one by one */

void sl_release_files_free(struct sl_release_file *files, uint32_t n)
{
	for (uint32_t i = 0; files != NULL && i < n; i++) {
		free(files[i].path);
		sl_buf_free(&files[i].bytes);
	}
	free(files);
}

struct sl_render sl_opened_render(const struct sl_enclave *e, const struct sl_opened *o, char name[static 24])
{
	sl_pack_name('R', o->frozen.left_as > 0 ? o->frozen.left_as : o->row.id, name);
	return (struct sl_render){
		.view = &o->material.view,
		.plans = o->material.plans,
		.nplans = o->material.nplans,
		.publication = &o->frozen.publication,
		.rules = &o->frozen.rules,
		.enclave = e->name,
		.project = o->row.project,
		.purpose = o->frozen.purpose,
		.request = name,
		.context = o->row.context,
		.policy_serial = (uint64_t)o->row.policy_serial,
		.policy_sha256 = o->row.policy_digest,
		.tables = o->material.versions_json,
		.known = &o->frozen.known,
		.tell_other = sl_history_tell,
		.tell_self = (void *)(uintptr_t)e, /* which it only reads */
	};
}

enum sl_rc sl_published_files(const struct sl_render *r, struct sl_published *p, struct sl_err *err)
{
	char path[SL_RENDER_NAME_BYTES];
	enum sl_rc rc = SL_OK;

	p->files = calloc((size_t)r->nplans + 1, sizeof *p->files);
	if (p->files == NULL)
		return sl_err_set(err, SL_E_NOMEM, "out of memory");
	for (uint32_t i = 0; i < r->nplans && rc == SL_OK; i++) {
		struct sl_release_file *f = &p->files[p->nfiles++];
		sl_render_csv_name(&r->plans[i], path);
		rc = sl_pack_dup(path, &f->path, err);
		if (rc == SL_OK)
			rc = sl_render_csv(r, i, &f->bytes, err);
		if (rc == SL_OK)
			rc = sl_seal_sha256(f->bytes.data, f->bytes.len, f->sha256, err);
	}
	return rc;
}

static json_t *files_json(const struct sl_published *p)
{
	json_t *a = json_array();

	for (uint32_t i = 0; i < p->nfiles && a != NULL; i++) {
		const struct sl_release_file *f = &p->files[i];
		if (json_array_append_new(a, json_pack("{s:s, s:I, s:o}", "path", f->path, "bytes",
		                                       (json_int_t)f->bytes.len, "sha256", sl_pack_hex(f->sha256))) != 0) {
			json_decref(a);
			a = NULL;
		}
	}
	return a;
}

/* A plan is not published: whoever guesses at it must not be able to see that the guess was right. */
static json_t *plans_json(const struct sl_enclave *e, const struct sl_job_material *m)
{
	json_t *a = json_array();

	for (uint32_t i = 0; i < m->nplans && a != NULL; i++)
		if (json_array_append_new(a, sl_pack_keyed(e, m->plan_wire[i].data, m->plan_wire[i].len)) != 0) {
			json_decref(a);
			a = NULL;
		}
	return a;
}

enum sl_rc sl_published_make(const struct sl_enclave *e, struct sl_opened *o, struct sl_err *err)
{
	struct sl_published *p = &o->now;
	char name[SL_PACK_NAME];
	struct sl_render r = sl_opened_render(e, o, name);
	json_t *versions = NULL, *v = NULL;
	enum sl_rc rc = sl_published_files(&r, p, err);

	if (rc == SL_OK)
		rc = sl_canon_read("versions", o->material.versions_json, strlen(o->material.versions_json),
		                   OUTPUTS_JSON_MAX, &versions, err);
	if (rc == SL_OK) {
		v = json_pack("{s:s, s:o, s:o, s:o, s:I, s:s, s:s, s:s, s:o, s:O}", "enclave", e->name, "files",
		              files_json(p), "plans", plans_json(e, &o->material), "policy sha256",
		              sl_pack_hex(o->row.policy_digest), "policy serial", (json_int_t)o->row.policy_serial,
		              "project", o->row.project, "request", name, "context", o->row.context, "salt",
		              sl_pack_hex(o->frozen.salt), "tables", versions);
		/* The first revision is not numbered: those stored before there were others read the same. */
		if (v != NULL && o->row.revision > 1 && json_object_set_new(v, "revision", json_integer(o->row.revision)) != 0) {
			json_decref(v);
			v = NULL;
		}
		rc = v == NULL ? sl_err_set(err, SL_E_NOMEM, "out of memory") : sl_canon_put(v, &p->json, err);
	}
	if (rc == SL_OK)
		rc = sl_seal_sha256(p->json.data, p->json.len, p->digest, err);
	json_decref(v);
	json_decref(versions);
	return rc;
}

enum sl_rc sl_frozen_seal(const struct sl_enclave *e, const char *name, const struct sl_frozen *f, struct sl_buf *out,
                          struct sl_err *err)
{
	struct sl_buf items[FROZEN_ITEMS] = { { 0 } }, list = { 0 };
	const uint32_t n = f->known.ntotals > 0 ? 8 : f->left_as > 0 ? 7 : 6;
	enum sl_rc rc = sl_codec_encode(&sl_publication_record, &f->publication, &items[0], err);

	if (rc == SL_OK)
		rc = sl_codec_encode(&sl_rules_record, &f->rules, &items[1], err);
	sl_buf_put(&items[2], f->salt, sizeof f->salt);
	sl_buf_text(&items[3], f->purpose);
	sl_buf_u64(&items[4], (uint64_t)f->history_to);
	sl_buf_put(&items[5], f->behind.data, f->behind.len);
	if (n > 6)
		sl_buf_u64(&items[6], (uint64_t)f->left_as);
	if (n > 7 && rc == SL_OK)
		rc = sl_codec_encode(&sl_public_record, &f->known, &items[7], err);
	for (int i = 2; i < FROZEN_ITEMS && rc == SL_OK; i++)
		rc = sl_buf_ok(&items[i], "publication", err);
	if (rc == SL_OK)
		rc = sl_pack_list(items, n, &list, err);
	if (rc == SL_OK)
		rc = sl_enclave_seal(e, "publication", name, list.data, list.len, out, err);
	for (int i = 0; i < FROZEN_ITEMS; i++)
		sl_buf_free(&items[i]);
	sl_buf_free(&list);
	return rc;
}

/* The seal held: what cannot be read now was written in another form. */
static enum sl_rc decode_frozen(const char *name, const struct sl_buf *items, uint32_t n, struct sl_frozen *f,
                                struct sl_err *err)
{
	struct sl_err why = { 0 };
	enum sl_rc rc = sl_rules_stored(items[1].data, items[1].len, &f->rules, &why);

	if (rc == SL_OK)
		rc = sl_publication_stored(items[0].data, items[0].len, &f->publication, &why);
	if (rc == SL_OK && n > 7)
		rc = sl_codec_decode(&sl_public_record, items[7].data, items[7].len, &f->known, &why);
	if (rc == SL_OK)
		rc = sl_public_check(&f->known, &why);
	if (rc == SL_E_INPUT) {
		rc = sl_err_set(err, SL_E_NO, "%s was stored by an older version of Sluice, in a form that this one does not read",
		                name);
		sl_err_remedy(err, "its release, if there is one, stays valid; nothing can be compared with it");
	} else if (rc != SL_OK && err != NULL) {
		*err = why;
	}
	return rc;
}

static enum sl_rc unseal_frozen(const struct sl_enclave *e, const char *name, const struct sl_buf *box,
                                struct sl_frozen *f, struct sl_err *err)
{
	struct sl_buf list = { 0 }, *items = NULL;
	uint32_t n = 0;
	enum sl_rc rc = sl_enclave_unseal(e, "publication", name, box->data, box->len, &list, err);

	if (rc == SL_OK)
		rc = sl_pack_unlist(&list, FROZEN_ITEMS, &items, &n, err);
	if (rc == SL_OK && (n < FROZEN_FIRST || items[2].len != sizeof f->salt || (n > 4 && items[4].len != 8) ||
	                    (n > 6 && items[6].len != 8)))
		rc = sl_err_set(err, SL_E_INTEGRITY, "%s: what is kept of it is damaged", name);
	if (rc == SL_OK)
		rc = decode_frozen(name, items, n, f, err);
	if (rc == SL_OK) {
		memcpy(f->salt, items[2].data, sizeof f->salt);
		f->history_to = -1;
		if (n > 4) {
			struct sl_cursor newest = sl_cursor_over(items[4].data, items[4].len);
			f->history_to = (int64_t)sl_cursor_u64(&newest);
		}
		if (n > 5) {
			f->behind = items[5];
			items[5] = (struct sl_buf){ 0 };
		}
		if (n > 6) {
			struct sl_cursor left = sl_cursor_over(items[6].data, items[6].len);
			f->left_as = (int64_t)sl_cursor_u64(&left);
		}
		rc = sl_pack_dup(items[3].len > 0 ? sl_buf_cstr(&items[3]) : "", &f->purpose, err);
	}
	sl_pack_free(items, n);
	sl_buf_free(&list);
	return rc;
}

/* Every name must be one of the outputs. */
static enum sl_rc check_names(const struct sl_job_material *m, const char *const *names, size_t nnames,
                              struct sl_err *err)
{
	const char *have[SL_PLANS_MAX];

	for (uint32_t i = 0; i < m->nplans; i++)
		have[i] = m->plans[i].output;
	for (size_t k = 0; k < nnames; k++) {
		uint32_t i = 0;
		while (i < m->nplans && strcmp(have[i], names[k]) != 0)
			i++;
		if (i < m->nplans)
			continue;
		int near = sl_text_near(names[k], have, m->nplans);
		enum sl_rc rc = sl_err_set(err, SL_E_INPUT, "the job has no output \"%s\"", names[k]);
		if (strchr(names[k], '.') != NULL)
			sl_err_remedy(err, "every output leaves as CSV, whatever it is called: name it without an ending");
		else if (near >= 0)
			sl_err_remedy(err, "did you mean \"%s\"?", have[near]);
		return rc;
	}
	return SL_OK;
}

enum sl_rc sl_material_select(struct sl_job_material *m, const char *const *names, size_t nnames, struct sl_err *err)
{
	uint32_t kept = 0;
	enum sl_rc rc = check_names(m, names, nnames, err);

	if (rc != SL_OK || nnames == 0)
		return rc;
	for (uint32_t i = 0; i < m->nplans; i++) {
		bool wanted = false;
		for (size_t k = 0; k < nnames && !wanted; k++)
			wanted = strcmp(m->plans[i].output, names[k]) == 0;
		if (wanted && kept != i) {
			m->plans[kept] = m->plans[i];
			m->plan_wire[kept] = m->plan_wire[i];
			if (m->result_wire != NULL)
				m->result_wire[kept] = m->result_wire[i];
		} else if (!wanted) {
			sl_codec_free(&sl_plan_record, &m->plans[i]);
			sl_buf_free(&m->plan_wire[i]);
			if (m->result_wire != NULL)
				sl_buf_free(&m->result_wire[i]);
		}
		kept += wanted;
	}
	m->nplans = kept;
	return SL_OK;
}

/* The outputs the row names, as sl_material_select takes them. */
enum sl_rc sl_request_select(const struct sl_store_request *row, struct sl_job_material *m, struct sl_err *err)
{
	const char *names[SL_PLANS_MAX];
	json_t *a = NULL;
	size_t n;
	enum sl_rc rc = sl_canon_read("a request's outputs", row->outputs, strlen(row->outputs), OUTPUTS_JSON_MAX, &a, err);

	if (rc != SL_OK)
		return rc;
	n = json_array_size(a);
	if (n == 0 || n > SL_PLANS_MAX)
		rc = sl_err_set(err, SL_E_INTEGRITY, "R-%lld names no outputs", (long long)row->id);
	for (size_t i = 0; i < n && rc == SL_OK; i++) {
		const char *s = json_string_value(json_array_get(a, i));
		names[i] = s != NULL ? s : "";
	}
	if (rc == SL_OK)
		rc = sl_material_select(m, names, n, err);
	json_decref(a);
	return rc;
}

/* What stands behind a row. */
static enum sl_rc open_row(struct sl_enclave *e, const char *name, struct sl_opened *o, struct sl_err *err)
{
	enum sl_rc rc = sl_job_material_open(e, o->row.job, false, &o->material, err);

	if (rc == SL_OK)
		rc = sl_request_select(&o->row, &o->material, err);
	if (rc == SL_OK)
		rc = unseal_frozen(e, name, &o->row.publication, &o->frozen, err);
	if (rc == SL_OK)
		rc = sl_publication_check(&o->frozen.publication, o->material.plans, o->material.nplans,
		                          &o->material.view, err);
	return rc;
}

enum sl_rc sl_opened_read(struct sl_enclave *e, int64_t id, struct sl_opened *o, struct sl_err *err)
{
	char name[SL_PACK_NAME];

	memset(o, 0, sizeof *o);
	sl_pack_name('R', id, name);
	enum sl_rc rc = sl_store_request_get(&e->db, id, &o->row, err);
	if (rc == SL_E_NO)
		return sl_err_set(err, SL_E_NO, "there is no request %s", name);
	if (rc == SL_OK)
		rc = open_row(e, name, o, err);
	if (rc != SL_OK)
		sl_opened_free(o);
	return rc;
}

enum sl_rc sl_opened_revision(struct sl_enclave *e, int64_t id, int64_t revision, struct sl_opened *o,
                              struct sl_err *err)
{
	char name[SL_PACK_NAME];

	memset(o, 0, sizeof *o);
	sl_pack_name('R', id, name);
	enum sl_rc rc = sl_store_request_revision(&e->db, id, revision, &o->row, err);
	if (rc == SL_E_NO) {
		(void)sl_err_set(err, SL_E_NO, "%s has no earlier revision %lld", name, (long long)revision);
		sl_err_remedy(err, "review show %s lists them; without --revision it shows the one there is", name);
	}
	if (rc == SL_OK)
		rc = open_row(e, name, o, err);
	if (rc == SL_OK)
		rc = sl_published_make(e, o, err);
	if (rc != SL_OK)
		sl_opened_free(o);
	return rc;
}

enum sl_rc sl_opened_load(struct sl_enclave *e, int64_t id, struct sl_opened *o, struct sl_err *err)
{
	enum sl_rc rc = sl_opened_read(e, id, o, err);

	if (rc == SL_OK)
		rc = sl_published_make(e, o, err);
	if (rc != SL_OK)
		sl_opened_free(o);
	return rc;
}

enum sl_rc sl_opened_material(struct sl_enclave *e, const struct sl_opened *o, struct sl_job_material *out,
                              struct sl_err *err)
{
	enum sl_rc rc = sl_job_material_open(e, o->row.job, true, out, err);

	if (rc == SL_OK)
		rc = sl_request_select(&o->row, out, err);
	if (rc != SL_OK)
		sl_job_material_free(out);
	return rc;
}

void sl_opened_free(struct sl_opened *o)
{
	sl_store_request_free(&o->row);
	sl_job_material_free(&o->material);
	sl_codec_free(&sl_publication_record, &o->frozen.publication);
	free(o->frozen.purpose);
	sl_buf_free(&o->frozen.behind);
	sl_codec_free(&sl_public_record, &o->frozen.known);
	sl_release_files_free(o->now.files, o->now.nfiles);
	sl_buf_free(&o->now.json);
	memset(o, 0, sizeof *o);
}
