/* request_tell.c - a stored request as it is told: to whom what of decisions, revisions and comments. */
#include <stdlib.h>
#include <string.h>

#include "jobs/owner_terms.h"
#include "jobs/pack.h"
#include "jobs/request_open.h"
#include "jobs/sign/canon.h"
#include "jobs/store/comment.h"
#include "jobs/store/release.h"
#include "jobs/store/review.h"
#include "policy/reviews.h"

/* The statement of a decision as it was signed. */
static enum sl_rc read_statement(const struct sl_store_review *review, json_t **v, struct sl_err *err)
{
	size_t len = strlen(review->statement);

	if (len > 0 && review->statement[len - 1] == '\n')
		len--;
	return sl_canon_read("review", review->statement, len, (size_t)4 << 20, v, err);
}

/* The comment of a signed rejection: the reviewer wrote it for the author. */
static enum sl_rc tell_rejection(const struct sl_store_review *review, char **out, struct sl_err *err)
{
	json_t *v = NULL;
	enum sl_rc rc = read_statement(review, &v, err);

	if (rc == SL_OK) {
		free(*out);
		*out = NULL;
		rc = sl_pack_dup(sl_pack_text(v, "comment"), out, err);
	}
	json_decref(v);
	return rc;
}

static enum sl_rc tell_acknowledged(const json_t *names, char **out, struct sl_err *err)
{
	struct sl_buf b = { 0 };

	for (size_t i = 0; i < json_array_size(names); i++) {
		const char *name = json_string_value(json_array_get(names, i));
		sl_buf_printf(&b, "%s%s", i > 0 ? ", " : "", name != NULL ? name : "");
	}
	enum sl_rc rc = sl_buf_ok(&b, "what was acknowledged", err);
	if (rc == SL_OK)
		rc = sl_pack_dup(b.len > 0 ? sl_buf_cstr(&b) : "", out, err);
	sl_buf_free(&b);
	return rc;
}

static enum sl_rc tell_decision(const struct sl_store_review *review, struct sl_request_decision *out,
                                struct sl_err *err)
{
	json_t *v = NULL;
	enum sl_rc rc = read_statement(review, &v, err);

	out->at = review->decided_at;
	out->decision = (uint8_t)review->decision;
	if (rc == SL_OK)
		rc = sl_pack_dup(review->person, &out->person, err);
	if (rc == SL_OK)
		rc = sl_pack_dup(sl_pack_text(v, "comment"), &out->comment, err);
	if (rc == SL_OK)
		rc = tell_acknowledged(json_object_get(v, "acknowledged"), &out->acknowledged, err);
	json_decref(v);
	return rc;
}

/* A statement is read once, for whoever is told of it: in lists that is most of the work. */
static enum sl_rc tell_review(const struct sl_store_review *review, bool reviewer, struct sl_request *out,
                              struct sl_err *err)
{
	bool ends = review->decision == SL_DECISION_REJECT || review->decision == SL_DECISION_RETURN;
	enum sl_rc rc = SL_OK;

	out->approvals += review->decision == SL_DECISION_APPROVE;
	if (!reviewer)
		return ends ? tell_rejection(review, &out->rejection, err) : SL_OK;
	struct sl_request_decision *d = &out->decisions[out->ndecisions++];
	rc = tell_decision(review, d, err);
	if (rc != SL_OK || !ends)
		return rc;
	free(out->rejection);
	out->rejection = NULL;
	return sl_pack_dup(d->comment, &out->rejection, err);
}

/* The author hears what was written for the author; who decided what is told to reviewers. */
static enum sl_rc tell_reviews(struct sl_enclave *e, bool reviewer, struct sl_request *out, struct sl_err *err)
{
	struct sl_store_review *reviews = NULL;
	uint32_t n = 0;
	enum sl_rc rc = sl_store_review_before(&e->db, out->id, out->revision, &reviews, &n, err);

	if (rc == SL_OK && reviewer && (out->decisions = calloc((size_t)n + 1, sizeof *out->decisions)) == NULL)
		rc = sl_err_set(err, SL_E_NOMEM, "out of memory");
	for (uint32_t i = 0; i < n && rc == SL_OK; i++)
		rc = tell_review(&reviews[i], reviewer, out, err);
	sl_store_review_free(reviews, n);
	reviews = NULL;
	n = 0;
	if (rc == SL_OK)
		rc = sl_store_owner_review_list(&e->db, out->id, &reviews, &n, err);
	for (uint32_t i = 0; i < n && rc == SL_OK; i++)
		if (reviews[i].decision == SL_DECISION_REJECT)
			rc = tell_rejection(&reviews[i], &out->rejection, err);
	sl_store_review_free(reviews, n);
	return rc;
}

/* The names in a JSON array, for people. */
static enum sl_rc tell_outputs(const char *json, char **out, struct sl_err *err)
{
	json_t *names = json_loads(json, JSON_REJECT_DUPLICATES, NULL);
	enum sl_rc rc = names == NULL ? sl_err_set(err, SL_E_INTEGRITY, "the outputs of a revision cannot be read")
	                              : tell_acknowledged(names, out, err);

	json_decref(names);
	return rc;
}

static enum sl_rc tell_revision(struct sl_enclave *e, const struct sl_store_request *row, bool reviewer,
                                struct sl_revision *out, struct sl_err *err)
{
	struct sl_store_review *reviews = NULL;
	uint32_t n = 0;

	out->revision = (uint32_t)row->revision;
	out->at = row->created_at;
	out->nfindings = reviewer ? (uint32_t)row->nfindings : 0;
	memcpy(out->digest, row->digest, sizeof out->digest);
	enum sl_rc rc = sl_pack_dup(row->title, &out->title, err);
	if (rc == SL_OK)
		rc = sl_pack_dup(row->context, &out->context, err);
	if (rc == SL_OK)
		rc = tell_outputs(row->outputs, &out->outputs, err);
	if (rc == SL_OK && reviewer)
		rc = sl_store_review_before(&e->db, row->id, row->revision, &reviews, &n, err);
	if (rc == SL_OK && (out->decisions = calloc((size_t)n + 1, sizeof *out->decisions)) == NULL)
		rc = sl_err_set(err, SL_E_NOMEM, "out of memory");
	for (uint32_t i = 0; i < n && rc == SL_OK; i++)
		rc = tell_decision(&reviews[i], &out->decisions[out->ndecisions++], err);
	sl_store_review_free(reviews, n);
	return rc;
}

/* Those before `until`, also what was a draft to its end. */
static enum sl_rc tell_revisions(struct sl_enclave *e, const struct sl_store_request *until, bool reviewer,
                                 struct sl_request *out, struct sl_err *err)
{
	int64_t *numbers = NULL;
	uint32_t n = 0;

	if (until->revision <= 1)
		return SL_OK;
	enum sl_rc rc = sl_store_request_revisions(&e->db, until->id, &numbers, &n, err);
	if (rc == SL_OK && (out->revisions = calloc((size_t)n + 1, sizeof *out->revisions)) == NULL)
		rc = sl_err_set(err, SL_E_NOMEM, "out of memory");
	for (uint32_t i = 0; i < n && rc == SL_OK; i++) {
		struct sl_store_request row = { 0 };
		if (numbers[i] >= until->revision)
			continue;
		rc = sl_store_request_revision(&e->db, until->id, numbers[i], &row, err);
		if (rc == SL_OK)
			rc = tell_revision(e, &row, reviewer, &out->revisions[out->nrevisions++], err);
		sl_store_request_free(&row);
	}
	free(numbers);
	return rc;
}

/* What the gate will ask; the tables are looked up only where some class asks for more. */
static enum sl_rc tell_needed(struct sl_enclave *e, const struct sl_standing *standing,
                              const struct sl_store_request *row, struct sl_request *out, struct sl_err *err)
{
	const struct sl_project *p = standing->has_policy ? sl_policy_project(&standing->policy, row->project) : NULL;
	const struct sl_cat_table **tables = NULL;
	struct sl_job_material m = { 0 };
	enum sl_class asks = SL_CLASS_NONE;
	uint32_t n = 0;
	enum sl_rc rc = SL_OK;

	if (p == NULL)
		return SL_OK;
	if (sl_reviews_by_class(&standing->policy)) {
		rc = sl_job_material_open(e, row->job, false, &m, err);
		if (rc == SL_OK)
			rc = sl_request_select(row, &m, err);
		if (rc == SL_OK && sl_owner_tables(standing, &m, &tables, &n, NULL) == SL_E_NOMEM)
			rc = sl_err_set(err, SL_E_NOMEM, "out of memory");
	}
	if (rc == SL_OK)
		out->approvals_needed = sl_reviews_needed(&standing->policy, p, tables, n, &asks);
	out->class_asks = (uint8_t)asks;
	free(tables);
	sl_job_material_free(&m);
	return rc;
}

static enum sl_rc tell_comments(struct sl_enclave *e, bool all_of_them, struct sl_request *out, struct sl_err *err)
{
	struct sl_store_comment *rows = NULL;
	uint32_t n = 0;
	enum sl_rc rc = sl_store_comment_list(&e->db, out->id, all_of_them, &rows, &n, err);

	if (rc == SL_OK && (out->comments = calloc((size_t)n + 1, sizeof *out->comments)) == NULL)
		rc = sl_err_set(err, SL_E_NOMEM, "out of memory");
	for (uint32_t i = 0; i < n && rc == SL_OK; i++) {
		out->comments[out->ncomments++] = (struct sl_comment){ rows[i].at, (uint32_t)rows[i].revision,
			                                               rows[i].private != 0, rows[i].person, rows[i].text };
		rows[i].person = rows[i].text = NULL;
	}
	sl_store_comment_free(rows, n);
	return rc;
}

enum sl_rc sl_request_tell(struct sl_enclave *e, const struct sl_standing *standing, const struct sl_store_request *row,
                           bool reviewer, struct sl_request *out, struct sl_err *err)
{
	const char *from[] = { row->project, row->author, row->context, row->refusal, row->title };
	char **to[] = { &out->project, &out->author, &out->context, &out->refusal, &out->title };

	memset(out, 0, sizeof *out);
	out->id = row->id;
	out->job = row->job;
	out->state = (uint8_t)row->state;
	out->created_at = row->created_at;
	out->revision = (uint32_t)row->revision;
	memcpy(out->digest, row->digest, sizeof out->digest);
	/* The number of findings says something about hidden cells: for reviewers. */
	out->nfindings = reviewer ? (uint32_t)row->nfindings : 0;
	bool left = row->state == SL_REQUEST_RELEASED || row->state == SL_REQUEST_REVOKED;
	enum sl_rc rc = left ? sl_store_release_of(&e->db, row->id, &out->release, err) : SL_OK;
	if (rc == SL_OK)
		rc = tell_needed(e, standing, row, out, err);
	if (rc == SL_OK)
		rc = sl_pack_dup("", &out->rejection, err);
	if (rc == SL_OK)
		rc = tell_reviews(e, reviewer, out, err);
	for (size_t i = 0; i < sizeof to / sizeof to[0] && rc == SL_OK; i++)
		rc = sl_pack_dup(from[i], to[i], err);
	if (rc == SL_OK)
		rc = tell_outputs(row->outputs, &out->outputs, err);
	if (rc == SL_OK)
		rc = tell_revisions(e, row, reviewer, out, err);
	if (rc == SL_OK)
		rc = tell_comments(e, reviewer, out, err);
	if (rc != SL_OK)
		sl_request_free(out);
	return rc;
}
