/* recover_enter.c - see recover_enter.h: a bundle opened, and its rows and leaf in one commit. */
#include "jobs/recover_enter.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "enclave/base/num.h"
#include "jobs/audit.h"
#include "jobs/pack.h"
#include "jobs/request_move.h"
#include "jobs/sign/canon.h"
#include "jobs/store/members.h"
#include "jobs/store/recovered.h"
#include "jobs/store/release.h"
#include "jobs/store/review.h"
#include "policy/plan_grant.h"

#define PUBLICATION_JSON_MAX ((size_t)4 << 20)

static int64_t time_of(const char *text);

static bool read_number(const json_t *o, const char *key, char letter, int64_t *out)
{
	const char *text = sl_pack_text(o, key);

	return text[0] == letter && text[1] == '-' && sl_parse_int(text + 2, strlen(text + 2), out) && *out > 0;
}

enum sl_rc sl_lost_open(const struct sl_buf *anchor, const char *dir, struct sl_lost *out, struct sl_err *err)
{
	struct sl_buf steps = { 0 };
	const struct sl_release_file *p;

	memset(out, 0, sizeof *out);
	enum sl_rc rc = sl_bundle_open(dir, (const char *)anchor->data, anchor->len, &out->f, &steps, err);
	sl_buf_free(&steps);
	if (rc != SL_OK)
		return rc;
	p = sl_bundle_find(&out->f.b, "publication.json");
	rc = sl_canon_read("publication.json", p->bytes.data, p->bytes.len, PUBLICATION_JSON_MAX, &out->publication, err);
	memcpy(out->digest, p->sha256, sizeof out->digest);
	out->at = time_of(sl_pack_text(out->f.predicate, "released at"));
	if (rc == SL_OK && (!read_number(out->f.predicate, "release", 'L', &out->release) ||
	                    !read_number(out->publication, "request", 'R', &out->request)))
		rc = sl_err_set(err, SL_E_INTEGRITY, "its numbers are none of this enclave's");
	if (rc != SL_OK)
		sl_lost_free(out);
	return rc;
}

void sl_lost_free(struct sl_lost *lost)
{
	json_decref(lost->publication);
	sl_bundle_facts_free(&lost->f);
	memset(lost, 0, sizeof *lost);
}

/* --- what is stored -------------------------------------------------------------------------------------- */

/* One release while it is entered. */
struct entering {
	struct sl_enclave *e;
	const struct sl_actor *actor;
	const struct sl_standing *standing;
	const struct sl_lost *lost;
	struct sl_found *found;
	bool is_fork;
	int64_t release;        /* its number here */
};

/* "2026-11-26T10:00:00Z", as the enclave wrote it; 0: it is none. */
static int64_t time_of(const char *text)
{
	int64_t days, h, m, s;

	if (strlen(text) != 20 || !sl_parse_date(text, 10, &days) || !sl_parse_int(text + 11, 2, &h) ||
	    !sl_parse_int(text + 14, 2, &m) || !sl_parse_int(text + 17, 2, &s))
		return 0;
	return days * 86400 + h * 3600 + m * 60 + s;
}

/* The request is as it was when it left, with who stood behind it. */
static enum sl_rc put_request(const struct entering *x, struct sl_err *err)
{
	struct sl_opened *o = &x->found->o;
	struct sl_store_request row;
	char name[SL_PACK_NAME];
	enum sl_rc rc = SL_E_NO;

	if (x->found->is_taken) {
		o->frozen.left_as = x->lost->request;
		o->row.id = 0;
	} else {
		rc = sl_store_request_get(&x->e->db, o->row.id, &row, err);
	}
	if (rc == SL_OK) {
		sl_store_request_free(&row);
		return sl_err_set(err, SL_E_BUSY, "R-%lld came to be meanwhile; try again", (long long)o->row.id);
	}
	if (rc == SL_E_NO)
		rc = sl_store_request_insert(&x->e->db, &o->row, &o->row.id, err);
	sl_pack_name('R', o->row.id, name);
	if (rc == SL_OK)
		rc = sl_frozen_seal(x->e, name, &o->frozen, &o->row.publication, err);
	if (rc == SL_OK)
		rc = sl_store_request_seal(&x->e->db, &o->row, err);
	for (uint32_t i = 0; i < x->found->boxes.n && rc == SL_OK; i++) {
		int64_t box = 0;
		rc = sl_store_members_box(&x->e->db, sl_enclave_now(), &x->found->boxes.boxes[i], &box, err);
		if (rc == SL_OK)
			rc = sl_store_members_put(&x->e->db, o->row.id, sl_history_box_number(x->found->boxes.noutputs, i), box,
			                          err);
	}
	return rc;
}

/* The key of a person as the bundle's list of signers has it, whose signature was verified by it; heap. */
static enum sl_rc key_of(const struct sl_lost *lost, const char *person, char **out, struct sl_err *err)
{
	const struct sl_release_file *f = sl_bundle_find(&lost->f.b, "approvals/allowed_signers");
	char head[SL_NAME_BYTES + 2];
	const char *at = (const char *)f->bytes.data, *end = at + f->bytes.len;

	(void)snprintf(head, sizeof head, "%s ", person);
	*out = NULL;
	while (at < end && *out == NULL) {
		const char *lf = memchr(at, '\n', (size_t)(end - at)), *stop = lf != NULL ? lf : end;
		const char *key = memmem(at, (size_t)(stop - at), "\" ", 2);
		if (key != NULL && (size_t)(stop - at) > strlen(head) && memcmp(at, head, strlen(head)) == 0 &&
		    (*out = strndup(key + 2, (size_t)(stop - key - 2))) == NULL)
			return sl_err_set(err, SL_E_NOMEM, "out of memory");
		at = lf != NULL ? lf + 1 : end;
	}
	return *out != NULL ? SL_OK : sl_err_set(err, SL_E_INTEGRITY, "the bundle has no key of %s", person);
}

static enum sl_rc file_text(const struct sl_lost *lost, const char *person, const char *end, char **out,
                            struct sl_err *err)
{
	char path[SL_NAME_BYTES + 32];

	(void)snprintf(path, sizeof path, "approvals/%s%s", person, end);
	const struct sl_release_file *f = sl_bundle_find(&lost->f.b, path);
	*out = f != NULL ? strndup((const char *)f->bytes.data, f->bytes.len) : NULL;
	return *out != NULL ? SL_OK : sl_err_set(err, SL_E_NOMEM, "out of memory");
}

static bool is_kept(const struct sl_store_review *rows, uint32_t n, const char *statement)
{
	for (uint32_t i = 0; i < n; i++)
		if (strcmp(rows[i].statement, statement) == 0)
			return true;
	return false;
}

static enum sl_rc put_review(const struct entering *x, const char *person, const struct sl_store_review *kept,
                             uint32_t nkept, struct sl_err *err)
{
	struct sl_store_review row = { .request = x->found->o.row.id, .decision = SL_DECISION_APPROVE,
		                       .decided_at = x->lost->at,
		                       .person = (char *)(uintptr_t)person };
	enum sl_rc rc = key_of(x->lost, person, &row.key, err);

	if (rc == SL_OK)
		rc = file_text(x->lost, person, ".json", &row.statement, err);
	if (rc == SL_OK)
		rc = file_text(x->lost, person, ".json.sig", &row.signature, err);
	if (rc == SL_OK && !is_kept(kept, nkept, row.statement))
		rc = sl_store_review_insert(&x->e->db, &row, err);
	free(row.key);
	free(row.statement);
	free(row.signature);
	return rc;
}

/* The approvals that opened the gate, signed as they lie in the bundle; some may be here. */
static enum sl_rc put_reviews(const struct entering *x, struct sl_err *err)
{
	const json_t *reviewers = json_object_get(x->lost->f.predicate, "reviewers");
	struct sl_store_review *kept = NULL;
	uint32_t n = 0;
	enum sl_rc rc = sl_store_review_list(&x->e->db, x->found->o.row.id, &kept, &n, err);

	for (size_t i = 0; i < json_array_size(reviewers) && rc == SL_OK; i++)
		rc = put_review(x, sl_pack_text(json_array_get(reviewers, i), "person"), kept, n, err);
	sl_store_review_free(kept, n);
	return rc;
}

/* Their names alone: an owner's ledger is told of theirs. NULL: out of memory. */
static json_t *tables_json(const struct sl_lost *lost)
{
	json_t *a = json_array(), *id;
	const char *name;

	json_object_foreach(json_object_get(lost->publication, "tables"), name, id)
		if (a != NULL && json_array_append_new(a, json_string(name)) != 0) {
			json_decref(a);
			a = NULL;
		}
	return a;
}

static enum sl_rc put_leaf(const struct entering *x, uint64_t *leaf, struct sl_err *err)
{
	char release[SL_PACK_NAME], request[SL_PACK_NAME], was[SL_PACK_NAME], asked[SL_PACK_NAME];
	const int64_t id = x->found->known ? x->found->o.row.id : x->lost->request;
	const bool renamed = x->release != x->lost->release || id != x->lost->request;
	struct sl_enclave *e = x->e;

	sl_pack_name('L', x->release, release);
	sl_pack_name('R', id, request);
	sl_pack_name('L', x->lost->release, was);
	sl_pack_name('R', x->lost->request, asked);
	return sl_audit_append(e, "release.recovered", sl_pack_who(x->actor),
	                       json_pack("{s:s, s:s, s:o*, s:s, s:o, s:o, s:b, s:I, s:s*}", "release", release, "request",
	                                 request, "left as",
	                                 renamed ? json_pack("{s:s, s:s}", "release", was, "request", asked) : NULL,
	                                 "project", sl_pack_text(x->lost->publication, "project"), "publication",
	                                 sl_pack_hex(x->lost->digest), "tables", tables_json(x->lost), "counted",
	                                 x->found->known, "lost leaf", (json_int_t)x->lost->f.leaf, "why",
	                                 x->found->known ? NULL : x->found->why),
	                       leaf, err);
}

/* Among the releases: history counts it from here on. */
static enum sl_rc put_counted(const struct entering *x, struct sl_err *err)
{
	struct sl_opened *o = &x->found->o;
	struct sl_store_release row = { .id = x->release, .project = o->row.project, .released_at = x->lost->at };
	uint64_t leaf = 0;
	enum sl_rc rc = x->found->boxes.n > 0 ? put_request(x, err) : SL_OK;

	row.request = o->row.id;
	if (rc == SL_OK)
		rc = put_reviews(x, err);
	if (rc == SL_OK)
		rc = sl_store_release_insert(&x->e->db, &row, &row.id, err);
	for (uint32_t i = 0; i < o->material.nplans && rc == SL_OK; i++)
		rc = sl_store_release_space(&x->e->db, row.id, row.project,
		                            sl_plan_grant_space(&o->material.plans[i], &o->material.view), err);
	if (rc == SL_OK)
		rc = sl_request_move(x->e, x->standing, &o->row, NULL, false, SL_MOVE_RECOVER, err);
	if (rc == SL_OK)
		rc = put_leaf(x, &leaf, err);
	return rc == SL_OK ? sl_store_release_leaf(&x->e->db, row.id, leaf, err) : rc;
}

/* The unit spaces of its tables as the catalogues here name them; of a table that is in none, every one. */
static enum sl_rc put_spaces(const struct entering *x, const struct sl_store_recovered *row, struct sl_err *err)
{
	const json_t *tables = json_object_get(x->lost->publication, "tables");
	const struct sl_standing *s = x->standing;
	const char *name;
	uint32_t shut = 0;
	json_t *id;
	enum sl_rc rc = SL_OK;

	json_object_foreach((json_t *)(uintptr_t)tables, name, id) {
		const char *space = NULL;
		for (uint32_t c = 0; c < s->ncatalogues; c++)
			for (uint32_t t = 0; t < s->catalogues[c].ntables; t++)
				if (strcmp(s->catalogues[c].tables[t].name, name) == 0)
					space = s->catalogues[c].tables[t].space;
		if (space != NULL && space[0] == '\0')
			continue; /* an open reference table */
		if (rc == SL_OK)
			rc = sl_store_recovered_space(&x->e->db, row, space != NULL ? space : SL_STORE_EVERY_SPACE, err);
		shut++;
	}
	if (rc == SL_OK && shut == 0)
		rc = sl_store_recovered_space(&x->e->db, row, SL_STORE_EVERY_SPACE, err);
	return rc;
}

/* Whether no release has it here, known or not. */
static enum sl_rc is_free(const struct entering *x, int64_t release, bool *is, struct sl_err *err)
{
	struct sl_store_release row = { 0 };
	struct sl_store_recovered recovered = { 0 };
	enum sl_rc rc = sl_store_release_get(&x->e->db, release, &row, err);

	if (rc == SL_E_NO)
		rc = sl_store_recovered_get(&x->e->db, release, &recovered, err);
	*is = rc == SL_E_NO;
	sl_store_recovered_free(&recovered);
	sl_store_release_free(&row);
	return rc == SL_E_NO ? SL_OK : rc;
}

/* The number of a fork: that of its copy in DIR/releases, or the next. */
static enum sl_rc free_number(const struct entering *x, int64_t *release, struct sl_err *err)
{
	bool is = false;
	enum sl_rc rc = x->lost->lies_as > 0 ? is_free(x, x->lost->lies_as, &is, err) : SL_OK;

	*release = x->lost->lies_as;
	if (rc == SL_OK && !is) {
		rc = sl_store_reached_release(&x->e->db, release, err);
		(*release)++;
	}
	return rc;
}

/* What is kept of it: of a fork by its publication, and once it is counted by its number here as well. */
static enum sl_rc put_rows(struct entering *x, struct sl_err *err)
{
	struct sl_store_recovered row = {
		.release = x->lost->release,
		.request = x->lost->request,
		.at = sl_enclave_now(),
		.project = (char *)(uintptr_t)sl_pack_text(x->lost->publication, "project"),
		.person = (char *)(uintptr_t)sl_pack_who(x->actor),
		.why = x->found->known ? "" : x->found->why,
		.is_fork = x->is_fork,
	};

	memcpy(row.publication, x->lost->digest, sizeof row.publication);
	x->release = row.release;
	enum sl_rc rc = sl_store_recovered_put(&x->e->db, &row, err);
	if (rc == SL_OK && !x->found->known)
		rc = put_spaces(x, &row, err);
	if (rc == SL_OK && x->is_fork && x->found->known) {
		rc = free_number(x, &x->release, err);
		row.is_fork = false;
		row.release = x->release;
		if (rc == SL_OK)
			rc = sl_store_recovered_put(&x->e->db, &row, err);
	}
	if (rc == SL_OK)
		rc = sl_store_reach_release(&x->e->db, x->release, err);
	return rc == SL_OK ? sl_store_reach_request(&x->e->db, row.request, err) : rc;
}

static enum sl_rc put(struct entering *x, struct sl_err *err)
{
	enum sl_rc rc = sl_db_begin(&x->e->db, err);

	if (rc == SL_OK)
		rc = put_rows(x, err);
	if (rc == SL_OK && x->found->known)
		rc = put_counted(x, err);
	if (rc == SL_OK && !x->found->known)
		rc = put_leaf(x, NULL, err);
	if (rc == SL_OK)
		rc = sl_db_commit(&x->e->db, err);
	sl_db_rollback(&x->e->db);
	return rc;
}

/* --- one release ----------------------------------------------------------------------------------------- */

/* What is here of a bundle. */
struct here {
	int64_t counted; /* the number that it has among the releases; 0: it is not there */
	bool is_fork;    /* another release has its number: both left */
	char *why;       /* as it was told before; NULL: it was not entered. Heap */
};

/* Whether it is among the releases, under whatever number, and whether another has its. */
static enum sl_rc look_among(struct sl_enclave *e, const struct sl_lost *lost, struct here *out, struct sl_err *err)
{
	struct sl_store_release row = { 0 };
	enum sl_rc rc = sl_store_release_published(&e->db, lost->digest, &out->counted, err);

	if (rc == SL_OK)
		rc = sl_store_release_get(&e->db, lost->release, &row, err);
	out->is_fork = rc == SL_OK && out->counted != lost->release;
	sl_store_release_free(&row);
	return rc == SL_E_NO ? SL_OK : rc;
}

static enum sl_rc look(struct sl_enclave *e, const struct sl_lost *lost, struct here *out, struct sl_err *err)
{
	struct sl_store_recovered before = { 0 };
	enum sl_rc rc = look_among(e, lost, out, err);

	if (rc == SL_OK && out->counted == 0 && !out->is_fork) {
		rc = sl_store_recovered_get(&e->db, lost->release, &before, err);
		out->is_fork = rc == SL_OK && memcmp(before.publication, lost->digest, sizeof lost->digest) != 0;
	}
	if (out->is_fork && rc == SL_OK) {
		sl_store_recovered_free(&before);
		rc = sl_store_recovered_fork(&e->db, lost->digest, &before, err);
	}
	out->why = before.why;
	before.why = NULL;
	sl_store_recovered_free(&before);
	return rc == SL_E_NO ? SL_OK : rc;
}

enum sl_rc sl_lost_is_fork(struct sl_enclave *e, const struct sl_lost *lost, bool *is, struct sl_err *err)
{
	struct here here = { 0 };
	enum sl_rc rc = look(e, lost, &here, err);

	*is = rc == SL_OK && here.is_fork;
	free(here.why);
	return rc;
}

/*
 * What was signed is kept as it was: nobody can make it again from the log of now. The name of a fork that is not
 * counted is taken, and what was made here is made again when it is gone.
 */
static enum sl_rc place(const struct entering *x, bool was_here, struct sl_err *err)
{
	struct sl_store_recovered row = { 0 };
	const int64_t release = was_here || x->found->known ? x->release : x->lost->release;
	enum sl_rc rc = SL_OK;

	if (x->is_fork && !was_here && !x->found->known)
		return SL_OK;
	if (release != x->lost->release) {
		rc = sl_store_recovered_get(&x->e->db, release, &row, err);
		sl_store_recovered_free(&row);
	}
	if (rc == SL_OK)
		rc = sl_bundle_place(x->e, release, &x->lost->f.b, err);
	return rc == SL_E_NO ? SL_OK : rc;
}

enum sl_rc sl_lost_enter(struct sl_enclave *e, const struct sl_actor *actor, const struct sl_lost *lost,
                         struct sl_recovered_one *out, struct sl_err *err)
{
	struct sl_standing standing = { 0 };
	struct sl_found found = { 0 };
	struct here here = { 0 };
	enum sl_rc rc = look(e, lost, &here, err);

	sl_pack_name('L', lost->release, out->release);
	if (rc == SL_OK && here.counted == 0)
		rc = sl_standing_load(e, &standing, err);
	if (rc == SL_OK && here.counted == 0)
		rc = sl_lost_find(e, lost, &found, err);
	struct entering x = { e, actor, &standing, lost, &found, here.is_fork, here.counted };
	if (rc == SL_OK && here.counted == 0 &&
	    (found.known || here.why == NULL || strcmp(here.why, found.why) != 0))
		rc = put(&x, err);
	if (rc == SL_OK)
		rc = place(&x, here.counted != 0, err);
	if (rc == SL_OK) {
		out->fate = here.counted != 0 ? SL_RECOVERED_HERE : found.known ? SL_RECOVERED_COUNTED : SL_RECOVERED_UNKNOWN;
		if (out->fate != SL_RECOVERED_UNKNOWN && x.release != lost->release)
			sl_pack_name('L', x.release, out->as);
		out->why = out->fate == SL_RECOVERED_UNKNOWN ? found.why : NULL;
		found.why = out->why != NULL ? NULL : found.why;
	}
	free(here.why);
	sl_found_free(&found);
	sl_standing_free(&standing);
	return rc;
}
